// SPDX-License-Identifier: Apache-2.0
#include "compare/mean_field_comparison.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>

#include "recording/recorded_mean_field.hpp"
#include "reference/gaussian_pair_average.hpp"
#include "reference/stationary_equation.hpp"
#include "reference/stationary_reference.hpp"

namespace tinymf::host {
namespace {

using mean_field::TwoTimeArray;

/// How much more the errors of a run's look-ups tell where they decide between nearly equal
/// potentials (mean_field/stationary.hpp): in the chaos of a power law under static noise.
double balance_of_potentials(const experiment::Parameters<double>& p,
                             const StationaryCorrelation& reference) {
    const bool moves = reference.Cx.back() < reference.Cx.front();
    return moves && p.activation == model::ActivationKind::power_law && p.exponent < 1.0 &&
                   p.noise_kind == model::NoiseKind::frozen && p.noise > 0.0
               ? 20.0
               : 1.0;
}

/// How far a run's roundings may move the fixed points v = sigma^2 + g^2 F(v) of static noise,
/// relative to v: those of a sum of squares, some eight units, over 1 - g^2 F'. That is small next
/// to the gain at which they lose stability.
double roundings_of_fixed_points(const experiment::Parameters<double>& p,
                                 experiment::ScalarKind scalar,
                                 const StationaryCorrelation& reference) {
    constexpr double units = 8.0;
    constexpr double share = 1e-4; // of v, for the slope
    const double v = reference.Cx.front();
    const bool moves = reference.Cx.back() < v;
    if (moves || p.noise_kind != model::NoiseKind::frozen || !(p.noise > 0.0 && v > 0.0)) {
        return 0.0;
    }
    const GaussianPairAverage average(p);
    const auto outputs = [&average](double variance) {
        return average.output({0.0, variance}, {0.0, variance}, variance);
    };
    const double slope =
        (outputs(v * (1.0 + share)) - outputs(v * (1.0 - share))) / (2.0 * share * v);
    const double unit = scalar == experiment::ScalarKind::float32 ? 0x1p-24 : 0x1p-53;
    return units * unit / std::abs(1.0 - p.gain * p.gain * slope);
}

/// By the boundary value problem; by theory where that is not solved.
StationaryCorrelation correlation_of(const Experiment& experiment, std::string& method) {
    if (auto independent = solve_stationary_equation(
            experiment.parameters, stationary_reference_lags(experiment.parameters))) {
        method = "collocation";
        return *std::move(independent);
    }
    StationarySolution theory = solve_stationary_reference(experiment);
    method = "theory, for want of an independent solution";
    return {std::move(theory.Cx), std::move(theory.Cphi)};
}

} // namespace

double accuracy_of_stationary_run(experiment::ScalarKind scalar) {
    return scalar == experiment::ScalarKind::float32 ? 1e-5 : 1e-9;
}

MeanFieldDistance compare_stationary_mean_field(const Recording& recording) {
    const StationarySolution observed = recorded_stationary(recording);
    const Experiment experiment = experiment_as_run(recording);
    MeanFieldDistance result;
    const StationaryCorrelation reference = correlation_of(experiment, result.method);
    result.by_lag = true;
    result.times = observed.lags;
    const experiment::ScalarKind scalar = recording.profile.scalar;
    result.relative_error =
        std::max(accuracy_of_stationary_run(scalar) *
                     balance_of_potentials(experiment.parameters, reference),
                 roundings_of_fixed_points(experiment.parameters, scalar, reference));
    const auto& p = recording.parameters;
    const double power = p.activation == model::ActivationKind::power_law ? p.exponent : 1.0;
    const ErrorPlace of_state{static_cast<std::uint32_t>(TwoTimeArray::state_correlation), 0};
    const ErrorPlace of_output{static_cast<std::uint32_t>(TwoTimeArray::output_correlation), 0};
    bool meaningful = true;
    for (std::size_t k = 0; k < observed.lags.size(); ++k) {
        const std::uint32_t row = recording.steps_of(0)[k];
        result.rows.push_back(row);
        const double state = std::abs(observed.Cx[k] - reference.Cx[row]);
        const double output = std::abs(observed.Cphi[k] - reference.Cphi[row]);
        const double relative = result.relative_error * std::exp(observed.lags[k]);
        meaningful = meaningful && relative <= meaningful_share;
        if (meaningful) {
            // As outputs go as this power of the states, so do their relative errors.
            result.distance.keep_nearest(k, state, relative * reference.Cx.front(), of_state);
            result.distance.keep_nearest(
                k, output, relative * std::max(1.0, power) * reference.Cphi.front(), of_output);
        } else {
            result.distance.raise(k, state, of_state);
        }
    }
    return result;
}

} // namespace tinymf::host
