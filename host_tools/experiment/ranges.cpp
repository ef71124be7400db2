// SPDX-License-Identifier: Apache-2.0
#include "experiment/ranges.hpp"

#include <cmath>

#include <fmt/format.h>

namespace tinymf::host {

std::string number_text(double value) {
    constexpr double largest_exact = 9007199254740992.0;
    if (value == std::trunc(value) && std::abs(value) <= largest_exact) {
        return fmt::format("{}", static_cast<std::int64_t>(value));
    }
    return fmt::format("{}", value);
}

std::string range_text(double lowest, double highest) {
    return fmt::format("must be between {} and {}", number_text(lowest), number_text(highest));
}

std::string range_text(experiment::Field field) {
    const experiment::FieldInfo& info = experiment::info(field);
    return range_text(static_cast<double>(info.lowest), static_cast<double>(info.highest));
}

} // namespace tinymf::host
