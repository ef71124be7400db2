// SPDX-License-Identifier: Apache-2.0
#include "compare/two_time_rows.hpp"

#include <cmath>
#include <string_view>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "tinymf/assert.hpp"

namespace tinymf::host {
namespace {

using Index = Eigen::Index;
using Member = TwoTimeMatrix TwoTimeArrays::*;
using Place = std::pair<Index, Index>;

double error_at(const TwoTimeSolution& solution, Member member, const Place& place) {
    return solution.sampled() ? (solution.standard_error.*member)(place.first, place.second) : 0.0;
}

TheoryRow row_at(const TwoTimeSolution& observed, const TwoTimeSolution& predicted,
                 std::string_view name, Member member, const Place& place,
                 const std::string& origin) {
    const auto time = [&observed](Index i) { return observed.times[static_cast<std::size_t>(i)]; };
    return {.name = fmt::format("{}({:g},{:g})", name, time(place.first), time(place.second)),
            .observed = (observed.value.*member)(place.first, place.second),
            .predicted = (predicted.value.*member)(place.first, place.second),
            .standard_error =
                std::hypot(error_at(observed, member, place), error_at(predicted, member, place)),
            .origin = origin};
}

/// dt sum_s R_phi(T, s): errors of neighbouring entries are taken as those of one number, the
/// larger estimate.
TheoryRow response_integral(const TwoTimeSolution& observed, const TwoTimeSolution& predicted,
                            const std::string& origin) {
    const Index last = observed.value.Rphi.rows() - 1;
    const double dt = observed.times.size() > 1 ? observed.times[1] - observed.times[0] : 0.0;
    const auto integral = [&](const TwoTimeArrays& arrays) {
        return dt * arrays.Rphi.row(last).sum();
    };
    const auto error = [&](const TwoTimeSolution& solution) {
        return solution.sampled() ? integral(solution.standard_error) : 0.0;
    };
    return {.name = fmt::format("int Rphi({:g},.)", observed.times.back()),
            .observed = integral(observed.value),
            .predicted = integral(predicted.value),
            .standard_error = std::hypot(error(observed), error(predicted)),
            .origin = origin};
}

/// Values of one side along places, and their errors.
std::pair<std::vector<double>, std::vector<double>>
along(const TwoTimeSolution& solution, Member member, const std::vector<Place>& places) {
    std::pair<std::vector<double>, std::vector<double>> side;
    for (const Place& place : places) {
        side.first.push_back((solution.value.*member)(place.first, place.second));
        side.second.push_back(error_at(solution, member, place));
    }
    return side;
}

TheoryCurve curve_along(const TwoTimeSolution& observed, const TwoTimeSolution& predicted,
                        std::string name, std::string axis, Member member,
                        const std::vector<Place>& places, std::vector<double> x) {
    TheoryCurve curve;
    curve.name = std::move(name);
    curve.axis = std::move(axis);
    curve.x = std::move(x);
    std::tie(curve.observed, curve.observed_error) = along(observed, member, places);
    std::tie(curve.predicted, curve.predicted_error) = along(predicted, member, places);
    return curve;
}

} // namespace

std::vector<TheoryRow> two_time_rows(const TwoTimeSolution& observed,
                                     const TwoTimeSolution& predicted, Responses responses,
                                     const std::string& origin) {
    TINYMF_ASSERT(observed.times.size() == predicted.times.size());
    const auto last = static_cast<Index>(observed.times.size()) - 1;
    const Index half = last / 2;
    std::vector<TheoryRow> rows;
    for (const auto& [name, member] : {std::pair{std::string_view("Cx"), &TwoTimeArrays::Cx},
                                       std::pair{std::string_view("Cphi"), &TwoTimeArrays::Cphi}}) {
        for (const Place& place :
             {Place{last / 4, last / 4}, Place{half, half}, Place{3 * last / 4, 3 * last / 4},
              Place{last, last}, Place{last, half}, Place{last, 3 * last / 4}}) {
            rows.push_back(row_at(observed, predicted, name, member, place, origin));
        }
    }
    if (responses == Responses::present) {
        rows.push_back(response_integral(observed, predicted, origin));
    }
    return rows;
}

std::vector<TheoryCurve> two_time_curves(const TwoTimeSolution& observed,
                                         const TwoTimeSolution& predicted, Responses responses) {
    const auto n = static_cast<Index>(observed.times.size());
    std::vector<Place> diagonal;
    std::vector<Place> last_row;
    std::vector<double> lags;
    for (Index i = 0; i < n; ++i) {
        diagonal.emplace_back(i, i);
        last_row.emplace_back(n - 1, n - 1 - i);
        lags.push_back(observed.times.back() - observed.times[static_cast<std::size_t>(n - 1 - i)]);
    }
    const std::string time_axis = "time t / τ";
    const std::string lag_axis = "lag / τ, back from the last time";
    const auto curve = [&](std::string name, const std::string& axis, Member member,
                           const std::vector<Place>& places, const std::vector<double>& x) {
        return curve_along(observed, predicted, std::move(name), axis, member, places, x);
    };
    std::vector<TheoryCurve> curves{
        curve("Cx(t,t)", time_axis, &TwoTimeArrays::Cx, diagonal, observed.times),
        curve("Cphi(t,t)", time_axis, &TwoTimeArrays::Cphi, diagonal, observed.times),
        curve("Cx(T,T-lag)", lag_axis, &TwoTimeArrays::Cx, last_row, lags),
        curve("Cphi(T,T-lag)", lag_axis, &TwoTimeArrays::Cphi, last_row, lags)};
    if (responses == Responses::present) {
        curves.push_back(curve("Rphi(T,T-lag)", lag_axis, &TwoTimeArrays::Rphi, last_row, lags));
    }
    return curves;
}

} // namespace tinymf::host
