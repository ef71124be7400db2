// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "tinymf/random/philox.hpp"

namespace tinymf::host {

/// Seed of the run with this number among many that belong together: Philox4x32-10 of both, so that
/// it depends neither on how many there are nor on who computes them. 63 bits, the most that TOML's
/// integers hold. The streams of a run leave the last word of the counter zero, so no draw of the
/// seed itself is met again.
[[nodiscard]] constexpr std::uint64_t derived_seed(std::uint64_t seed, std::uint32_t number) {
    const random::PhiloxBlock words =
        random::philox4x32({number, 0U, 0U, 1U}, {static_cast<std::uint32_t>(seed),
                                                  static_cast<std::uint32_t>(seed >> 32U)});
    return (words[0] | std::uint64_t{words[1]} << 32U) >> 1U;
}

} // namespace tinymf::host
