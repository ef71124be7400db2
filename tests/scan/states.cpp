// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <complex>
#include <memory>
#include <numbers>

#include "reference/gaussian_pair_average.hpp"
#include "reference/stationary_equation.hpp"
#include "scan/independent.hpp"
#include "scan/scans.hpp"
#include "tinymf/mean_field/stationary.hpp"

namespace tinymf::scan {

using host::predict;
using host::Prediction;

void require_possible(Table& table, const Prediction& p, const std::string& place) {
    const auto dimension = [&](const std::string& quantity, const host::Quantity<double>& d) {
        if (d.known()) {
            table.require(quantity, d.value() > 0.0 && d.value() <= 1.0, d.value(), place);
        }
    };
    dimension("participation.input", p.participation.input);
    dimension("participation.output", p.participation.output);
    dimension("participation.long_window", p.participation.long_window);
    for (const auto* variance : {&p.stationary.input_variance, &p.stationary.output_variance}) {
        if (variance->known()) {
            table.require("variance", variance->value() >= 0.0, variance->value(), place);
        }
    }
    if (p.stationary.input_correlation.known()) {
        const double top = p.stationary.input_variance.value() * (1.0 + 1e-9);
        for (const double c : p.stationary.input_correlation.value()) {
            table.require("Cx(tau)", std::abs(c) <= top, c, place);
        }
    }
    if (p.largest_lyapunov_exponent.known()) {
        const double exponent = p.largest_lyapunov_exponent.value();
        // On a grid a neuron alone decays at ln(alpha)/dt.
        const bool possible = p.dt > 0.0 || exponent >= -1.0 - 1e-9;
        table.require("lyapunov.max", possible && std::isfinite(exponent), exponent, place);
    }
}

void compare_exponent(Table& table, const Parameters& p, const Prediction& found) {
    using State = mean_field::StationaryState<double, 64>;
    if (State::refuse(p) || !found.largest_lyapunov_exponent.known() ||
        p.noise_kind == NoiseKind::colored) {
        return;
    }
    const auto state = std::make_unique<State>(p);
    if (state->regime() == mean_field::StationaryRegime::unresolved ||
        state->regime() == mean_field::StationaryRegime::none) {
        return;
    }
    table.record("theory lyapunov.max against the device's", "1e-6 (1 + g)",
                 std::abs(found.largest_lyapunov_exponent.value() - state->lyapunov_exponent()),
                 1e-6 * (1.0 + p.gain), place_of(p));
}

/// C(0) of tanh and erf from their energy, s2^2/8 - v^2/2 + g^2 int F = 0, and of static noise: the
/// residual over its slope is the error of the variance to first order.
void scan_energy(Table& table, Choice& choice) {
    for (const ActivationKind kind : {ActivationKind::tanh, ActivationKind::erf}) {
        const auto integral = kind == ActivationKind::tanh ? tanh_integral : erf_integral;
        for (const double gain : {0.01, 0.5, 0.9, 1.1, 1.5, 3.0, 10.0, 30.0, 100.0}) {
            for (const double noise : {0.0, 1e-3, 0.1, 1.0, 10.0, 100.0}) {
                if (!choice.take(4)) {
                    continue;
                }
                const Parameters p = parameters_of(kind, gain, noise, NoiseKind::white);
                const Prediction found = predict(p);
                require_possible(table, found, place_of(p));
                const double variance = found.stationary.input_variance.value();
                if (variance == 0.0) {
                    continue;
                }
                const double x = gain * gain;
                const auto energy = [&](double v) {
                    return std::pow(noise, 4) / 8.0 - v * v / 2.0 + x * integral(v);
                };
                const double h = 1e-4 * variance;
                const double slope = (energy(variance + h) - energy(variance - h)) / (2.0 * h);
                table.record(fmt::format("theory Cx0, {}, white and none", name(kind)), "1e-8",
                             std::abs(energy(variance) / slope) / variance, 1e-8, place_of(p));
            }
        }
    }
}

namespace {

/// How much a change of the drive is amplified: near a critical point both solutions are that much
/// less sharp.
double amplification(const Parameters& p, double slope) {
    const double u = std::pow(p.gain * slope, 2);
    return std::min(1e4, 1.0 / std::max(1e-12, std::abs(1.0 - u)));
}

void compare_correlations(Table& table, const Parameters& p, const Prediction& found,
                          const host::StationaryCorrelation& exact, double slack) {
    const auto& state = found.stationary;
    const std::string group = name(p.activation);
    for (std::size_t k = 0; k < lags.size(); ++k) {
        const std::string place = fmt::format("{} tau {}", place_of(p), lags[k]);
        table.record("theory Cx(tau), " + group, "3e-11 C(0)/abs(1 - u)",
                     std::abs(state.input_correlation.value()[k] - exact.Cx[k]),
                     3e-11 * slack * exact.Cx[0], place);
        table.record("theory Cphi(tau), " + group, "3e-11 Cphi(0)/abs(1 - u)",
                     std::abs(state.output_correlation.value()[k] - exact.Cphi[k]),
                     3e-11 * slack * exact.Cphi[0], place);
    }
    table.record("theory Cphi0", "3e-11/abs(1 - u)",
                 std::abs(state.output_variance.value() / exact.Cphi[0] - 1.0), 3e-11 * slack,
                 place_of(p));
}

/// What follows from the variance and the mean gain alone.
void compare_single_numbers(Table& table, const Parameters& p, const Prediction& found,
                            double slope, double slack) {
    const std::string place = place_of(p);
    const double u = std::pow(p.gain * slope, 2);
    const auto& state = found.stationary;
    table.record("theory mean gain", "3e-11/abs(1 - u)",
                 std::abs(state.mean_gain.value() / slope - 1.0), 3e-11 * slack, place);
    if (state.response.known()) {
        for (std::size_t k = 1; k < lags.size(); ++k) {
            table.record("theory R(tau)", "3e-11/abs(1 - u)",
                         std::abs(state.response.value()[k] / (slope * std::exp(-lags[k])) - 1.0),
                         3e-11 * slack, place);
        }
    }
    const bool plain = p.activation != ActivationKind::relu && p.noise_kind == NoiseKind::white;
    if (plain && state.decay_rate.known() && u < 1.0) {
        // The rate itself is a root of 1 - u.
        table.record("theory decay rate, white and none", "3e-11/abs(1 - u)^2",
                     std::abs(state.decay_rate.value() / std::sqrt(1.0 - u) - 1.0),
                     3e-11 * slack * slack, place);
    }
    if (plain && found.participation.long_window.known()) {
        table.record("theory D in long windows", "3e-11/abs(1 - u)^2",
                     std::abs(found.participation.long_window.value() / std::pow(1.0 - u, 2) - 1.0),
                     3e-11 * slack * slack, place);
    }
}

/// The gain at which the device's exponent is 0; without a drive 1 over the slope at rest.
void compare_critical_gain(Table& table, Parameters p, const Prediction& found) {
    if (!found.critical_gain.known() || p.noise_kind == NoiseKind::colored ||
        p.activation == ActivationKind::linear || p.activation == ActivationKind::power_law) {
        return;
    }
    const double critical = found.critical_gain.value();
    if (p.activation == ActivationKind::relu || p.noise == 0.0) {
        const double exact = p.activation == ActivationKind::relu ? std::numbers::sqrt2
                             : p.activation == ActivationKind::erf
                                 ? 1.0 / std::numbers::inv_sqrtpi / 2.0
                                 : 1.0;
        table.record("theory critical gain, closed", "1e-12", std::abs(critical / exact - 1.0),
                     1e-12, place_of(p));
        return;
    }
    p.gain = critical;
    const auto state = std::make_unique<mean_field::StationaryState<double, 64>>(p);
    table.record("device's exponent at theory's critical gain", "1e-6 (1 + g)",
                 std::abs(state->lyapunov_exponent()), 1e-6 * (1.0 + critical), place_of(p));
}

/// Fixed points under static noise: every covariance in closed form.
void compare_static(Table& table, const Parameters& p, const Prediction& found, double variance,
                    double output, double slope, double slack) {
    const std::string place = place_of(p);
    const double s2 = p.noise * p.noise;
    const double u = std::pow(p.gain * slope, 2);
    const double v = 1.0 / (1.0 - u);
    const double rest = output - slope * slope * variance;
    const double x = p.gain * p.gain;
    const double whole = s2 * s2 * std::pow(v, 4) +
                         2.0 * s2 * rest * x * v * v * (v * v + v - 1.0) +
                         rest * rest * x * x * v * v * (v * v + 2.0 * v - 1.0);
    const auto record = [&](const std::string& quantity, const host::Quantity<double>& predicted,
                            double exact, double scale) {
        if (predicted.known()) {
            table.record(quantity, "1e-10/abs(1 - u)^2",
                         std::abs(predicted.value() - exact) / scale, 1e-10 * slack * slack, place);
        }
    };
    record("theory D_out, static", found.participation.output, std::pow(1.0 - u, 2), 1.0);
    record("theory D_in, static", found.participation.input, variance * variance / whole, 1.0);
    record("theory N Var C_phi, static", found.covariance.output_spread,
           output * output * (v * v - 1.0), output * output * v * v);
    record("theory N Var C_x, static", found.covariance.input_spread, whole - variance * variance,
           whole);
}

/// Half the spectrum of the field, that of C_phi by Simpson's rule.
void compare_temperatures(Table& table, const Parameters& p, const Prediction& found,
                          const std::vector<double>& outputs, double step) {
    const auto& fdt = found.fluctuation_dissipation;
    if (!fdt.effective_temperature.known()) {
        return;
    }
    for (std::size_t k = 0; k < fdt.omega.size(); ++k) {
        const double spectrum = cosine_transform(outputs, step, fdt.omega[k]);
        const double exact = (p.gain * p.gain * spectrum + p.noise * p.noise) / 2.0;
        table.record("theory effective temperature, white", "1e-6",
                     std::abs(fdt.effective_temperature.value()[k] / exact - 1.0), 1e-6,
                     fmt::format("{} omega {}", place_of(p), fdt.omega[k]));
    }
}

/// tr C^2/N of the equal-time covariances under white noise by sums over single integrals, C_phi
/// and C_x from the independent solution by a cosine transform.
void compare_equal_time(Table& table, const Parameters& p, const Prediction& found, double slope) {
    const double u = std::pow(p.gain * slope, 2);
    if (!found.participation.output.known() || u > 0.7) {
        return;
    }
    constexpr double step = 0.01;
    std::vector<double> grid;
    for (double lag = 0.0; lag <= 60.0; lag += step) {
        grid.push_back(lag);
    }
    const auto exact = host::solve_stationary_equation(p, grid);
    if (!exact) {
        return;
    }
    const auto compare = [&](const std::string& quantity, const host::Quantity<double>& predicted,
                             double variance, double square) {
        table.record(quantity, "1e-6",
                     std::abs(predicted.value() * square / (variance * variance) - 1.0), 1e-6,
                     place_of(p));
    };
    compare("theory D_out, white", found.participation.output, exact->Cphi[0],
            ladder_square(exact->Cphi, step, u));
    compare_temperatures(table, p, found, exact->Cphi, step);
    std::vector<double> own;
    for (std::size_t k = 0; k < grid.size(); ++k) {
        own.push_back(exact->Cphi[k] - slope * slope * exact->Cx[k]);
    }
    compare("theory D_in, white", found.participation.input, exact->Cx[0],
            planar_square(own, step, p.noise * p.noise, p.gain * p.gain, u));
}

void visit_state(Table& table, const Parameters& p) {
    const Prediction found = predict(p, {.tau = lags});
    require_possible(table, found, place_of(p));
    if (!found.stationary.input_correlation.known() ||
        !(found.stationary.input_variance.value() > 0.0)) {
        return;
    }
    const auto exact = host::solve_stationary_equation(p, lags);
    table.require("an independent solution of no smaller C(0)", !exact || exact->Cx[0] > 0.0,
                  exact ? exact->Cx[0] : 0.0, place_of(p));
    if (!exact) {
        return;
    }
    const host::GaussianPairAverage average(p);
    const double slope = average.slope({0.0, exact->Cx[0]});
    const double slack = amplification(p, slope);
    compare_correlations(table, p, found, *exact, slack);
    compare_single_numbers(table, p, found, slope, slack);
    compare_exponent(table, p, found);
    if (p.gain == 0.95) {
        compare_critical_gain(table, p, found);
    }
    const bool at_rest = std::abs(exact->Cx.back() - exact->Cx[0]) < 1e-14 * exact->Cx[0];
    if (p.noise_kind == NoiseKind::frozen && at_rest) {
        compare_static(table, p, found, exact->Cx[0], exact->Cphi[0], slope, slack);
    }
    if (p.noise_kind == NoiseKind::white && p.noise > 0.0 && p.activation != ActivationKind::relu) {
        compare_equal_time(table, p, found, slope);
    }
}

} // namespace

/// Every activation and noise against the boundary value problem of the reference layer.
void scan_states(Table& table, Choice& choice) {
    for (const ActivationKind kind :
         {ActivationKind::linear, ActivationKind::relu, ActivationKind::tanh, ActivationKind::erf,
          ActivationKind::pade, ActivationKind::power_law}) {
        for (const double gain : {0.1, 0.6, 0.95, 1.2, 3.0}) {
            for (const double noise : {0.0, 0.05, 1.0}) {
                for (const double time : {-1.0, 0.0, 0.03, 30.0}) {
                    if (!choice.take(2)) {
                        continue;
                    }
                    Parameters p = parameters_of(kind, gain, noise,
                                                 time < 0.0    ? NoiseKind::frozen
                                                 : time == 0.0 ? NoiseKind::white
                                                               : NoiseKind::colored,
                                                 std::max(time, 0.01));
                    p.exponent = gain < 0.95 ? 0.75 : 0.6;
                    if (noise > 0.0 || time == 0.0) {
                        visit_state(table, p);
                    }
                }
            }
        }
    }
}

} // namespace tinymf::scan
