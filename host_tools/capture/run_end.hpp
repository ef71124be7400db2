// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "capture/run_times.hpp"
#include "port/fault_record.hpp"
#include "tinymf/experiment/parameters.hpp"
#include "tinymf/experiment/profile.hpp"
#include "tinymf/stream/frame_kinds.hpp"
#include "tinymf/stream/run_policy.hpp"

namespace tinymf::host {

/// How a run ended, as the device said.
struct RunEnd {
    stream::EndReason reason = stream::EndReason::completed;
    std::uint32_t step = 0;
    std::uint64_t digest = 0;
    std::uint64_t couplings_digest = 0;
    std::uint32_t dropped_frames = 0;
    std::optional<stream::TicksFrame> ticks; ///< of a run with a tick
};

/// The content of FAULT: why a run ended before its time, or, with a record, how the last boot did.
struct RecordedFault {
    firmware::FaultCause cause = firmware::FaultCause::none;
    std::uint32_t step = 0;
    std::uint32_t index = 0; ///< replica or array << 24 | element, see FaultCause
    bool of_last_boot = false;

    /// Replica of a state, number of the array of an estimate or a row.
    [[nodiscard]] std::uint8_t vector() const { return static_cast<std::uint8_t>(index >> 24U); }
    [[nodiscard]] std::uint32_t element() const { return index & 0xFF'FFFFU; }

    friend bool operator==(const RecordedFault&, const RecordedFault&) = default;
};

/// True when such a run has the number that the fault names.
[[nodiscard]] bool belongs_to(const RecordedFault& fault, const experiment::ProfileInfo& profile,
                              const experiment::Parameters<double>& parameters);

/// "the state of neuron 3, replica 0, became NaN or infinite at step 17".
[[nodiscard]] std::string to_text(const RecordedFault& fault);

} // namespace tinymf::host
