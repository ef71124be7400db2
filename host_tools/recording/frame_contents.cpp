// SPDX-License-Identifier: Apache-2.0
#include "recording/frame_contents.hpp"

#include <bit>
#include <type_traits>
#include <vector>

#include "experiment/converted_parameters.hpp"
#include "tinymf/experiment/validation.hpp"
#include "tinymf/experiment/wire.hpp"

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

template <class T>
std::optional<experiment::Parameters<double>> read_valid_parameters(ByteReader& reader) {
    const auto parameters = experiment::read_parameters<T>(reader);
    if (!reader.ok() || experiment::validate(parameters)) {
        return std::nullopt;
    }
    return converted_parameters<double>(parameters);
}

/// At the end of CONFIGURATION; nothing where that ends before, as it did at first.
std::optional<CountedTick> read_counted_tick(ByteReader& reader) {
    if (reader.remaining() == 0) {
        return std::nullopt;
    }
    CountedTick tick;
    tick.counts = reader.get<std::uint32_t>();
    tick.counts_per_second = reader.get<std::uint32_t>();
    return tick;
}

} // namespace

std::optional<Configuration> read_configuration(std::span<const std::uint8_t> payload,
                                                std::span<const experiment::ProfileInfo> profiles) {
    ByteReader reader(payload);
    static_cast<void>(reader.get<std::uint32_t>()); // session
    Configuration configuration;
    configuration.profile = reader.get<std::uint8_t>();
    const auto delivery = reader.get<std::uint8_t>();
    const auto deadline = reader.get<std::uint8_t>();
    configuration.tick.asked_us = reader.get<std::uint32_t>();
    if (!reader.ok() || configuration.profile >= profiles.size() ||
        delivery >= stream::delivery_names.size() ||
        deadline >= stream::deadline_policy_names.size()) {
        return std::nullopt;
    }
    configuration.delivery = static_cast<stream::Delivery>(delivery);
    configuration.deadline = static_cast<stream::DeadlinePolicy>(deadline);
    const std::size_t begin = reader.position();
    const auto parameters =
        profiles[configuration.profile].scalar == experiment::ScalarKind::float32
            ? read_valid_parameters<float>(reader)
            : read_valid_parameters<double>(reader);
    if (!parameters) {
        return std::nullopt;
    }
    configuration.parameters = *parameters;
    const auto wire = payload.subspan(begin, reader.position() - begin);
    configuration.parameter_bytes.assign(wire.begin(), wire.end());
    configuration.tick.counted = read_counted_tick(reader);
    return if_finished(reader, std::move(configuration));
}

std::optional<StateChunk> read_state_chunk(std::span<const std::uint8_t> payload,
                                           experiment::ScalarKind scalar) {
    ByteReader reader(payload);
    StateChunk chunk;
    chunk.step = reader.get<std::uint32_t>();
    chunk.replica = reader.get<std::uint8_t>();
    chunk.first_neuron = reader.get<std::uint16_t>();
    chunk.values = get_values(reader, scalar);
    return chunk.values.empty() ? std::nullopt : if_finished(reader, std::move(chunk));
}

std::optional<RowChunk> read_row_chunk(std::span<const std::uint8_t> payload,
                                       experiment::ScalarKind scalar) {
    ByteReader reader(payload);
    RowChunk chunk;
    const auto array = reader.get<std::uint8_t>();
    chunk.population = reader.get<std::uint8_t>();
    chunk.row = reader.get<std::uint32_t>();
    chunk.first_column = reader.get<std::uint32_t>();
    chunk.values = get_values(reader, scalar);
    if (array >= mean_field::two_time_names.size() || chunk.values.empty()) {
        return std::nullopt;
    }
    chunk.array = static_cast<mean_field::TwoTimeArray>(array);
    return if_finished(reader, std::move(chunk));
}

std::optional<ObservationChunk> read_observation_chunk(std::span<const std::uint8_t> payload,
                                                       experiment::ScalarKind scalar) {
    ByteReader reader(payload);
    ObservationChunk chunk;
    const auto array = reader.get<std::uint8_t>();
    chunk.step = reader.get<std::uint32_t>();
    chunk.first_element = reader.get<std::uint32_t>();
    chunk.values = get_values(reader, scalar);
    if (array >= observe::observed_arrays.size() || chunk.values.empty()) {
        return std::nullopt;
    }
    chunk.array = static_cast<observe::ObservedArray>(array);
    return if_finished(reader, std::move(chunk));
}

