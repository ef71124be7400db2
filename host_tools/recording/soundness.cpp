// SPDX-License-Identifier: Apache-2.0
#include "recording/soundness.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "port/boot_facts.hpp"
#include "tinymf/experiment/validation.hpp"
#include "tinymf/observe/work_phase.hpp"

namespace tinymf::host {
namespace {

using stream::EndReason;

/// Bits of HELLO under which the arithmetic is not that of the host.
constexpr std::uint32_t wrong_float_mode = firmware::float_mode::flush_to_zero |
                                           firmware::float_mode::default_nan |
                                           firmware::float_mode::other_rounding;

std::string missing_text(const std::optional<DataChunk>& due) {
    return due ? to_text(*due) : "no more data";
}

} // namespace

void Soundness::breach(Clause clause, std::string what) {
    std::string& first = breaches_[static_cast<std::size_t>(clause)];
    if (first.empty()) {
        first = std::move(what);
    }
}

void Soundness::take_header(const stream::FrameHeader& header, const ByteRange& place) {
    if (header.schema != stream::schema_id) {
        breach(Clause::schema,
               fmt::format("byte {}: a frame of kind 0x{:02x} has schema {}, this program knows {}",
                           place.offset, header.kind, header.schema, stream::schema_id));
    }
}

void Soundness::take_wrong_content(const stream::FrameHeader& header, const ByteRange& place) {
    breach(Clause::content,
           fmt::format("byte {}: a frame of kind 0x{:02x} with content that does not belong to it",
                       place.offset, header.kind));
}

void Soundness::take_hello(const DeviceIntroduction& device) {
    if (device.protocol != stream::protocol_version || device.incompatible_features != 0) {
        breach(Clause::protocol, fmt::format("HELLO: protocol {} with features {:#x}, this program "
                                             "speaks {} without",
                                             device.protocol, device.incompatible_features,
                                             stream::protocol_version));
    }
    if ((device.float_mode & wrong_float_mode) != 0) {
        breach(Clause::float_mode,
               fmt::format("HELLO: floating-point mode {:#x} flushes subnormals, loses NaN "
                           "payloads or does not round to nearest; its bits are nobody else's",
                           device.float_mode));
    }
    const bool other =
        device_ && (device.boots != device_->boots || device.board != device_->board);
    if (configured() && other) {
        breach(Clause::introduction, "HELLO: the device was reset in the middle of the run");
    }
    device_ = device;
}

void Soundness::take_configuration(const Configuration& configuration,
                                   const experiment::ProfileInfo& profile) {
    if (configured()) {
        breach(Clause::configuration, "there is a second CONFIGURATION");
        return;
    }
    if (!device_) {
        breach(Clause::introduction,
               "CONFIGURATION: the device had not introduced itself before the run");
    }
    configuration_ = configuration;
    profile_ = profile;
    due_.emplace(profile, configuration.parameters, 0U);
    check_counted_tick();
}

/// Not told by devices before this was.
void Soundness::check_counted_tick() {
    const TickPeriod& tick = configuration_.tick;
    if (!tick.counted) {
        return;
    }
    const auto [counts, rate] = *tick.counted;
    if (tick.asked_us == 0) {
        if (counts != 0 || rate != 0) {
            breach(Clause::tick, fmt::format("CONFIGURATION tells {} counts of {} a second of a "
                                             "run without a tick",
                                             counts, rate));
        }
        return;
    }
    const std::uint32_t introduced = device_ ? device_->counter_rate : 0;
    const std::uint64_t nearest = nearest_counts(tick.asked_us, introduced);
    if (rate != introduced) {
        breach(Clause::tick, fmt::format("CONFIGURATION tells of a clock of {} counts a second, "
                                         "HELLO of {}",
                                         rate, introduced));
    } else if (counts != nearest) {
        breach(Clause::tick, fmt::format("CONFIGURATION tells a tick of {} counts, the nearest to "
                                         "{} us are {}",
                                         counts, tick.asked_us, nearest));
    }
}

void Soundness::take_restored(const stream::DigestFrame& mark) {
    speak_of(mark.step, "RESTORED");
    if (mark.step > due_->last_step()) {
        breach(Clause::order, fmt::format("RESTORED at step {}, the last step is {}", mark.step,
                                          due_->last_step()));
        return;
    }
    if (latest_data_step_) {
        breach(Clause::order, fmt::format("RESTORED at step {} behind data of the run", mark.step));
    }
    begin_ = mark.step;
    due_.emplace(profile_, configuration_.parameters, begin_);
}

void Soundness::take_data(const DataChunk& chunk) {
    speak_of(chunk.step, "data");
    latest_data_step_ = chunk.step;
    const auto due = due_->present();
    if (fault_ || due != chunk) {
        breach(Clause::order, fmt::format("{} where {} was due", to_text(chunk),
                                          fault_ ? "END" : missing_text(due)));
        return;
    }
    due_->pass();
}

void Soundness::take_gap(const stream::GapFrame& gap) {
    if (configuration_.delivery == stream::Delivery::lossless) {
        breach(Clause::gap, fmt::format("GAP of {} frames at step {} in a lossless run",
                                        gap.dropped_frames, gap.first_step));
    }
    speak_of(gap.first_step, "GAP");
    const auto due = due_->present();
    if (gap.dropped_frames == 0 || fault_ || !due || due->step != gap.first_step) {
        breach(Clause::gap,
               fmt::format("GAP of {} frames from step {} where {} was due", gap.dropped_frames,
                           gap.first_step, fault_ ? "END" : missing_text(due)));
    }
    dropped_ += gap.dropped_frames;
    std::uint32_t passed = 0;
    while (passed < gap.dropped_frames && due_->present()) {
        latest_data_step_ = due_->present()->step;
        speak_of(*latest_data_step_, "GAP");
        due_->pass();
        ++passed;
    }
    if (passed < gap.dropped_frames) {
        breach(Clause::gap, fmt::format("GAP of {} frames from step {}, only {} were due to the "
                                        "end of the run",
                                        gap.dropped_frames, gap.first_step, passed));
    }
}

void Soundness::take_input(const LiveInput& input) {
    speak_of(input.step, "INPUT_TAKEN");
    if (configuration_.parameters.stimulus != model::StimulusKind::live ||
        !experiment::in_range(experiment::Field::input, input.value)) {
        breach(Clause::content,
               fmt::format("INPUT_TAKEN of {} at step {}: the run takes no such input", input.value,
                           input.step));
    }
}

void Soundness::take_checkpoint(std::uint32_t first, std::uint32_t total, std::size_t size,
                                const std::optional<CheckpointMark>& whole) {
    const bool begins = checkpoint_next_ == 0;
    if (first != checkpoint_next_ || (!begins && total != checkpoint_total_)) {
        breach(Clause::checkpoint,
               fmt::format("CHECKPOINT from byte {} of {} where byte {} was due", first, total,
                           checkpoint_next_));
    }
    checkpoint_total_ = total;
    checkpoint_next_ = first + static_cast<std::uint32_t>(size);
    if (checkpoint_next_ < total) {
        return;
    }
    checkpoint_next_ = 0;
    if (!whole) {
        breach(Clause::checkpoint, "CHECKPOINT: its closing digest is wrong");
        return;
    }
    speak_of(whole->step(), "CHECKPOINT");
}

void Soundness::take_status(std::uint32_t step) {
    speak_of(step, "STATUS");
}

void Soundness::take_timing(const PhaseTimes& times) {
    const auto phase = static_cast<std::uint32_t>(times.phase);
    if (phase != static_cast<std::uint32_t>(observe::first_step_phase) + phases_) {
        breach(Clause::timing,
               fmt::format("TIMING of {} where another phase was due", name_of(times)));
    }
    ++phases_;
}

void Soundness::take_ticks(const stream::TicksFrame& ticks) {
    const TickPeriod& tick = configuration_.tick;
    if (ticks_ || tick.asked_us == 0) {
        breach(Clause::ticks, ticks_ ? "TICKS came twice" : "TICKS of a run without a tick");
    } else if (tick.counted && tick.counted->counts != ticks.period) {
        breach(Clause::ticks, fmt::format("TICKS of {} counts, CONFIGURATION told {}", ticks.period,
                                          tick.counted->counts));
    }
    ticks_ = ticks;
}

void Soundness::take_saturation(const stream::SaturationFrame& saturation) {
    speak_of(saturation.first_step, "SATURATION");
    if (saturation_ || saturation.count == 0 || profile_.path_bits != 16) {
        breach(Clause::saturation,
               fmt::format("SATURATION of {} numbers where there can be none", saturation.count));
    }
    saturation_ = saturation;
}

void Soundness::take_fault(const RecordedFault& fault) {
    speak_of(fault.step, "FAULT");
    const auto due = due_->present();
    const bool data_of_step = latest_data_step_ && *latest_data_step_ >= fault.step;
    if (fault_ || data_of_step || (due && due->step < fault.step)) {
        breach(Clause::order, fmt::format("FAULT at step {} where {} was due", fault.step,
                                          fault_ ? "END" : missing_text(due)));
    }
    fault_ = fault;
}

void Soundness::take_end(const RunEnd& end) {
    end_ = end;
    if (latest_step_ > end.step) {
        breach(Clause::beyond_end, fmt::format("{} of step {} in a run that ended at step {}",
                                               latest_kind_, latest_step_, end.step));
    }
    if (end.dropped_frames != dropped_) {
        breach(Clause::drops, fmt::format("END counts {} dropped frames, GAPs announced {}",
                                          end.dropped_frames, dropped_));
    }
    if (checkpoint_next_ != 0) {
        breach(Clause::checkpoint,
               fmt::format("CHECKPOINT: {} of {} bytes came", checkpoint_next_, checkpoint_total_));
    }
    if (phases_ != 0 && phases_ != observe::step_phases) {
        breach(Clause::timing,
               fmt::format("TIMING of {} of {} phases", phases_, observe::step_phases));
    }
    if (configuration_.tick.asked_us != 0 && !ticks_) {
        breach(Clause::ticks, "TICKS of a run with a tick are missing");
    }
    check_nothing_owed(end);
    check_reason(end);
}

/// A run that was stopped before START has said nothing of its first step.
void Soundness::check_nothing_owed(const RunEnd& end) {
    const auto due = due_->present();
    const bool never_started =
        end.reason == EndReason::stopped && end.step == begin_ && !latest_data_step_;
    const std::uint64_t owed_below = fault_ ? end.step : std::uint64_t{end.step} + 1;
    if (due && due->step < owed_below && !never_started) {
        breach(Clause::order,
               fmt::format("END at step {}, but {} is missing", end.step, to_text(*due)));
    }
}

void Soundness::check_reason(const RunEnd& end) {
    const auto contradicts = [this, &end](std::string_view what) {
        breach(Clause::reason,
               fmt::format("END says {} at step {}, but {}",
                           stream::end_reason_names[static_cast<std::size_t>(end.reason)], end.step,
                           what));
    };
    if (end.step < begin_ || end.step > due_->last_step()) {
        contradicts(fmt::format("the run goes from step {} to {}", begin_, due_->last_step()));
    }
    if (fault_ && (end.reason != EndReason::non_finite || fault_->step != end.step)) {
        contradicts(fmt::format("there is a FAULT at step {}", fault_->step));
    }
    const bool deadline_stops = configuration_.deadline == stream::DeadlinePolicy::stop;
    const bool missed = ticks_ && ticks_->missed != 0;
    if (deadline_stops && missed && end.reason != EndReason::missed_deadline) {
        contradicts("a missed tick was to stop it");
    }
    switch (end.reason) {
    case EndReason::completed:
        if (end.step != due_->last_step()) {
            contradicts(fmt::format("the last step is {}", due_->last_step()));
        }
        break;
    case EndReason::stopped:
        break;
    case EndReason::non_finite:
        if (!fault_) {
            contradicts("there is no FAULT");
        }
        break;
    case EndReason::missed_deadline:
        if (!deadline_stops || !missed) {
            contradicts("no missed tick was to stop it");
        }
        break;
    case EndReason::fault:
        contradicts("no device ends a run so");
        break;
    }
}

void Soundness::speak_of(std::uint32_t step, std::string_view kind) {
    if (step >= latest_step_) {
        latest_step_ = step;
        latest_kind_ = kind;
    }
    if (end_ && step > end_->step) {
        breach(Clause::beyond_end,
               fmt::format("{} of step {} in a run that ended at step {}", kind, step, end_->step));
    }
}

std::vector<std::string> Soundness::failures() const {
    std::vector<std::string> found;
    if (fault_) {
        found.push_back(to_text(*fault_));
    }
    if (saturation_) {
        found.push_back(to_text(*saturation_) + "; lower the gain or the noise, or store scalars");
    }
    if (end_ && end_->reason == EndReason::missed_deadline && ticks_) {
        found.push_back(fmt::format("tick {} passed without a step, which stopped the run after "
                                    "step {}",
                                    ticks_->first_missed, end_->step));
    }
    return found;
}

Judgement Soundness::judge(const CaptureSurvey& survey,
                           const std::optional<std::string>& other_experiment) const {
    Judgement judgement{.unsound = {}, .failures = failures()};
    if (!configured()) {
        judgement.unsound.emplace_back("no run in this capture: it holds no CONFIGURATION frame");
    }
    std::ranges::move(survey.findings(), std::back_inserter(judgement.unsound));
    std::ranges::copy_if(breaches_, std::back_inserter(judgement.unsound),
                         [](const std::string& what) { return !what.empty(); });
    if (other_experiment) {
        judgement.unsound.push_back(*other_experiment);
    }
    return judgement;
}

} // namespace tinymf::host
