// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>
#include <toml++/toml.h>

namespace tinymf::host {

/// A TOML value with the fewest digits that read back as the same, and the same for results.
struct WrittenValue {
    std::string toml;
    nlohmann::json shown;
};

/// A number, text, or a list of these; nothing for what no key of an experiment takes.
[[nodiscard]] std::optional<WrittenValue> written_value(const toml::node& node);

/// `count` >= 2 values from one end to the other, whole numbers where all of them are. The steps
/// between them are equal, or their ratios where `logarithmic`; then both ends lie above 0.
[[nodiscard]] std::vector<WrittenValue> spaced_values(double from, double to, std::uint32_t count,
                                                      bool logarithmic);

} // namespace tinymf::host
