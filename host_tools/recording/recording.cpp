// SPDX-License-Identifier: Apache-2.0
#include "recording/recording.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "checkpoint/checkpoint_assembler.hpp"
#include "diagnostics/host_error.hpp"
#include "experiment_file/parameter_bytes.hpp"
#include "recording/frame_contents.hpp"
#include "recording/vector_assembler.hpp"
#include "session/profile_choice.hpp"

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

/// Turns frames into a Recording, one by one.
class Decoder {
public:
    explicit Decoder(std::string file) { recording_.file = std::move(file); }

    /// False when the content does not fit the kind.
    [[nodiscard]] bool take(const stream::FrameView& frame) {
        const auto kind = static_cast<Kind>(frame.header.kind);
        switch (kind) {
        case Kind::hello:
            return take_hello(frame.payload);
        case Kind::profile:
            return add_profiles(recording_.device, frame.payload);
        case Kind::configuration:
            return take_configuration(frame.payload);
        case Kind::state:
        case Kind::observe:
        case Kind::row:
        case Kind::digest:
        case Kind::checkpoint:
        case Kind::restored:
        case Kind::input_taken:
        case Kind::gap:
        case Kind::timing:
        case Kind::ticks:
        case Kind::fault:
        case Kind::end:
            return configured_ && take_run_frame(kind, frame.payload);
        default:
            return true;
        }
    }

    [[nodiscard]] bool configured() const { return configured_; }

    [[nodiscard]] Recording finish() && {
        for (std::size_t channel = 0; channel < assemblers_.size(); ++channel) {
            recording_.partial_states += assemblers_[channel].partial_vectors();
            VectorTrace trace = std::move(assemblers_[channel]).trace();
            if (recording_.of_network()) {
                recording_.replicas.push_back(state_trace(trace));
            } else {
                recording_.arrays.at(channel) = std::move(trace);
            }
        }
        for (std::size_t array = 0; array < observations_.size(); ++array) {
            recording_.partial_states += observations_[array].partial_vectors();
            recording_.observed[array] = std::move(observations_[array]).trace();
        }
        return std::move(recording_);
    }

private:
    [[nodiscard]] bool take_hello(std::span<const std::uint8_t> payload) {
        const auto device = read_hello(payload);
        if (!device) {
            return false;
        }
        // A board asked to identify itself again says the same once more.
        recording_.device = *device;
        return true;
    }

    [[nodiscard]] bool take_configuration(std::span<const std::uint8_t> payload) {
        const auto configuration = read_configuration(payload, recording_.device.profiles);
        if (!configuration || configured_) {
            return false;
        }
        configured_ = true;
        recording_.profile = recording_.device.profiles[configuration->profile];
        recording_.delivery = configuration->delivery;
        recording_.deadline = configuration->deadline;
        recording_.tick_period_us = configuration->tick_period_us;
        recording_.parameters = configuration->parameters;
        recording_.parameter_bytes = configuration->parameter_bytes;
        recording_.written_dt = recording_.profile.scalar == experiment::ScalarKind::float32
                                    ? as_written(static_cast<float>(configuration->parameters.dt))
                                    : configuration->parameters.dt;
        assemblers_.resize(recording_.of_network() ? recording_.parameters.replicas
                                                   : recording_.arrays.size());
        return true;
    }

    [[nodiscard]] bool take_run_frame(Kind kind, std::span<const std::uint8_t> payload) {
        const auto scalar = recording_.profile.scalar;
        switch (kind) {
        case Kind::state:
            return take_state(read_state_chunk(payload, scalar));
        case Kind::observe:
            return take_observation(read_observation_chunk(payload, scalar));
        case Kind::row:
            return take_row(read_row_chunk(payload, scalar));
        case Kind::digest:
            return keep(recording_.digests, read_digest(payload));
        case Kind::input_taken:
            return keep(recording_.live_inputs, read_input(payload, scalar));
        case Kind::checkpoint:
            return take_checkpoint(payload);
        case Kind::restored:
            return take_restored(read_restored(payload));
        case Kind::gap:
            return keep(recording_.gaps, read_gap(payload));
        case Kind::timing:
            return keep(recording_.times, read_timing(payload));
        case Kind::ticks:
            recording_.ticks = read_ticks(payload);
            return recording_.ticks.has_value();
        case Kind::fault:
            recording_.fault = read_fault(payload);
            return recording_.fault.has_value();
        default:
            return take_end(payload);
        }
    }

    [[nodiscard]] bool take_state(const std::optional<StateChunk>& chunk) {
        return chunk && recording_.of_network() && chunk->replica < assemblers_.size() &&
               chunk->step <= recording_.parameters.steps &&
               assemblers_[chunk->replica].take({.step = chunk->step,
                                                 .size = recording_.profile.neurons,
                                                 .first = chunk->first_neuron,
                                                 .values = chunk->values});
    }

    [[nodiscard]] bool take_observation(const std::optional<ObservationChunk>& chunk) {
        return chunk && recording_.of_network() &&
               recording_.parameters.observation.ends_block(chunk->step) &&
               chunk->step <= recording_.parameters.steps &&
               observations_[static_cast<std::size_t>(chunk->array)].take(
                   {.step = chunk->step,
                    .size = observe::size_of(chunk->array, recording_.profile.neurons,
                                             recording_.parameters.observation.lags),
                    .first = chunk->first_element,
                    .values = chunk->values});
    }

