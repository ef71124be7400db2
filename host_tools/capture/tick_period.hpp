// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

namespace tinymf::host {

/// A tick as a board's clock makes it. Both 0: there is none.
struct CountedTick {
    std::uint32_t counts = 0;
    std::uint32_t counts_per_second = 0;

    friend bool operator==(const CountedTick&, const CountedTick&) = default;
};

/// Bytes of it at the end of CONFIGURATION.
inline constexpr std::size_t counted_tick_bytes = 8;

/// The tick that a run was asked to keep, and the one that the board's clock makes of it.
struct TickPeriod {
    std::uint32_t asked_us = 0; ///< 0: none
    /// Nothing where the device does not tell, as those before did not.
    std::optional<CountedTick> counted{};

    [[nodiscard]] bool is_told() const {
        return asked_us != 0 && counted && counted->counts_per_second != 0;
    }
    /// In microseconds; of a tick that is told.
    [[nodiscard]] double true_us() const {
        return 1e6 * counted->counts / counted->counts_per_second;
    }
    /// How much longer the true one is than the asked one, as a share of this; likewise.
    [[nodiscard]] double deviation() const {
        const double made = 1e6 * counted->counts;
        const double asked = static_cast<double>(asked_us) * counted->counts_per_second;
        return (made - asked) / asked;
    }
};

/// The nearest whole number of counts to `microseconds`, halves upwards: what a device makes of it.
[[nodiscard]] std::uint64_t nearest_counts(std::uint32_t microseconds,
                                           std::uint32_t counts_per_second);

/// "1000 us asked, 1007.08 us by the board's clock (33 counts of 32768 a second)".
[[nodiscard]] std::string to_text(const TickPeriod& tick);

/// Null without a tick; what is not told is null.
[[nodiscard]] nlohmann::json to_json(const TickPeriod& tick);

/// In words, where the true tick differs from the asked one by more than 0.1 %.
[[nodiscard]] std::optional<std::string> remark_on(const TickPeriod& tick);

} // namespace tinymf::host
