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

namespace tinymf::host {

// Contents of single frames, laid out as stream/message.hpp says. Each reader gives nothing when
// the payload is too short, too long, or holds a value that cannot be.

struct StateChunk {
    std::uint32_t step = 0;
    std::uint8_t replica = 0;
    std::uint16_t first_neuron = 0;
    std::vector<double> values;
};

struct RowChunk {
    mean_field::TwoTimeArray array{};
    std::uint8_t population = 0;
    std::uint32_t row = 0;
    std::uint32_t first_column = 0;
    std::vector<double> values;
};

struct ObservationChunk {
    observe::ObservedArray array{};
    std::uint32_t step = 0;
    std::uint32_t first_element = 0;
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

[[nodiscard]] std::optional<DigestMark> read_digest(std::span<const std::uint8_t> payload);

[[nodiscard]] std::optional<LiveInput> read_input(std::span<const std::uint8_t> payload,
                                                  experiment::ScalarKind scalar);

[[nodiscard]] std::optional<AnnouncedGap> read_gap(std::span<const std::uint8_t> payload);

[[nodiscard]] std::optional<RecordedFault> read_fault(std::span<const std::uint8_t> payload);

[[nodiscard]] std::optional<PhaseTimes> read_timing(std::span<const std::uint8_t> payload);

[[nodiscard]] std::optional<TickTimes> read_ticks(std::span<const std::uint8_t> payload);

[[nodiscard]] std::optional<Saturation> read_saturation(std::span<const std::uint8_t> payload);

/// The step at which the device was when it wrote a STATUS frame.
[[nodiscard]] std::optional<std::uint32_t> read_status_step(std::span<const std::uint8_t> payload);

/// The step of a RESTORED frame, and the digests there.
[[nodiscard]] std::optional<DigestMark> read_restored(std::span<const std::uint8_t> payload);

[[nodiscard]] std::optional<RunEnd> read_end(std::span<const std::uint8_t> payload);

} // namespace tinymf::host
