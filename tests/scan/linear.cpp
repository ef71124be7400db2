// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

#include "experiment/experiment.hpp"
#include "scan/independent.hpp"
#include "scan/scans.hpp"
#include "theory/finite_size_prediction.hpp"

namespace tinymf::scan {
namespace {

using host::predict;
using host::Prediction;

/// Everything of a network with a reciprocity by integrals over plain grids.
void compare_reciprocal(Table& table, const Parameters& p, const Prediction& found) {
    const std::string place = place_of(p);
    const LinearSpectrum spectrum(p.gain, p.reciprocity, p.noise,
                                  p.noise_kind == NoiseKind::colored ? p.noise_time : 0.0);
    const double variance = spectrum.variance();
    table.record("theory Cx0, linear, any reciprocity", "1e-12",
                 std::abs(found.stationary.input_variance.value() / variance - 1.0), 1e-12, place);
    table.record(
        "theory D, linear, any reciprocity", "1e-11",
        std::abs(found.participation.input.value() * spectrum.square() / (variance * variance) -
                 1.0),
        1e-11, place);
    const auto& fdt = found.fluctuation_dissipation;
    if (fdt.effective_temperature.known() && p.noise_kind == NoiseKind::white) {
        for (std::size_t k = 0; k < fdt.omega.size(); ++k) {
            table.record(
                "theory effective temperature", "1e-9",
                std::abs(fdt.effective_temperature.value()[k] / spectrum.temperature(fdt.omega[k]) -
                         1.0),
                1e-9, place);
        }
    }
    if (fdt.temperature.known()) {
        table.record("theory temperature", "1e-15",
                     std::abs(fdt.temperature.value() / (p.noise * p.noise / 2.0) - 1.0), 1e-15,
                     place);
    }
    if (found.critical_gain.known()) {
        table.record("theory critical gain, linear", "1e-12",
                     std::abs(found.critical_gain.value() * (1.0 + p.reciprocity) - 1.0), 1e-12,
                     place);
    }
    if (found.largest_lyapunov_exponent.known()) {
        // The spectrum of gJ is an ellipse with the half axis g (1 + eta) along the real line.
        table.record("theory lyapunov.max, linear", "1e-12",
                     std::abs(found.largest_lyapunov_exponent.value() -
                              (p.gain * (1.0 + p.reciprocity) - 1.0)),
                     1e-12, place);
    }
}

} // namespace

/// Linear networks: closed forms, the ladder sum, and possible ranges at every reciprocity.
void scan_linear(Table& table, Choice& choice) {
    for (const double gain : {0.0, 0.001, 0.1, 0.5, 0.8, 0.99, 0.999999}) {
        for (int k = -10; k <= 20; ++k) {
            if (!choice.take()) {
                continue;
            }
            const double tc = std::ldexp(1.0, k);
            const Parameters p =
                parameters_of(ActivationKind::linear, gain, 1.0, NoiseKind::colored, tc);
            const Prediction found = predict(p);
            require_possible(table, found, place_of(p));
            const double exact = linear_variance(gain, tc);
            table.record("theory Cx0, linear, coloured", "1e-11",
                         std::abs(found.stationary.input_variance.value() / exact - 1.0), 1e-11,
                         place_of(p));
            if (gain <= 0.5 && k % 5 == 0) {
                table.record("theory D, linear, coloured", "1e-8",
                             std::abs(found.participation.input.value() * linear_square(gain, tc) /
                                          (exact * exact) -
                                      1.0),
                             1e-8, place_of(p));
            }
        }
    }
    for (int k = 1; k <= 12; ++k) {
        const double gain = 1.0 - std::pow(10.0, -k);
        const double rate = std::sqrt((1.0 - gain) * (1.0 + gain));
        const double exact =
            8.0 * std::pow(rate, 3) /
            (3.0 - 2.0 * rate + 4.0 * rate * rate + 2.0 * std::pow(rate, 3) + std::pow(rate, 4));
        const Parameters p = parameters_of(ActivationKind::linear, gain, 1.0, NoiseKind::white);
        const Prediction found = predict(p);
        require_possible(table, found, place_of(p));
        table.record("theory D, linear, white", "1e-10",
                     std::abs(found.participation.input.value() / exact - 1.0), 1e-10, place_of(p));
    }
    for (const double reciprocity : {-1.0, -0.999, -0.5, -0.01, 0.01, 0.5, 0.999, 1.0}) {
        for (const double share : {0.01, 0.3, 0.9, 0.9999}) {
            for (const double tc : {0.0, 0.01, 1.0, 1e4}) {
                if (!choice.take()) {
                    continue;
                }
                const double gain = reciprocity == -1.0
                                        ? 100.0 * share
                                        : std::min(100.0, share / (1.0 + reciprocity));
                Parameters p = parameters_of(ActivationKind::linear, gain, 1.0,
                                             tc > 0.0 ? NoiseKind::colored : NoiseKind::white,
                                             tc > 0.0 ? tc : 1.0);
                p.reciprocity = reciprocity;
                const Prediction found = predict(p);
                require_possible(table, found, place_of(p));
                if (share < 0.95 && tc < 100.0 && gain < 2.0) {
                    compare_reciprocal(table, p, found);
                }
                if (reciprocity == -1.0 && tc == 0.0) { // 1 - gJ turns white noise, no more
                    table.record("theory Cx0, linear, white, reciprocity -1", "1e-12",
                                 std::abs(2.0 * found.stationary.input_variance.value() - 1.0),
                                 1e-12, place_of(p));
                    table.record("theory D, linear, white, reciprocity -1", "1e-11",
                                 std::abs(found.participation.input.value() - 1.0), 1e-11,
                                 place_of(p));
                }
                for (const auto integrator :
                     {model::IntegratorKind::euler, model::IntegratorKind::exponential_euler}) {
                    p.integrator = integrator;
                    p.dt = 0.05;
                    require_possible(table, predict(p, {.discrete = true}), place_of(p));
                }
            }
        }
    }
}

/// Corrections of order 1/N for J_ii = 0, in closed form.
void scan_finite_size(Table& table, Choice& choice) {
    for (const double gain : {0.01, 0.1, 0.3, 0.5, 0.7, 0.8, 0.9}) {
        for (const NoiseKind kind : {NoiseKind::white, NoiseKind::frozen}) {
            if (!choice.take()) {
                continue;
            }
            host::Experiment experiment;
            experiment.parameters = parameters_of(ActivationKind::linear, gain, 1.0, kind);
            experiment.network.neurons = 64;
            const host::FiniteSizePrediction found = host::predict_finite_size(experiment, false);
            const double x = gain * gain;
            const double k = std::sqrt((1.0 - gain) * (1.0 + gain));
            const double variance = kind == NoiseKind::frozen
                                        ? -x * (1.0 - 3.0 * x) / std::pow(1.0 - x, 3)
                                        : (1.0 - k) * (2.0 - k - 6.0 * k * k + k * k * k) /
                                              (4.0 * std::pow(k, 4) * (1.0 + k));
            const std::string place = place_of(experiment.parameters);
            if (found.input_variance.known()) {
                table.record("theory 1/N term of Cx0, linear", "1e-8 x/(1-x)^3",
                             std::abs(found.input_variance.value().coefficient - variance),
                             1e-8 * x / std::pow(1.0 - x, 3), place);
            }
            if (found.input_participation.known() && kind == NoiseKind::frozen) {
                const double dimension = x * (2.0 - 9.0 * x - 2.0 * x * x);
                table.record("theory 1/N term of D, linear static", "1e-8 x",
                             std::abs(found.input_participation.value().coefficient - dimension),
                             1e-8 * x, place);
            }
        }
    }
}

} // namespace tinymf::scan
