// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <memory>

#include <Eigen/Dense>

#include "theory/anderson_acceleration.hpp"
#include "theory/autocorrelation.hpp"
#include "theory/decay_rate.hpp"
#include "theory/energy_condition.hpp"
#include "theory/fluctuating_state.hpp"
#include "theory/lag_window.hpp"
#include "theory/lyapunov_schroedinger.hpp"

namespace tinymf::host {
namespace {

using Eigen::VectorXd;

/// C_x of a neuron without couplings: s2 tc (tc exp(-tau/tc) - exp(-tau))/(tc^2 - 1), with the
/// difference in a form that does not cancel where the correlation time is near 1.
double uncoupled_correlation(const Drive& drive, double tau) {
    const double tc = drive.time;
    const double slow = std::exp(-tau / tc);
    const double difference = std::abs(tc - 1.0) > 0.5 ? (slow - std::exp(-tau)) / (tc - 1.0)
                              : tc == 1.0
                                  ? tau * std::exp(-tau)
                                  : std::exp(-tau) * std::expm1(tau * (tc - 1.0) / tc) / (tc - 1.0);
    return drive.strength * tc / (tc + 1.0) * (slow + difference);
}

/// Noise much slower than the network is static for it, and what it leaves frozen then follows the
/// noise; faster noise is close to white.
VectorXd guessed_correlation(const experiment::Parameters<double>& parameters, const Drive& drive,
                             const LagPanels& panels) {
    constexpr double slow = 10.0;
    const auto count = static_cast<Eigen::Index>(panels.lags().size());
    if (drive.time < slow) {
        const std::vector<double> values = continuum_guess(parameters, drive).at(panels.lags());
        return Eigen::Map<const VectorXd>(values.data(), count);
    }
    const Drive frozen{Drive::Kind::frozen, drive.strength, 1.0};
    VectorXd guess(count);
    double plateau = stationary_variance(parameters, frozen).value_or(drive.strength);
    if (const auto chaotic = chaotic_variance(parameters, drive.strength)) {
        const Autocorrelation correlation(parameters, frozen, *chaotic);
        plateau = correlation.plateau();
        const std::vector<double> values = correlation.at(panels.lags());
        guess = Eigen::Map<const VectorXd>(values.data(), count).array() - plateau;
    } else {
        guess.setZero();
    }
    for (Eigen::Index k = 0; k < count; ++k) {
        guess[k] += plateau * std::exp(-panels.lags()[static_cast<std::size_t>(k)] / drive.time);
    }
    return guess;
}

} // namespace

std::optional<FluctuatingState> colored_state(const experiment::Parameters<double>& parameters,
                                              const Drive& drive) {
    constexpr int most_iterations = 400;
    constexpr double tolerance = 1e-12; // rounding of the two passes stays below 1e-13
    const double x = parameters.gain * parameters.gain;
    double rate = decay_rate(0.0, drive, TimeScheme::continuum());
    GaussianMoments moments =
        gaussian_moments(parameters, drive.strength * drive.time / (1.0 + drive.time));
    for (int attempt = 0; attempt < 20; ++attempt) {
        const auto panels =
            std::make_shared<LagPanels>(panels_for(parameters, moments, drive.time, rate));
        const auto count = static_cast<Eigen::Index>(panels->lags().size());
        VectorXd uncoupled(count);
        for (Eigen::Index k = 0; k < count; ++k) {
            uncoupled[k] =
                uncoupled_correlation(drive, panels->lags()[static_cast<std::size_t>(k)]);
        }
        const auto map = [&](const VectorXd& c) -> VectorXd {
            if (!(c[0] > 0.0)) {
                return VectorXd::Constant(count, std::nan(""));
            }
            const BivariateAverage average(parameters, c[0]);
            const VectorXd field =
                c.unaryExpr([&](double value) { return x * average.output(value); });
            return uncoupled + panels->responded(field);
        };
        const auto solution = fixed_point(map, guessed_correlation(parameters, drive, *panels),
                                          tolerance, most_iterations);
        if (!solution) {
            return std::nullopt;
        }
        const BivariateAverage average(parameters, (*solution)[0]);
        const double plateau = correlation_plateau(average, parameters.gain, 0.0).value_or(0.0);
        const double found = decay_rate(x * average.slope(plateau), drive, TimeScheme::continuum());
        if (found < rate / 1.1 && found > 1e-9) {
            rate = found;
            moments = average.moments();
            continue;
        }
        const CorrelationTable input{0.0, {solution->begin(), solution->end()}, panels};
        const auto correlation = [input](std::span<const double> tau) {
            std::vector<double> values;
            for (const double lag : tau) {
                values.push_back(input.panels->at(input.values, lag));
            }
            return values;
        };
        return FluctuatingState{average,
                                plateau,
                                found,
                                correlation,
                                [input] { return input; },
                                [average, gain = parameters.gain, correlation, found] {
                                    return lyapunov_of_correlation(average, gain, correlation,
                                                                   found);
                                },
                                {}};
    }
    return std::nullopt;
}

} // namespace tinymf::host