std::optional<DigestMark> read_digest(std::span<const std::uint8_t> payload) {
    ByteReader reader(payload);
    DigestMark mark;
    mark.step = reader.get<std::uint32_t>();
    mark.digest = reader.get<std::uint64_t>();
    mark.couplings_digest = reader.get<std::uint64_t>();
    return if_finished(reader, mark);
}

std::optional<LiveInput> read_input(std::span<const std::uint8_t> payload,
                                    experiment::ScalarKind scalar) {
    ByteReader reader(payload);
    LiveInput input;
    input.step = reader.get<std::uint32_t>();
    const auto value = get_scalar(reader, scalar);
    if (!value) {
        return std::nullopt;
    }
    input.value = *value;
    return if_finished(reader, input);
}

std::optional<AnnouncedGap> read_gap(std::span<const std::uint8_t> payload) {
    ByteReader reader(payload);
    AnnouncedGap gap;
    gap.first_step = reader.get<std::uint32_t>();
    gap.frames = reader.get<std::uint32_t>();
    return if_finished(reader, gap);
}

std::optional<RecordedFault> read_fault(std::span<const std::uint8_t> payload) {
    ByteReader reader(payload);
    RecordedFault fault;
    fault.cause = static_cast<firmware::FaultCause>(reader.get<std::uint8_t>());
    fault.step = reader.get<std::uint32_t>();
    fault.index = reader.get<std::uint32_t>();
    fault.of_last_boot = reader.remaining() != 0;
    if (fault.of_last_boot) {
        static_cast<void>(reader.get_bytes(sizeof(firmware::FaultRecord)));
    }
    return if_finished(reader, fault);
}

std::optional<PhaseTimes> read_timing(std::span<const std::uint8_t> payload) {
    ByteReader reader(payload);
    PhaseTimes times;
    const auto phase = reader.get<std::uint8_t>();
    times.samples = reader.get<std::uint32_t>();
    times.least = reader.get<std::uint32_t>();
    times.most = reader.get<std::uint32_t>();
    times.total = reader.get<std::uint64_t>();
    for (std::uint32_t& bin : times.histogram) {
        bin = reader.get<std::uint32_t>();
    }
    if (phase >= observe::work_phase_names.size()) {
        return std::nullopt;
    }
    times.phase = static_cast<observe::WorkPhase>(phase);
    return if_finished(reader, times);
}

std::optional<TickTimes> read_ticks(std::span<const std::uint8_t> payload) {
    ByteReader reader(payload);
    TickTimes ticks;
    ticks.period = reader.get<std::uint32_t>();
    ticks.last = reader.get<std::uint32_t>();
    ticks.missed = reader.get<std::uint32_t>();
    ticks.worst_late = reader.get<std::uint32_t>();
    ticks.first_missed = reader.get<std::uint32_t>();
    ticks.last_missed = reader.get<std::uint32_t>();
    return if_finished(reader, ticks);
}

std::optional<Saturation> read_saturation(std::span<const std::uint8_t> payload) {
    ByteReader reader(payload);
    Saturation saturation;
    saturation.count = reader.get<std::uint64_t>();
    saturation.first_step = reader.get<std::uint32_t>();
    return saturation.count > 0 ? if_finished(reader, saturation) : std::nullopt;
}

std::optional<std::uint32_t> read_status_step(std::span<const std::uint8_t> payload) {
    ByteReader reader(payload);
    static_cast<void>(reader.get<std::uint32_t>()); // session
    static_cast<void>(reader.get<std::uint32_t>()); // command
    static_cast<void>(reader.get<std::uint8_t>());  // state
    const auto step = reader.get<std::uint32_t>();
    return reader.ok() ? std::optional(step) : std::nullopt;
}

std::optional<DigestMark> read_restored(std::span<const std::uint8_t> payload) {
    return read_digest(payload);
}

std::optional<RunEnd> read_end(std::span<const std::uint8_t> payload) {
    ByteReader reader(payload);
    const auto reason = reader.get<std::uint8_t>();
    RunEnd end;
    end.step = reader.get<std::uint32_t>();
    end.digest = reader.get<std::uint64_t>();
    end.couplings_digest = reader.get<std::uint64_t>();
    end.dropped_frames = reader.get<std::uint32_t>();
    if (reason >= stream::end_reason_names.size()) {
        return std::nullopt;
    }
    end.reason = static_cast<stream::EndReason>(reason);
    return if_finished(reader, end);
}

} // namespace tinymf::host
