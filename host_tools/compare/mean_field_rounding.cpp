// SPDX-License-Identifier: Apache-2.0
#include "compare/mean_field_rounding.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "reference/mean_field_problem.hpp"

namespace tinymf::host {
namespace {

using Eigen::Index;

double unit_roundoff(const Recording& recording) {
    return recording.profile.scalar == experiment::ScalarKind::float32
               ? static_cast<double>(std::numeric_limits<float>::epsilon()) / 2.0
               : std::numeric_limits<double>::epsilon() / 2.0;
}

/// What a slope is off beyond its own rounding, absolute.
double slope_error(const Recording& recording, const TwoTimeArrays& solved, Index t) {
    constexpr double ulp_of_one = 2.0;     // tanh: 1 - phi^2; erf: rounded x^2, at most 2 x^2 phi'
    constexpr double largest_terms = 15.0; // pade: powers of x up to 8, each times its exponent
    constexpr double operations = 10.0;    // in each of them
    const double unit = unit_roundoff(recording);
    switch (recording.parameters.activation) {
    case model::ActivationKind::tanh:
    case model::ActivationKind::erf:
        return ulp_of_one * unit;
    case model::ActivationKind::pade:
        return solved.Cx(t, t) > 0.0 ? largest_terms * operations * unit *
                                           std::sqrt(solved.Cphi(t, t) / solved.Cx(t, t))
                                     : 0.0;
    default:
        return 0.0;
    }
}

} // namespace

double rounding_of_sums(const Recording& recording) {
    return 5.0 * unit_roundoff(recording) * std::sqrt(2.0 * recording.parameters.steps + 8.0);
}

double coefficient_error(const Recording& recording, std::uint32_t t) {
    const auto& p = recording.parameters;
    const bool exponential = p.integrator == model::IntegratorKind::exponential_euler;
    const double steps = exponential ? t + 1.0 / -std::expm1(-p.dt) : static_cast<double>(t);
    return 6.0 * unit_roundoff(recording) * steps;
}

double subnormal_error(const Recording& recording, std::uint32_t t) {
    const double smallest = recording.profile.scalar == experiment::ScalarKind::float32
                                ? static_cast<double>(std::numeric_limits<float>::denorm_min())
                                : std::numeric_limits<double>::denorm_min();
    const double gain = recording.parameters.gain;
    return (2.0 * t + 8.0) * smallest * std::max(1.0, gain * gain);
}

namespace {

/// The share that subnormal numbers take of the variance in row t, times the power of the states
/// that is averaged; all of it where the variance is as small as its error.
double lost_share(const Recording& recording, const TwoTimeArrays& solved, Index t, double power) {
    const double variance = solved.Cx(t, t) - solved.mean[t] * solved.mean[t];
    const double error = subnormal_error(recording, static_cast<std::uint32_t>(t));
    return variance > error ? std::abs(power) * error / variance : 1.0;
}

double subnormal_output_error(const Recording& recording, const TwoTimeArrays& solved,
                              std::uint32_t t) {
    const auto& p = recording.parameters;
    const double power = p.activation == model::ActivationKind::power_law ? p.exponent : 1.0;
    const double own = lost_share(recording, solved, t, power);
    double largest = 0.0;
    for (Index s = 0; s <= static_cast<Index>(t); ++s) {
        largest =
            std::max(largest, std::abs(solved.Cphi(t, s)) *
                                  std::min(1.0, own + lost_share(recording, solved, s, power)));
    }
    return largest;
}

} // namespace

std::vector<double> subnormal_output_errors(const Recording& recording,
                                            const TwoTimeArrays& solved) {
    std::vector<double> errors;
    for (std::uint32_t t = 0; t <= recording.parameters.steps; ++t) {
        errors.push_back(subnormal_output_error(recording, solved, t));
    }
    return errors;
}

namespace {

/// A rectifier's averages at a mean of h < 0 deviations, and so of all pairs with that time: errors
/// of their arguments change the densities h^2 times. Relative to the root of both second moments.
double tail_growth(const Recording& recording, const TwoTimeArrays& solved, Index t) {
    const double variance = solved.Cx(t, t) - solved.mean[t] * solved.mean[t];
    const bool in_the_tail = recording.parameters.activation == model::ActivationKind::relu &&
                             solved.mean[t] < 0.0 && variance > 0.0;
    return in_the_tail ? solved.mean[t] * solved.mean[t] / variance : 0.0;
}

/// For all times up to t; none without a mean.
Eigen::VectorXd tail_errors(const Recording& recording, const TwoTimeArrays& solved, Index t,
                            double relative) {
    const double own = tail_growth(recording, solved, t);
    return Eigen::VectorXd::NullaryExpr(t + 1, [&](Index s) {
        return relative * (own + tail_growth(recording, solved, s)) *
               std::sqrt(solved.Cphi(t, t) * solved.Cphi(s, s));
    });
}

} // namespace

TwoTimeArrays arithmetic_bounds(const Recording& recording, const TwoTimeArrays& solved) {
    const auto& p = recording.parameters;
    const Index points = solved.mean.size();
    const double nu = mean_field_problem(p).nu;
    const bool by_novikov = p.reciprocity * p.gain != 0.0 && nu > 0.0;
    const std::vector<double> lost_outputs = subnormal_output_errors(recording, solved);
    TwoTimeArrays bounds = zero_arrays(points);
    double carried = 0.0; // by the field, from the outputs of earlier rows
    for (Index t = 0; t < points; ++t) {
        const auto step = static_cast<std::uint32_t>(t);
        const double relative = rounding_of_sums(recording) + coefficient_error(recording, step);
        const double absolute = subnormal_error(recording, step) + carried;
        const auto bound = [&](const TwoTimeMatrix& correlation) {
            return relative * correlation.row(t).head(t + 1).cwiseAbs().maxCoeff() + absolute;
        };
        bounds.Cx.row(t).head(t + 1).setConstant(bound(solved.Cx));
        const Eigen::VectorXd of_tail = tail_errors(recording, solved, t, relative);
        bounds.Cphi.row(t).head(t + 1).setConstant(bound(solved.Cphi) + lost_outputs[step]);
        bounds.Cphi.row(t).head(t + 1) += of_tail.transpose();
        const double of_slope = slope_error(recording, solved, t);
        const double lost = p.activation == model::ActivationKind::power_law
                                ? lost_share(recording, solved, t, p.exponent - 1.0)
                                : 0.0;
        const double of_novikov = by_novikov ? relative * std::sqrt(solved.Cphi(t, t) / nu) : 0.0;
        const double of_mean = relative * tail_growth(recording, solved, t);
        bounds.Rphi.row(t).head(t) =
            (relative + of_mean + lost) * solved.Rphi.row(t).head(t).cwiseAbs() +
            of_slope * solved.Rx.row(t).head(t).cwiseAbs();
        bounds.Rphi.row(t).head(t).array() += of_novikov + absolute;
        carried += p.gain * p.gain * (lost_outputs[step] + of_tail.maxCoeff());
    }
    return bounds;
}

} // namespace tinymf::host
