// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "capture/tick_period.hpp"
#include "recording/recording.hpp"
#include "tinymf/experiment/profile.hpp"
#include "tinymf/mean_field/two_time_row.hpp"
#include "tinymf/observe/observable.hpp"
#include "tinymf/stream/byte_reader.hpp"
#include "tinymf/stream/frame_kinds.hpp"
#include "tinymf/stream/run_policy.hpp"

namespace tinymf::host {

// Contents of single frames, laid out as stream/frame_kinds.hpp says. Each reader gives nothing
// when the payload is too short, too long, or holds a value that cannot be.

/// Of a frame whose struct holds all of its fields.
template <class Frame>
[[nodiscard]] std::optional<Frame> read_frame(std::span<const std::uint8_t> payload) {
    stream::ByteReader reader(payload);
    const auto frame = stream::get_fields<Frame>(reader);
    return reader.finished() ? std::optional(frame) : std::nullopt;
}

struct StateChunk : stream::StateFrame {
    std::vector<double> values;
};

/// `array` is a mean_field::TwoTimeArray.
struct RowChunk : stream::RowFrame {
    std::vector<double> values;
};

/// `array` is an observe::ObservedArray.
struct ObservationChunk : stream::ObserveFrame {
    std::vector<double> values;
};

struct Configuration {
    std::uint8_t profile = 0;
    stream::Delivery delivery = stream::Delivery::lossless;
    stream::DeadlinePolicy deadline = stream::DeadlinePolicy::late;
    TickPeriod tick;
    experiment::Parameters<double> parameters;
    std::vector<std::uint8_t> parameter_bytes;
};

[[nodiscard]] std::optional<Configuration>
read_configuration(std::span<const std::uint8_t> payload,
                   std::span<const experiment::ProfileInfo> profiles);

[[nodiscard]] std::optional<StateChunk> read_state_chunk(std::span<const std::uint8_t> payload,
                                                         experiment::ScalarKind scalar);

[[nodiscard]] std::optional<RowChunk> read_row_chunk(std::span<const std::uint8_t> payload,
                                                     experiment::ScalarKind scalar);

[[nodiscard]] std::optional<ObservationChunk>
read_observation_chunk(std::span<const std::uint8_t> payload, experiment::ScalarKind scalar);

[[nodiscard]] std::optional<LiveInput> read_input(std::span<const std::uint8_t> payload,
                                                  experiment::ScalarKind scalar);

[[nodiscard]] std::optional<RecordedFault> read_fault(std::span<const std::uint8_t> payload);

[[nodiscard]] std::optional<PhaseTimes> read_timing(std::span<const std::uint8_t> payload);

[[nodiscard]] std::optional<stream::SaturationFrame>
read_saturation(std::span<const std::uint8_t> payload);

[[nodiscard]] std::optional<RunEnd> read_end(std::span<const std::uint8_t> payload);

} // namespace tinymf::host
