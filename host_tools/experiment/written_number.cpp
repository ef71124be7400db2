// SPDX-License-Identifier: Apache-2.0
#include "experiment/written_number.hpp"

#include <charconv>
#include <cmath>
#include <system_error>

namespace tinymf::host {
namespace {

/// The text from its first digit or minus on; empty when there is none or a sign is doubled.
std::string_view digits_of(std::string_view text) {
    text = without_blanks(text);
    if (!text.starts_with('+')) {
        return text;
    }
    text.remove_prefix(1);
    return text.starts_with('-') ? std::string_view() : text;
}

/// Whether a number beyond the range of a double is too small for it rather than too large.
bool is_tiny(std::string_view digits) {
    const std::size_t exponent = digits.find_first_of("eE");
    if (exponent != std::string_view::npos) {
        return digits.substr(exponent + 1).starts_with('-');
    }
    return digits.find_first_not_of("-0.") > digits.find('.');
}

} // namespace

std::string_view without_blanks(std::string_view text) {
    constexpr std::string_view blanks = " \t\r";
    const std::size_t first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::optional<double> written_real(std::string_view text) {
    const std::string_view digits = digits_of(text);
    const char* const end = digits.data() + digits.size();
    double value = 0.0;
    const auto [stopped, error] = std::from_chars(digits.data(), end, value);
    if (stopped != end || error == std::errc::invalid_argument) {
        return std::nullopt;
    }
    if (error == std::errc::result_out_of_range) {
        return is_tiny(digits) ? std::optional(0.0) : std::nullopt;
    }
    return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

std::optional<std::uint32_t> written_whole(std::string_view text) {
    const std::string_view digits = digits_of(text);
    const char* const end = digits.data() + digits.size();
    std::uint32_t value = 0;
    const auto [stopped, error] = std::from_chars(digits.data(), end, value);
    return error == std::errc{} && stopped == end ? std::optional(value) : std::nullopt;
}

} // namespace tinymf::host
