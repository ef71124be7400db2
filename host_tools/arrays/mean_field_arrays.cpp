// SPDX-License-Identifier: Apache-2.0
#include "arrays/mean_field_arrays.hpp"

#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace tinymf::host {
namespace {

using NamedMatrix = std::pair<std::string_view, TwoTimeMatrix TwoTimeArrays::*>;

constexpr std::array<NamedMatrix, 4> matrices{{{"Cx", &TwoTimeArrays::Cx},
                                               {"Cphi", &TwoTimeArrays::Cphi},
                                               {"Rx", &TwoTimeArrays::Rx},
                                               {"Rphi", &TwoTimeArrays::Rphi}}};

void add(std::vector<NamedArray>& list, const TwoTimeArrays& arrays, std::string_view suffix) {
    for (const auto& [name, member] : matrices) {
        const TwoTimeMatrix& matrix = arrays.*member;
        const auto n = static_cast<std::size_t>(matrix.rows());
        list.push_back(
            named_array<double>(fmt::format("{}{}", name, suffix), "", {n, n},
                                std::span(matrix.data(), static_cast<std::size_t>(matrix.size()))));
    }
    const auto n = static_cast<std::size_t>(arrays.mean.size());
    list.push_back(named_array<double>(fmt::format("mean{}", suffix), "", {n},
                                       std::span(arrays.mean.data(), n)));
}

NamedArray column(std::string name, std::string unit, const std::vector<double>& values) {
    return named_array<double>(std::move(name), std::move(unit), {values.size()}, values);
}

} // namespace

std::vector<NamedArray> arrays_of(const TwoTimeSolution& solution) {
    std::vector<NamedArray> list{column("t", "tau", solution.times)};
    add(list, solution.value, "");
    if (solution.sampled()) {
        add(list, solution.standard_error, "_se");
    }
    return list;
}

std::vector<NamedArray> arrays_of(const StationarySolution& solution) {
    std::vector<NamedArray> list{column("tau", "tau", solution.lags), column("Cx", "", solution.Cx),
                                 column("Cphi", "", solution.Cphi), column("Rx", "", solution.Rx),
                                 column("Rphi", "", solution.Rphi)};
    if (solution.lyapunov) {
        list.push_back(column("lyapunov", "1/tau", {*solution.lyapunov}));
    }
    return list;
}

std::string csv_text(const TwoTimeSolution& solution) {
    std::string text = "t (tau),t' (tau)";
    for (const auto& [name, member] : matrices) {
        text += fmt::format(",{}", name);
        text += solution.sampled() ? fmt::format(",{}_se", name) : "";
    }
    text += "\r\n";
    for (std::size_t t = 0; t < solution.times.size(); ++t) {
        for (std::size_t s = 0; s <= t; ++s) {
            text += fmt::format("{},{}", solution.times[t], solution.times[s]);
            const auto i = static_cast<Eigen::Index>(t);
            const auto j = static_cast<Eigen::Index>(s);
            for (const auto& [name, member] : matrices) {
                text += fmt::format(",{}", (solution.value.*member)(i, j));
                if (solution.sampled()) {
                    text += fmt::format(",{}", (solution.standard_error.*member)(i, j));
                }
            }
            text += "\r\n";
        }
    }
    return text;
}

std::string csv_text(const StationarySolution& solution) {
    std::string text = "tau (tau),Cx,Cphi,Rx,Rphi\r\n";
    for (std::size_t k = 0; k < solution.lags.size(); ++k) {
        text += fmt::format("{},{},{},{},{}\r\n", solution.lags[k], solution.Cx[k],
                            solution.Cphi[k], solution.Rx[k], solution.Rphi[k]);
    }
    return text;
}

} // namespace tinymf::host