    [[nodiscard]] bool take_row(const std::optional<RowChunk>& chunk) {
        const std::uint32_t points = recording_.parameters.steps + 1U;
        return chunk && !recording_.of_network() && chunk->row < points &&
               chunk->population < recording_.parameters.replicas &&
               assemblers_[static_cast<std::size_t>(chunk->array)].take(
                   {.step = chunk->population * points + chunk->row,
                    .size = size_of_row(chunk->array, chunk->row),
                    .first = chunk->first_column,
                    .values = chunk->values});
    }

    /// See TwoTimeArray: a triangle's row by row, and single numbers.
    [[nodiscard]] std::size_t size_of_row(mean_field::TwoTimeArray array, std::uint32_t row) const {
        using enum mean_field::TwoTimeArray;
        if (recording_.profile.method == mean_field::Method::stationary || array == mean ||
            array == lyapunov) {
            return 1;
        }
        return array == state_response || array == output_response ? row : row + 1U;
    }

    [[nodiscard]] static StateTrace state_trace(const VectorTrace& trace) {
        using Table = decltype(StateTrace::x);
        const auto rows = static_cast<Eigen::Index>(trace.size());
        const auto all = static_cast<Eigen::Index>(trace.values().size());
        return {trace.steps(),
                Eigen::Map<const Table>(trace.values().data(), rows, rows == 0 ? 0 : all / rows)};
    }

    [[nodiscard]] bool take_checkpoint(std::span<const std::uint8_t> payload) {
        if (!checkpoint_.take(payload)) {
            return false;
        }
        if (checkpoint_.whole()) {
            recording_.last_checkpoint = checkpoint_.bytes();
            recording_.checkpoints.push_back(
                {.step = checkpoint::read_header(checkpoint_.bytes())->step,
                 .fields_digest = digest_of_fields(checkpoint_.bytes())});
        }
        return true;
    }

    /// The digests there, too, must be those of the run.
    [[nodiscard]] bool take_restored(const std::optional<DigestMark>& mark) {
        if (mark) {
            recording_.resumed_at = mark->step;
            recording_.digests.push_back(*mark);
        }
        return mark.has_value();
    }

    [[nodiscard]] bool take_end(std::span<const std::uint8_t> payload) {
        recording_.end = read_end(payload);
        if (recording_.end) {
            const RunEnd& end = *recording_.end;
            recording_.digests.push_back({end.step, end.digest, end.couplings_digest});
        }
        return recording_.end.has_value();
    }

    template <class T>
    [[nodiscard]] static bool keep(std::vector<T>& list, const std::optional<T>& item) {
        if (item) {
            list.push_back(*item);
        }
        return item.has_value();
    }

    Recording recording_;
    CheckpointAssembler checkpoint_;
    std::vector<VectorAssembler> assemblers_; ///< one a replica, or one an array
    std::array<VectorAssembler, observe::observed_array_names.size()> observations_;
    bool configured_ = false;
};

/// Inputs that a resumed run took over, before its own; at its first step its own count.
void prepend_earlier_inputs(Recording& recording) {
    if (!recording.metadata.resumed) {
        return;
    }
    std::vector<LiveInput> all = recording.metadata.resumed->inputs;
    auto& own = recording.live_inputs;
    if (!own.empty()) {
        std::erase_if(all, [&own](const auto& input) { return input.step >= own.front().step; });
    }
    all.insert(all.end(), own.begin(), own.end());
    own = std::move(all);
}

} // namespace

Recording read_recording(const std::filesystem::path& path) {
    CaptureReader reader(path);
    Decoder decoder(path.string());
    while (const auto captured = reader.next()) {
        if (!decoder.take(captured->frame)) {
            throw HostError(exit_unsound_stream,
                            fmt::format("{}: byte {}: a frame of kind 0x{:02x} with content that "
                                        "does not belong to it",
                                        path.string(), captured->place.offset,
                                        captured->frame.header.kind));
        }
    }
    const bool configured = decoder.configured();
    Recording recording = std::move(decoder).finish();
    recording.metadata = reader.metadata();
    recording.survey = survey(reader);
    prepend_earlier_inputs(recording);
    if (!configured) {
        throw HostError(exit_unsound_stream,
                        fmt::format("{}: no run in this capture: it holds no CONFIGURATION frame",
                                    path.string()));
    }
    return recording;
}

Experiment recorded_experiment(const Recording& recording) {
    Experiment experiment =
        parse_experiment(recording.metadata.experiment, recording.file + " (experiment)");
    const auto expected = recording.profile.scalar == experiment::ScalarKind::float32
                              ? parameter_bytes(rounded_to_float(experiment))
                              : parameter_bytes(experiment.parameters);
    if (!serves(recording.profile, wanted_profile(experiment)) ||
        expected != recording.parameter_bytes) {
        throw HostError(exit_unsound_stream,
                        fmt::format("{}: the experiment it names is not the one the device ran",
                                    recording.file));
    }
    return experiment;
}

} // namespace tinymf::host
