// SPDX-License-Identifier: Apache-2.0
#include "recording/recording.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "diagnostics/host_error.hpp"
#include "recording/frame_contents.hpp"
#include "recording/state_assembler.hpp"
#include "tinymf/experiment/wire.hpp"

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
        case Kind::digest:
        case Kind::input_taken:
        case Kind::gap:
        case Kind::fault:
        case Kind::end:
            return configured_ && take_run_frame(kind, frame.payload);
        default:
            return true;
        }
    }

    [[nodiscard]] bool configured() const { return configured_; }

    [[nodiscard]] Recording finish() && {
        for (StateAssembler& assembler : assemblers_) {
            recording_.partial_states += assembler.partial_states();
            recording_.replicas.push_back(std::move(assembler).trace());
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
        recording_.tick_period_us = configuration->tick_period_us;
        recording_.parameters = configuration->parameters;
        recording_.parameter_bytes = configuration->parameter_bytes;
        recording_.written_dt = recording_.profile.scalar == experiment::ScalarKind::float32
                                    ? as_written(static_cast<float>(configuration->parameters.dt))
                                    : configuration->parameters.dt;
        if (recording_.profile.kind == experiment::ModelKind::network) {
            assemblers_.resize(recording_.parameters.replicas,
                               StateAssembler(recording_.profile.neurons));
        }
        return true;
    }

    [[nodiscard]] bool take_run_frame(Kind kind, std::span<const std::uint8_t> payload) {
        const auto scalar = recording_.profile.scalar;
        switch (kind) {
        case Kind::state: {
            const auto chunk = read_state_chunk(payload, scalar);
            return chunk && chunk->replica < assemblers_.size() &&
                   chunk->step <= recording_.parameters.steps &&
                   assemblers_[chunk->replica].take(*chunk);
        }
        case Kind::digest:
            return keep(recording_.digests, read_digest(payload));
        case Kind::input_taken:
            return keep(recording_.live_inputs, read_input(payload, scalar));
        case Kind::gap:
            return keep(recording_.gaps, read_gap(payload));
        case Kind::fault:
            recording_.fault = read_fault(payload);
            return recording_.fault.has_value();
        default:
            return take_end(payload);
        }
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
    std::vector<StateAssembler> assemblers_;
    bool configured_ = false;
};

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
    std::array<std::uint8_t, stream::largest_payload> bytes{};
    stream::ByteWriter writer(bytes);
    if (recording.profile.scalar == experiment::ScalarKind::float32) {
        experiment::write(writer, rounded_to_float(experiment));
    } else {
        experiment::write(writer, experiment.parameters);
    }
    const bool same_shape = experiment.network.neurons == recording.profile.neurons &&
                            experiment.network.scalar == recording.profile.scalar &&
                            experiment.network.coupling == recording.profile.coupling;
    if (!same_shape || !std::ranges::equal(writer.written(), recording.parameter_bytes)) {
        throw HostError(exit_unsound_stream,
                        fmt::format("{}: the experiment it names is not the one the device ran",
                                    recording.file));
    }
    return experiment;
}

} // namespace tinymf::host
