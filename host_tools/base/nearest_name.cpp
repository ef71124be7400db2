// SPDX-License-Identifier: Apache-2.0
#include "base/nearest_name.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

namespace tinymf::host {
namespace {

// Levenshtein's distance with swaps of neighbours, one row of the table at a time.
std::size_t edits(std::string_view from, std::string_view to) {
    std::vector<std::size_t> row(to.size() + 1);
    std::vector<std::size_t> above(row.size());
    std::vector<std::size_t> two_above(row.size());
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < from.size(); ++i) {
        two_above.swap(above);
        above.swap(row);
        row[0] = i + 1;
        for (std::size_t j = 0; j < to.size(); ++j) {
            const std::size_t replaced = above[j] + (from[i] == to[j] ? 0U : 1U);
            row[j + 1] = std::min({replaced, row[j] + 1, above[j + 1] + 1});
            if (i > 0 && j > 0 && from[i] == to[j - 1] && from[i - 1] == to[j]) {
                row[j + 1] = std::min(row[j + 1], two_above[j - 1] + 1);
            }
        }
    }
    return row.back();
}

/// A name that was written without its section is as near as its last part.
std::size_t distance(std::string_view written, std::string_view name) {
    const std::size_t dot = name.rfind('.');
    const std::size_t whole = edits(written, name);
    return dot == std::string_view::npos || written.find('.') != std::string_view::npos
               ? whole
               : std::min(whole, edits(written, name.substr(dot + 1)));
}

} // namespace

std::string nearest_name(std::string_view written,
                         const std::set<std::string, std::less<>>& names) {
    constexpr std::size_t longest_considered = 64;
    if (written.size() > longest_considered || names.empty()) {
        return {};
    }
    const auto nearest = std::ranges::min_element(
        names, {}, [written](const std::string& name) { return distance(written, name); });
    return distance(written, *nearest) <= std::max<std::size_t>(2, written.size() / 3)
               ? *nearest
               : std::string();
}

} // namespace tinymf::host
