// SPDX-License-Identifier: Apache-2.0
#include "recording/run_decoder.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "base/host_error.hpp"

namespace tinymf::host {
namespace {

using stream::Kind;

/// The double nearest to the shortest decimal that names this float, such as 0.05.
double as_written(float value) {
    const std::string decimal = fmt::format("{}", value);
    double written = 0.0;
    std::from_chars(decimal.data(), decimal.data() + decimal.size(), written);
    return written;
}

template <class T>
bool keep(std::vector<T>& list, const std::optional<T>& item) {
    if (item) {
        list.push_back(*item);
    }
    return item.has_value();
}

/// What speaks against the text of the experiment, or nothing.
std::optional<std::string> other_experiment(const Recording& recording) {
    try {
        static_cast<void>(recorded_experiment(recording));
        return std::nullopt;
    } catch (const HostError& error) {
        return error.what();
    }
}

} // namespace

void RunDecoder::take(const CapturedFrame& captured) {
    const auto& [frame, place] = captured;
    soundness_.take_header(frame.header, place);
    const auto kind = static_cast<Kind>(frame.header.kind);
    if (!take_content(kind, frame.payload)) {
        soundness_.take_wrong_content(frame.header, place);
    }
    after_hello_ = kind == Kind::hello;
}

bool RunDecoder::take_content(Kind kind, std::span<const std::uint8_t> payload) {
    switch (kind) {
    case Kind::hello:
        return take_hello(payload);
    case Kind::profile:
        return add_profiles(recording_.device, payload);
    case Kind::configuration:
        return take_configuration(payload);
    default:
        // What an earlier session left on the line is nobody's run.
        return !soundness_.configured() || take_run_frame(kind, payload);
    }
}

bool RunDecoder::take_hello(std::span<const std::uint8_t> payload) {
    const auto device = read_hello(payload);
    if (device) {
        recording_.device = *device;
        soundness_.take_hello(*device);
    }
    return device.has_value();
}

bool RunDecoder::take_configuration(std::span<const std::uint8_t> payload) {
    const auto configuration = read_configuration(payload, recording_.device.profiles);
    if (!configuration) {
        return false;
    }
    const bool first = !soundness_.configured();
    const experiment::ProfileInfo profile = recording_.device.profiles[configuration->profile];
    soundness_.take_configuration(*configuration, profile);
    if (!first) {
        return true;
    }
    recording_.profile = profile;
    recording_.delivery = configuration->delivery;
    recording_.deadline = configuration->deadline;
    recording_.tick = configuration->tick;
    recording_.parameters = configuration->parameters;
    recording_.parameter_bytes = configuration->parameter_bytes;
    recording_.written_dt = profile.scalar == experiment::ScalarKind::float32
                                ? as_written(static_cast<float>(configuration->parameters.dt))
                                : configuration->parameters.dt;
    assemblers_.resize(recording_.of_network() ? recording_.parameters.replicas
                                               : recording_.arrays.size());
    if (recording_.of_network()) {
        hand_out_states();
    }
    return true;
}

void RunDecoder::hand_out_states() {
    recording_.replicas.assign(assemblers_.size(), {{}, RecordedStates(recording_.profile.scalar)});
    for (std::uint8_t replica = 0; replica < assemblers_.size(); ++replica) {
        assemblers_[replica].hand_out_to(
            [this, replica](std::uint32_t step, std::span<const double> state) {
                if (states_) {
                    states_(replica, step, state);
                } else {
                    recording_.replicas[replica].x.add(state);
                }
            });
    }
}

bool RunDecoder::take_run_frame(Kind kind, std::span<const std::uint8_t> payload) {
    const auto scalar = recording_.profile.scalar;
    switch (kind) {
    case Kind::state:
        return take_state(read_state_chunk(payload, scalar));
    case Kind::observe:
        return take_observation(read_observation_chunk(payload, scalar));
    case Kind::row:
        return take_row(read_row_chunk(payload, scalar));
    case Kind::digest:
        return take_digest(read_frame<stream::DigestFrame>(payload));
    case Kind::checkpoint:
        return take_checkpoint(payload);
    case Kind::restored:
        return take_restored(read_frame<stream::RestoredFrame>(payload));
    case Kind::fault:
        return take_fault(read_fault(payload));
    case Kind::end:
        return take_end(read_end(payload));
    case Kind::input_taken: {
        const auto input = read_input(payload, scalar);
        if (input) {
            soundness_.take_input(*input);
        }
        return keep(recording_.live_inputs, input);
    }
    case Kind::gap: {
        const auto gap = read_frame<stream::GapFrame>(payload);
        if (gap) {
            soundness_.take_gap(*gap);
        }
        return keep(recording_.gaps, gap);
    }
    case Kind::timing: {
        const auto times = read_timing(payload);
        if (times) {
            soundness_.take_timing(*times);
        }
        return keep(recording_.times, times);
    }
    case Kind::ticks:
        recording_.ticks = read_frame<stream::TicksFrame>(payload);
        if (recording_.ticks) {
            soundness_.take_ticks(*recording_.ticks);
        }
        return recording_.ticks.has_value();
    case Kind::saturation:
        recording_.saturation = read_saturation(payload);
        if (recording_.saturation) {
            soundness_.take_saturation(*recording_.saturation);
        }
        return recording_.saturation.has_value();
    case Kind::status: {
        const auto status = read_frame<stream::StatusFrame>(payload);
        if (status) {
            soundness_.take_status(status->step);
        }
        return status.has_value();
    }
    default:
        return true;
    }
}

bool RunDecoder::take_state(const std::optional<StateChunk>& chunk) {
    if (!chunk || !recording_.of_network() || chunk->replica >= assemblers_.size()) {
        return false;
    }
    take_data(assemblers_[chunk->replica],
              {.kind = Kind::state,
               .step = chunk->step,
               .channel = chunk->replica,
               .first = chunk->first_neuron},
              recording_.profile.neurons, chunk->values);
    return true;
}

bool RunDecoder::take_observation(const std::optional<ObservationChunk>& chunk) {
    if (!chunk || !recording_.of_network()) {
        return false;
    }
    take_data(observations_[chunk->array],
              {.kind = Kind::observe,
               .step = chunk->step,
               .channel = chunk->array,
               .first = chunk->first_element},
              observe::size_of(static_cast<observe::ObservedArray>(chunk->array),
                               recording_.profile.neurons, recording_.parameters.observation.lags),
              chunk->values);
    return true;
}

bool RunDecoder::take_row(const std::optional<RowChunk>& chunk) {
    const std::uint32_t points = recording_.parameters.steps + 1U;
    if (!chunk || recording_.of_network() || chunk->row >= points ||
        chunk->population >= recording_.parameters.replicas) {
        return false;
    }
    const auto array = static_cast<mean_field::TwoTimeArray>(chunk->array);
    take_data(assemblers_[chunk->array],
              {.kind = Kind::row,
               .step = chunk->population * points + chunk->row,
               .channel = chunk->array,
               .first = chunk->first_column},
              size_of_row(array, chunk->row), chunk->values);
    return true;
}

/// See TwoTimeArray: a triangle's row by row, and single numbers.
std::size_t RunDecoder::size_of_row(mean_field::TwoTimeArray array, std::uint32_t row) const {
    using enum mean_field::TwoTimeArray;
    if (recording_.profile.method == mean_field::Method::stationary || array == mean ||
        array == lyapunov) {
        return 1;
    }
    return array == state_response || array == output_response ? row : row + 1U;
}

void RunDecoder::take_data(VectorAssembler& assembler, const DataChunk& chunk, std::size_t size,
                           std::span<const double> values) {
    DataChunk whole = chunk;
    whole.count = static_cast<std::uint32_t>(values.size());
    soundness_.take_data(whole);
    if (contents_ == Contents::kept) {
        // One out of place is a breach of order, already noted, and finds no vector here.
        static_cast<void>(assembler.take(
            {.step = chunk.step, .size = size, .first = chunk.first, .values = values}));
    }
}

bool RunDecoder::take_digest(const std::optional<stream::DigestFrame>& mark) {
    if (!mark) {
        return false;
    }
    soundness_.take_data({.kind = Kind::digest, .step = mark->step});
    if (contents_ == Contents::kept) {
        recording_.digests.push_back(*mark);
    }
    return true;
}

bool RunDecoder::take_checkpoint(std::span<const std::uint8_t> payload) {
    stream::ByteReader reader(payload);
    const auto [first, total] = stream::get_fields<stream::CheckpointFrame>(reader);
    const std::size_t size = reader.remaining();
    if (!checkpoint_.take(payload)) {
        return false;
    }
    std::optional<CheckpointMark> mark;
    if (checkpoint_.whole()) {
        mark = CheckpointMark{.header = *checkpoint::read_header(checkpoint_.bytes()),
                              .fields_digest = digest_of_fields(checkpoint_.bytes())};
        recording_.last_checkpoint = checkpoint_.bytes();
        recording_.checkpoints.push_back(*mark);
    }
    soundness_.take_checkpoint(first, total, size, mark);
    return true;
}

/// The digests there, too, must be those of the run.
bool RunDecoder::take_restored(const std::optional<stream::DigestFrame>& mark) {
    if (mark) {
        soundness_.take_restored(*mark);
        recording_.resumed_at = mark->step;
        recording_.digests.push_back(*mark);
    }
    return mark.has_value();
}

/// A device that is asked to introduce itself again tells of the last boot's fault again.
bool RunDecoder::take_fault(const std::optional<RecordedFault>& fault) {
    if (!fault) {
        return false;
    }
    if (fault->of_last_boot) {
        return after_hello_;
    }
    if (!belongs_to(*fault, recording_.profile, recording_.parameters)) {
        return false;
    }
    soundness_.take_fault(*fault);
    recording_.fault = fault;
    return true;
}

bool RunDecoder::take_end(const std::optional<RunEnd>& end) {
    if (end) {
        soundness_.take_end(*end);
        recording_.end = end;
        recording_.digests.push_back({end->step, end->digest, end->couplings_digest});
    }
    return end.has_value();
}

Recording RunDecoder::finish(const CaptureMetadata& metadata, const CaptureSurvey& survey) && {
    assemble_vectors();
    recording_.metadata = metadata;
    recording_.survey = survey;
    recording_.configured = soundness_.configured();
    prepend_earlier_inputs();
    // A device may be restored twice, and a checkpoint told again later.
    std::ranges::stable_sort(recording_.digests, {}, &stream::DigestFrame::step);
    std::ranges::stable_sort(recording_.checkpoints, {}, &CheckpointMark::step);
    recording_.judgement = soundness_.judge(
        survey, recording_.configured ? other_experiment(recording_) : std::nullopt);
    return std::move(recording_);
}

void RunDecoder::assemble_vectors() {
    const auto finish = [this](VectorAssembler& assembler) {
        assembler.finish();
        recording_.partial_states += assembler.partial_vectors();
        recording_.fragments.push_back(assembler.fragments());
        return std::move(assembler).trace();
    };
    for (std::size_t channel = 0; channel < assemblers_.size(); ++channel) {
        VectorTrace trace = finish(assemblers_[channel]);
        if (recording_.of_network()) {
            recording_.replicas[channel].steps = std::move(trace).steps();
        } else {
            recording_.arrays.at(channel) = std::move(trace);
        }
    }
    for (std::size_t array = 0; recording_.of_network() && array < observations_.size(); ++array) {
        recording_.observed[array] = finish(observations_[array]);
    }
}

/// Inputs that a resumed run took over, before its own; at its first step its own count.
void RunDecoder::prepend_earlier_inputs() {
    if (!recording_.metadata.resumed) {
        return;
    }
    std::vector<LiveInput> all = recording_.metadata.resumed->inputs;
    auto& own = recording_.live_inputs;
    if (!own.empty()) {
        std::erase_if(all, [&own](const auto& input) { return input.step >= own.front().step; });
    }
    all.insert(all.end(), own.begin(), own.end());
    own = std::move(all);
}

} // namespace tinymf::host
