// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cavity/cavity_check.hpp"

namespace tinymf::host {
namespace {

using nlohmann::json;

json row_object(const TheoryRow& row) {
    return {{"name", row.name},
            {"observed", row.observed},
            {"predicted", row.predicted},
            {"standard_error", row.standard_error},
            {"z", row.z()},
            {"origin", row.origin}};
}

json size_object(const CavitySize& size) {
    return {{"neurons", size.neurons},
            {"slope", size.slope},
            {"slope_standard_error", size.slope_error},
            {"residual", size.residual},
            {"residual_standard_error", size.residual_error},
            {"residual_sqrt_N", size.residual * std::sqrt(size.neurons)},
            {"memory", size.memory}};
}

std::string row_text(const TheoryRow& row) {
    return fmt::format(
        "\n  {:<40} {:>9.5f}  predicted {:>5.2f}, standard error {:.2g}, z = {:+.2f}", row.name,
        row.observed, row.predicted, row.standard_error, row.z());
}

} // namespace

json to_json(const CavityCheck& check) {
    json sizes = json::array();
    json rows = json::array();
    for (const CavitySize& size : check.sizes) {
        sizes.push_back(size_object(size));
        for (const TheoryRow& row : size.rows) {
            rows.push_back(row_object(row));
        }
    }
    for (const TheoryRow& row : check.scaling) {
        rows.push_back(row_object(row));
    }
    return {{"name", check.name},           {"verdict", check.passed() ? "pass" : "fail"},
            {"null_test", check.null_test}, {"response", check.response},
            {"networks", check.networks},   {"added", check.added},
            {"allowed_z", check.largest_z}, {"law", law_text(check.freedom)},
            {"sizes", std::move(sizes)},    {"theory", std::move(rows)}};
}

std::string to_text(const CavityCheck& check) {
    std::string text = fmt::format(
        "{}: {}; {} added to each of {} networks\n  R_phi and C_phi: {}\n  {:>8} {:>18} {:>20} "
        "{:>18} {:>12}",
        check.name, check.passed() ? "pass" : "FAIL", check.added, check.networks, check.response,
        "N", "slope", "residual", "residual sqrt(N)", "memory");
    for (const CavitySize& size : check.sizes) {
        text += fmt::format("\n  {:>8} {:>18} {:>20} {:>18.4f} {:>12.5f}", size.neurons,
                            fmt::format("{:.4f} ± {:.4f}", size.slope, size.slope_error),
                            fmt::format("{:.5f} ± {:.5f}", size.residual, size.residual_error),
                            size.residual * std::sqrt(size.neurons), size.memory);
    }
    for (const CavitySize& size : check.sizes) {
        for (const TheoryRow& row : size.rows) {
            text += row_text(row);
        }
    }
    for (const TheoryRow& row : check.scaling) {
        text += row_text(row);
    }
    return text +
           fmt::format("\n  allowed |z| {:.2f}: {}", check.largest_z, law_text(check.freedom));
}

} // namespace tinymf::host
