// SPDX-License-Identifier: Apache-2.0
#include "device/session.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/host_error.hpp"
#include "base/problem_list.hpp"
#include "capture/profile_choice.hpp"
#include "capture/run_end.hpp"
#include "experiment/ranges.hpp"
#include "port/boot_facts.hpp"
#include "port/fault_record.hpp"
#include "tinymf/experiment/wire.hpp"
#include "tinymf/stream/byte_writer.hpp"
#include "tinymf/stream/frame.hpp"

namespace tinymf::host {
namespace {

using namespace std::chrono_literals;
using stream::Kind;

constexpr std::chrono::milliseconds quiet = 100ms;

} // namespace

Session::Session(const Experiment& experiment, ByteLink& link, const SessionOptions& options,
                 RecordBytes record)
    : experiment_{experiment}, link_{link}, options_{options},
      receiver_{link, options.now, std::move(record)}, last_news_{options_.now()} {}

RunEnd Session::run() {
    if (link_.takes_commands()) {
        identify();
        configure();
        send_credit();
        if (!options_.checkpoint.empty()) {
            restore();
        }
        if (make_stops()) {
            start();
        }
    }
    receive_until_end();
    if (end_->reason == stream::EndReason::fault) {
        throw_link_failure("the board stopped the run with a fault");
    }
    return *end_;
}

std::optional<std::string> Session::failure() const {
    if (!end_) {
        return {};
    }
    switch (end_->reason) {
    case stream::EndReason::non_finite:
        return non_finite_text();
    case stream::EndReason::missed_deadline:
        return missed_deadline_text();
    default:
        return {};
    }
}

void Session::identify() {
    for (int attempt = 0; attempt < most_attempts && !is_complete(device_); ++attempt) {
        device_ = {};
        accept_or_throw(command(Kind::identify));
    }
    if (!is_complete(device_)) {
        throw_link_failure("the device answers, but its introduction does not arrive whole");
    }
    refuse_other_arithmetic();
}

/// Another library of this process may have changed the mode that the emulated board computes in; a
/// board keeps the mode that its start-up set.
void Session::refuse_other_arithmetic() const {
    using namespace firmware::float_mode;
    std::string modes;
    const auto name = [&](std::uint32_t bit, std::string_view mode) {
        if ((device_.float_mode & bit) != 0) {
            modes += (modes.empty() ? "" : ", ") + std::string(mode);
        }
    };
    name(flush_to_zero, "subnormal numbers become zero");
    name(default_nan, "NaNs lose their payload");
    name(other_rounding, "rounding is not to nearest");
    if (!modes.empty()) {
        throw HostError(exit_unsound_stream,
                        fmt::format("{}: the floating-point mode of {} would change results: {}",
                                    experiment_.source, device_.board, modes));
    }
}

void Session::configure() {
    profile_ = choose_profile(experiment_, device_);
    const auto arguments = configuration_bytes();
    Answer answer = command(Kind::configure, arguments);
    if (answer.refusal.code == experiment::RefusalCode::wrong_state) {
        stop_earlier_session();
        answer = command(Kind::configure, arguments);
    }
    accept_or_throw(answer);
    // A refused experiment leaves no record.
    receiver_.begin_record();
    configured_ = true;
    data_frames_ = 0;
}

/// A host that went away in the middle of a run left the device waiting.
void Session::stop_earlier_session() {
    CommandHeader name = ask_status().last_command;
    ++name.number;
    accept_or_throw(command(Kind::stop, name, {}));
}

Session::Status Session::ask_status() {
    status_.reset();
    for (int attempt = 0; !status_ && attempt < most_attempts; ++attempt) {
        accept_or_throw(command(Kind::query_status));
        // The status follows its answer at once.
        receive_until([this] { return status_.has_value(); });
    }
    if (!status_) {
        throw_link_failure("the device does not tell its status");
    }
    return *status_;
}

void Session::start() {
    accept_or_throw(command(Kind::start));
}

void Session::receive_until_end() {
    tell_progress();
    while (!end_) {
        const bool heard = receive(quiet);
        if (!heard && notice_silence_) {
            notice_silence_();
        }
        if (!link_.takes_commands() || hears_news()) {
            continue;
        }
        // Silence, or talk that says nothing: a lost credit, a long pause, or a dead line.
        send_credit();
        accept_or_throw(command(Kind::query_status));
        require_progress();
    }
}

bool Session::hears_news() const {
    return options_.now() - last_news_ < options_.answer_limit;
}

void Session::require_progress() const {
    const auto limit = most_attempts * std::max(options_.answer_limit, quiet) +
                       std::chrono::microseconds(options_.tick_period_us);
    if (!end_ && options_.now() - last_progress_ > limit) {
        throw_link_failure("the device answers, but its run does not go on");
    }
}

std::vector<std::uint8_t> Session::configuration_bytes() const {
    const stream::ConfigureArguments setup{.profile = profile_,
                                           .delivery = static_cast<std::uint8_t>(options_.delivery),
                                           .deadline = static_cast<std::uint8_t>(options_.deadline),
                                           .tick_period = options_.tick_period_us};
    return argument_bytes(setup, [this](stream::ByteWriter& parameters) {
        if (experiment_.scalar() == experiment::ScalarKind::float32) {
            experiment::write(parameters, rounded_to_float(experiment_));
        } else {
            experiment::write(parameters, experiment_.parameters);
        }
    });
}

void Session::send(Kind kind, const CommandHeader& name, std::span<const std::uint8_t> arguments) {
    std::array<std::uint8_t, stream::largest_payload> payload{};
    stream::ByteWriter writer(payload);
    stream::put_fields(writer, name);
    writer.put(arguments);
    TINYMF_ASSERT(writer.ok());
    std::array<std::uint8_t, stream::largest_wire_frame> wire{};
    const stream::FrameHeader header{static_cast<std::uint8_t>(kind), stream::schema_id,
                                     name.number};
    const std::size_t size = stream::encode_frame(wire, header, writer.written());
    TINYMF_ASSERT(size != 0);
    link_.write(std::span<const std::uint8_t>(wire).first(size));
}

void Session::send_credit() {
    if (options_.delivery == stream::Delivery::realtime || !link_.takes_commands()) {
        return;
    }
    credit_ = data_frames_ + credit_window();
    send(Kind::credit, {options_.id, 0}, argument_bytes(stream::CreditArguments{credit_}));
}

/// With a controller every frame is waited for, so that no step overtakes its input.
std::uint32_t Session::credit_window() const {
    constexpr std::uint32_t frames_on_the_way = 64;
    return options_.controller ? 1 : frames_on_the_way;
}

Session::Answer Session::command(Kind kind, std::span<const std::uint8_t> arguments) {
    return command(kind, next_command(), arguments);
}

Session::Answer Session::command(Kind kind, const CommandHeader& name,
                                 std::span<const std::uint8_t> arguments) {
    TINYMF_ASSERT(link_.takes_commands());
    awaited_ = name;
    awaited_came_ = false;
    const auto answered = [this, &name] { return answer_ && answer_->to == name; };
    for (int attempt = 0; attempt < most_attempts && !answered(); ++attempt) {
        send(kind, name, arguments);
        const auto deadline = options_.now() + options_.answer_limit;
        while (!answered() && options_.now() < deadline) {
            static_cast<void>(receive(options_.answer_limit));
        }
    }
    if (!answered()) {
        throw_link_failure(device_.board.empty() ? "no answer: is the firmware running?"
                                                 : "the device has fallen silent");
    }
    return *answer_;
}

void Session::accept_or_throw(const Answer& answer) const {
    using experiment::RefusalCode;
    const experiment::Refusal& refusal = answer.refusal;
    if (!refusal) {
        return;
    }
    const auto code = static_cast<std::size_t>(refusal.code);
    const auto field = static_cast<std::size_t>(refusal.field);
    const std::string_view reason = code < experiment::refusal_names.size()
                                        ? experiment::refusal_names[code]
                                        : "unknown reason";
    if (field == 0 || field >= experiment::fields.size()) {
        throw HostError(exit_link_failed, fmt::format("{}: command refused by {}: {}",
                                                      experiment_.source, device_.board, reason));
    }
    const std::string range =
        refusal.code == RefusalCode::out_of_range
            ? fmt::format("; {}", range_text(static_cast<double>(answer.lowest),
                                             static_cast<double>(answer.highest)))
            : std::string();
    throw HostError(exit_bad_input,
                    fmt::format("{}: {}: refused by {}: {}{}", experiment_.source,
                                experiment::fields[field].key, device_.board, reason, range));
}

void Session::throw_link_failure(std::string_view what) const {
    const std::string where = configured_ ? fmt::format(" (last step seen: {})", step_) : "";
    throw HostError(exit_link_failed, fmt::format("{}: {}{}", experiment_.source, what, where));
}

std::string Session::missed_deadline_text() const {
    // The frame that names it may have been lost.
    const std::string tick = ticks_ ? fmt::format("tick {}", ticks_->first_missed) : "a tick";
    return fmt::format("{}: {} passed without a step, which ended the run after step {}; a longer "
                       "--tick-ms fits, --deadline late goes on",
                       experiment_.source, tick, end_->step);
}

std::string Session::non_finite_text() const {
    using firmware::FaultCause;
    const RecordedFault fault{
        .cause = static_cast<FaultCause>(fault_cause_), .step = end_->step, .index = fault_index_};
    const bool stationary = experiment_.mean_field.method == mean_field::Method::stationary;
    if (fault.cause == FaultCause::row_not_finite && stationary && end_->step == 0) {
        return experiment_.source +
               (experiment_.parameters.activation == model::ActivationKind::pade
                    ? ": there is no stationary state, or its variance is too large for the series "
                      "that stands for this Pade activation; lower model.gain or model.noise"
                    : ": there is no stationary state, the variance grows without bound; lower "
                      "model.gain");
    }
    const std::string_view advice = fault.cause == FaultCause::row_not_finite
                                        ? "model.dt, model.gain or model.steps"
                                    : fault.cause == FaultCause::estimate_not_finite
                                        ? "model.gain, model.dt or stream.observe_block"
                                        : "model.dt or model.gain";
    return fmt::format("{}: {}; lower {}", experiment_.source, to_text(fault), advice);
}

} // namespace tinymf::host
