// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "port/fault_record.hpp"

namespace tinymf::firmware {

/// Why the processor started, as far as the chip tells. Part of the stream: append only.
enum class ResetCause : std::uint32_t {
    unknown = 0,
    power_on = 1,
    pin = 2,
    software = 3,
    watchdog = 4,
    lockup = 5,
    brown_out = 6,
};

/// Bits of `BootFacts::float_mode`. Correct runs have both `flush_to_zero` and `other_rounding`
/// clear.
namespace float_mode {
inline constexpr std::uint32_t hardware = 1U << 0;       ///< a floating-point unit is in use
inline constexpr std::uint32_t flush_to_zero = 1U << 1;  ///< subnormals are lost
inline constexpr std::uint32_t default_nan = 1U << 2;    ///< NaN payloads are lost
inline constexpr std::uint32_t other_rounding = 1U << 3; ///< not round-to-nearest-even
} // namespace float_mode

/// What start-up found out, once, before the application ran.
struct BootFacts {
    ResetCause reset_cause;
    std::uint32_t float_mode;      ///< read back from the processor after start-up set it
    std::uint32_t boots;           ///< resets since power was applied
    const FaultRecord* last_fault; ///< `cause == none` when the last run left no sound record
    /// The whole stack, lowest address first, painted; empty where the port does not own its stack.
    std::span<const std::uint32_t> stack;
};

} // namespace tinymf::firmware
