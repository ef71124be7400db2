// SPDX-License-Identifier: Apache-2.0
#include "recording/frame_contents.hpp"

#include <bit>
#include <type_traits>
#include <vector>

#include "experiment/converted_parameters.hpp"
#include "tinymf/experiment/validation.hpp"
#include "tinymf/experiment/wire.hpp"
#include "tinymf/stream/run_policy.hpp"

namespace tinymf::host {
namespace {

using stream::ByteReader;

template <class Value>
std::optional<Value> if_finished(const ByteReader& reader, Value value) {
    return reader.finished() ? std::optional<Value>(std::move(value)) : std::nullopt;
}

/// A real as devices write it, which is never minus zero.
template <class Real, class Bits>
std::optional<double> get_written(ByteReader& reader) {
    ByteReader bits = reader;
    if (bits.get<Bits>() == std::bit_cast<Bits>(-Real{})) {
        return std::nullopt;
    }
    return static_cast<double>(reader.get<Real>());
}

std::optional<double> get_scalar(ByteReader& reader, experiment::ScalarKind scalar) {
    return scalar == experiment::ScalarKind::float32 ? get_written<float, std::uint32_t>(reader)
                                                     : get_written<double, std::uint64_t>(reader);
}

/// All that is left; nothing where a real does not belong, as none at all.
std::vector<double> get_values(ByteReader& reader, experiment::ScalarKind scalar) {
    std::vector<double> values;
    while (reader.ok() && reader.remaining() > 0) {
        const auto value = get_scalar(reader, scalar);
        if (!value) {
            return {};
        }
        values.push_back(*value);
    }
    return values;
}

/// A frame and the values behind it, at least one.
template <class Chunk, class Frame>
std::optional<Chunk> read_chunk(std::span<const std::uint8_t> payload,
                                experiment::ScalarKind scalar) {
    ByteReader reader(payload);
    Chunk chunk;
    static_cast<Frame&>(chunk) = stream::get_fields<Frame>(
        reader, [&](ByteReader& rest, auto&&) { chunk.values = get_values(rest, scalar); });
    return chunk.values.empty() ? std::nullopt : if_finished(reader, std::move(chunk));
}

template <class T>
std::optional<experiment::Parameters<double>> read_valid_parameters(ByteReader& reader) {
    const auto parameters = experiment::read_parameters<T>(reader);
    if (!reader.ok() || experiment::validate(parameters)) {
        return std::nullopt;
    }
    return converted_parameters<double>(parameters);
}

} // namespace

std::optional<Configuration> read_configuration(std::span<const std::uint8_t> payload,
                                                std::span<const experiment::ProfileInfo> profiles) {
    ByteReader reader(payload);
    std::optional<experiment::Parameters<double>> parameters;
    std::span<const std::uint8_t> parameter_bytes;
    bool ends_with_them = false; // as it did at first
    const auto read_parameters = [&](ByteReader& rest, const stream::ConfigurationFrame& frame) {
        if (!rest.ok() || frame.setup.profile >= profiles.size()) {
            return;
        }
        const std::size_t begin = rest.position();
        parameters = profiles[frame.setup.profile].scalar == experiment::ScalarKind::float32
                         ? read_valid_parameters<float>(rest)
                         : read_valid_parameters<double>(rest);
        parameter_bytes = payload.subspan(begin, rest.position() - begin);
        ends_with_them = rest.finished();
    };
    const auto frame = stream::get_fields<stream::ConfigurationFrame>(reader, read_parameters);
    if (!parameters || !(ends_with_them || reader.finished()) ||
        frame.setup.delivery >= stream::delivery_names.size() ||
        frame.setup.deadline >= stream::deadline_policy_names.size()) {
        return std::nullopt;
    }
    Configuration configuration;
    configuration.profile = frame.setup.profile;
    configuration.delivery = static_cast<stream::Delivery>(frame.setup.delivery);
    configuration.deadline = static_cast<stream::DeadlinePolicy>(frame.setup.deadline);
    configuration.tick.asked_us = frame.setup.tick_period;
    if (!ends_with_them) {
        configuration.tick.counted = CountedTick{frame.tick_counts, frame.tick_clock};
    }
    configuration.parameters = *parameters;
    configuration.parameter_bytes.assign(parameter_bytes.begin(), parameter_bytes.end());
    return configuration;
}

std::optional<StateChunk> read_state_chunk(std::span<const std::uint8_t> payload,
                                           experiment::ScalarKind scalar) {
    return read_chunk<StateChunk, stream::StateFrame>(payload, scalar);
}

std::optional<RowChunk> read_row_chunk(std::span<const std::uint8_t> payload,
                                       experiment::ScalarKind scalar) {
    auto chunk = read_chunk<RowChunk, stream::RowFrame>(payload, scalar);
    return chunk && chunk->array < mean_field::two_time_names.size() ? chunk : std::nullopt;
}

std::optional<ObservationChunk> read_observation_chunk(std::span<const std::uint8_t> payload,
                                                       experiment::ScalarKind scalar) {
    auto chunk = read_chunk<ObservationChunk, stream::ObserveFrame>(payload, scalar);
    return chunk && chunk->array < observe::observed_arrays.size() ? chunk : std::nullopt;
}

std::optional<LiveInput> read_input(std::span<const std::uint8_t> payload,
                                    experiment::ScalarKind scalar) {
    ByteReader reader(payload);
    std::optional<double> value;
    const auto frame = stream::get_fields<stream::InputTakenFrame>(
        reader, [&](ByteReader& rest, auto&&) { value = get_scalar(rest, scalar); });
    return value ? if_finished(reader, LiveInput{.step = frame.step, .value = *value})
                 : std::nullopt;
}

std::optional<RecordedFault> read_fault(std::span<const std::uint8_t> payload) {
    ByteReader reader(payload);
    RecordedFault fault;
    const auto frame =
        stream::get_fields<stream::FaultFrame>(reader, [&](ByteReader& rest, auto&&) {
            fault.of_last_boot = rest.remaining() != 0;
            if (fault.of_last_boot) {
                static_cast<void>(rest.get_bytes(sizeof(firmware::FaultRecord)));
            }
        });
    fault.cause = static_cast<firmware::FaultCause>(frame.cause);
    fault.step = frame.step;
    fault.index = frame.index;
    return if_finished(reader, fault);
}

std::optional<PhaseTimes> read_timing(std::span<const std::uint8_t> payload) {
    ByteReader reader(payload);
    PhaseTimes times;
    const auto frame =
        stream::get_fields<stream::TimingFrame>(reader, [&](ByteReader& rest, auto&&) {
            for (std::uint32_t& bin : times.histogram) {
                bin = rest.get<std::uint32_t>();
            }
        });
    if (frame.phase >= observe::work_phase_names.size()) {
        return std::nullopt;
    }
    times.phase = static_cast<observe::WorkPhase>(frame.phase);
    times.samples = frame.samples;
    times.least = frame.least;
    times.most = frame.most;
    times.total = frame.total;
    return if_finished(reader, times);
}

std::optional<stream::SaturationFrame> read_saturation(std::span<const std::uint8_t> payload) {
    const auto saturation = read_frame<stream::SaturationFrame>(payload);
    return saturation && saturation->count > 0 ? saturation : std::nullopt;
}

std::optional<RunEnd> read_end(std::span<const std::uint8_t> payload) {
    const auto frame = read_frame<stream::EndFrame>(payload);
    if (!frame || frame->reason >= stream::end_reason_names.size()) {
        return std::nullopt;
    }
    return RunEnd{.reason = static_cast<stream::EndReason>(frame->reason),
                  .step = frame->step,
                  .digest = frame->states_digest,
                  .couplings_digest = frame->couplings_digest,
                  .dropped_frames = frame->dropped_frames,
                  .ticks = {}};
}

} // namespace tinymf::host
