// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace tinymf::firmware::cortex_m {

/// Counts that SysTick can run through between two interrupts.
inline constexpr std::uint32_t longest_interval = 1U << 24;

/// The fewest equal intervals that make up a period exactly, at most `most`; 0 of period 0. Where
/// there are none, the fewest that it can be cut into at all, which lose a remainder. A period of
/// whole microseconds always has some: as many as the clock has megahertz, of
/// a count a microsecond each. Work O(most).
constexpr std::uint32_t intervals_of(std::uint32_t period, std::uint32_t most) {
    const std::uint32_t fewest =
        period / longest_interval + (period % longest_interval != 0 ? 1U : 0U);
    for (std::uint32_t intervals = fewest; intervals > 1 && intervals <= most; ++intervals) {
        if (period % intervals == 0) {
            return intervals;
        }
    }
    return fewest;
}

} // namespace tinymf::firmware::cortex_m
