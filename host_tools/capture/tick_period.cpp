// SPDX-License-Identifier: Apache-2.0
#include "capture/tick_period.hpp"

#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace tinymf::host {

std::uint64_t nearest_counts(std::uint32_t microseconds, std::uint32_t counts_per_second) {
    constexpr std::uint64_t second = 1'000'000;
    return (std::uint64_t{microseconds} * counts_per_second + second / 2) / second;
}

std::string to_text(const TickPeriod& tick) {
    if (!tick.is_told()) {
        return fmt::format("{} us asked", tick.asked_us);
    }
    return fmt::format("{} us asked, {:.7g} us by the board's clock ({} counts of {} a second)",
                       tick.asked_us, tick.true_us(), tick.counted->counts,
                       tick.counted->counts_per_second);
}

nlohmann::json to_json(const TickPeriod& tick) {
    if (tick.asked_us == 0) {
        return {};
    }
    const auto told = [&tick](auto value) {
        return tick.is_told() ? nlohmann::json(value(tick)) : nlohmann::json();
    };
    return {{"asked_us", tick.asked_us},
            {"true_us", told([](const TickPeriod& t) { return t.true_us(); })},
            {"deviation", told([](const TickPeriod& t) { return t.deviation(); })},
            {"counts", told([](const TickPeriod& t) { return t.counted->counts; })},
            {"counts_per_second",
             told([](const TickPeriod& t) { return t.counted->counts_per_second; })}};
}

std::optional<std::string> remark_on(const TickPeriod& tick) {
    constexpr double worth_a_word = 1e-3;
    if (!tick.is_told() || std::abs(tick.deviation()) <= worth_a_word) {
        return std::nullopt;
    }
    return fmt::format("the tick lasts {:.7g} us, {:.2g} % {} than the {} us that were asked: the "
                       "board's clock counts {} a second",
                       tick.true_us(), 100.0 * std::abs(tick.deviation()),
                       tick.deviation() > 0 ? "longer" : "shorter", tick.asked_us,
                       tick.counted->counts_per_second);
}

} // namespace tinymf::host
