// SPDX-License-Identifier: Apache-2.0
#include "compare/observed_rows.hpp"

#include <cmath>
#include <set>
#include <utility>

#include <fmt/format.h>

namespace tinymf::host {
namespace {

/// Indices of the lags next to 0, 1, 2 and 5 tau.
std::set<std::size_t> shown_lags(const std::vector<double>& tau) {
    std::set<std::size_t> shown;
    for (const double wanted : {0.0, 1.0, 2.0, 5.0}) {
        std::size_t nearest = 0;
        for (std::size_t k = 0; k < tau.size(); ++k) {
            if (std::abs(tau[k] - wanted) < std::abs(tau[nearest] - wanted)) {
                nearest = k;
            }
        }
        shown.insert(nearest);
    }
    return shown;
}

} // namespace

void ObservedRows::add(const std::string& name, const std::optional<Estimate>& estimate,
                       double predicted, double disorder) {
    if (!estimate) {
        return;
    }
    if (!std::isfinite(estimate->value) || !std::isfinite(predicted)) {
        notes_.push_back(fmt::format("not compared: {}, which is {}", name,
                                     std::isfinite(predicted)
                                         ? "0/0 in a network that does not fluctuate"
                                         : "not finite in theory"));
        return;
    }
    rows_.push_back({.name = name,
                     .observed = estimate->value,
                     .predicted = predicted,
                     .standard_error = std::hypot(estimate->standard_error,
                                                  relative_error_ * predicted, disorder),
                     .origin = origin_});
}

void ObservedRows::add_curve(const std::string& name, observe::ObservedArray array,
                             const std::vector<double>& predicted, double disorder) {
    if (!observed_.has(array)) {
        return;
    }
    const ObservedCurve found = curve_of(observed_, array);
    TheoryCurve curve;
    curve.name = name;
    curve.axis = "lag (tau)";
    curve.x = found.tau;
    curve.predicted = predicted;
    for (std::size_t k = 0; k < found.tau.size(); ++k) {
        curve.observed.push_back(found.estimates[k].value);
        curve.observed_error.push_back(found.estimates[k].standard_error);
        curve.predicted_error.push_back(std::hypot(relative_error_ * predicted[k], disorder));
    }
    for (const std::size_t k : shown_lags(found.tau)) {
        add(fmt::format("{}({:g})", name, found.tau[k]), found.estimates[k], predicted[k],
            disorder);
    }
    curves_.push_back(std::move(curve));
}

TheoryComparison ObservedRows::finish(std::string against) && {
    const double freedom = static_cast<double>(observed_.units.size()) - 1.0;
    return {.against = std::move(against),
            .rows = std::move(rows_),
            .curves = std::move(curves_),
            .freedom = freedom,
            .largest_z = allowed_z(freedom),
            .notes = std::move(notes_)};
}

} // namespace tinymf::host
