// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <memory>
#include <optional>

#include "base/host_error.hpp"
#include "reference/linear_two_time.hpp"
#include "reference/mean_field_problem.hpp"
#include "reference/two_time_closure.hpp"
#include "scan/scans.hpp"
#include "tinymf/mean_field/forward_sampler.hpp"
#include "tinymf/mean_field/gaussian_closure.hpp"
#include "tinymf/mean_field/linear_closure.hpp"
#include "tinymf/mean_field/stationary_run.hpp"

namespace tinymf::scan {
namespace {

using host::predict;
using host::Prediction;

/// Device `stationary` against theory, two codes that share no line.
template <class T>
void compare_stationary(Table& table, const Parameters& wide, const Prediction& theory,
                        const std::string& group) {
    model::Parameters<T> p;
    p.activation = wide.activation;
    p.gain = static_cast<T>(wide.gain);
    p.noise = static_cast<T>(wide.noise);
    p.noise_kind = wide.noise_kind;
    p.noise_time = static_cast<T>(wide.noise_time);
    p.exponent = static_cast<T>(wide.exponent);
    using State = mean_field::StationaryState<T, sizeof(T) == 4 ? 16 : 64>;
    if (State::refuse(p) || !theory.stationary.input_correlation.known()) {
        return;
    }
    const auto state = std::make_unique<State>(p);
    if (state->regime() == mean_field::StationaryRegime::unresolved) {
        return;
    }
    const auto& exact = theory.stationary.input_correlation.value();
    const auto& outputs = theory.stationary.output_correlation.value();
    if (sizeof(T) == 4 && state->regime() == mean_field::StationaryRegime::none) {
        table.require("a variance that single precision does not find", exact[0] > 9e14, exact[0],
                      place_of(wide));
        return;
    }
    // As StationaryState states it, and twenty times as much in the chaos of powers below 1.
    const bool chaos = wide.activation == ActivationKind::power_law &&
                       wide.noise_kind == NoiseKind::frozen && wide.noise > 0.0 &&
                       theory.stationary.regime.value() == "chaotic";
    const double accuracy = (sizeof(T) == 4 ? 1e-5 : 1e-9) * (chaos ? 20.0 : 1.0);
    auto correlation = state->correlation();
    std::size_t next = 0;
    const auto record = [&](const char* quantity, T found, const std::vector<double>& right) {
        table.record(fmt::format("device stationary {}, {}{}, {}", quantity, group,
                                 chaos ? " chaos" : "", sizeof(T) == 4 ? "float32" : "float64"),
                     fmt::format("{:.0e} C(0) e^tau", accuracy),
                     std::abs(static_cast<double>(found) - right[next]),
                     accuracy * right[0] * std::exp(lags[next]) +
                         static_cast<double>(std::numeric_limits<T>::min()),
                     fmt::format("{} tau {}", place_of(wide), lags[next]));
    };
    for (int k = 0; next < lags.size(); ++k) {
        if (k > 0) {
            correlation.advance(T(0.125F));
        }
        if (std::abs(0.125 * k - lags[next]) < 1e-9) {
            record("Cx", correlation.value(), exact);
            record("Cphi", state->output(correlation.value()).value, outputs);
            ++next;
        }
    }
}

} // namespace

void scan_stationary(Table& table, Choice& choice) {
    const auto visit = [&](Parameters p, const std::string& group) {
        if (!choice.take(4)) {
            return;
        }
        // What single precision holds of a parameter is what both solve.
        p.gain = static_cast<double>(static_cast<float>(p.gain));
        p.noise = static_cast<double>(static_cast<float>(p.noise));
        p.exponent = static_cast<double>(static_cast<float>(p.exponent));
        p.noise_time = static_cast<double>(static_cast<float>(p.noise_time));
        const Prediction theory = predict(p, {.tau = lags});
        require_possible(table, theory, place_of(p));
        compare_stationary<double>(table, p, theory, group);
        compare_stationary<float>(table, p, theory, group);
        if (p.noise >= 5.0 && p.noise_kind == NoiseKind::white) {
            compare_exponent(table, p, theory);
        }
    };
    for (const ActivationKind kind :
         {ActivationKind::tanh, ActivationKind::erf, ActivationKind::relu, ActivationKind::linear,
          ActivationKind::pade}) {
        for (const double gain : {0.0, 0.01, 0.3, 0.9, 1.3, 2.0, 10.0, 100.0}) {
            for (const double noise : {0.0, 0.01, 0.5, 5.0, 100.0}) {
                visit(parameters_of(kind, gain, noise, NoiseKind::white), name(kind));
                visit(parameters_of(kind, gain, noise, NoiseKind::frozen), name(kind) + " static");
            }
        }
    }
    for (const double exponent : {0.0625, 0.3, 0.5, 0.75, 0.9375, 2.0, 3.0, 4.0}) {
        for (const double gain : {0.0, 0.01, 0.1, 0.5, 1.0, 3.0}) {
            for (const double noise : {0.0, 0.1, 1.0}) {
                Parameters p =
                    parameters_of(ActivationKind::power_law, gain, noise, NoiseKind::white);
                p.exponent = exponent;
                visit(p, "power law");
                p.noise_kind = NoiseKind::frozen;
                visit(p, "power law static");
            }
        }
    }
    for (const double time : {1.0 / 1024, 0.03, 1.0, 4.0, 30.0, 1e3, 1048576.0}) {
        for (const double gain : {0.3, 1.2, 3.0}) {
            visit(parameters_of(ActivationKind::tanh, gain, 0.5, NoiseKind::colored, time),
                  "tanh coloured");
        }
    }
}

namespace {

/// By quadrature; nothing where activity grows beyond all numbers.
std::optional<host::TwoTimeArrays> closure_of(const Parameters& p) {
    try {
        return host::solve_two_time_closure(host::mean_field_problem(p)).value;
    } catch (const host::HostError&) {
        return std::nullopt;
    }
}

constexpr std::uint32_t closure_steps = 15;

/// The first two rows of each time, C_x and C_phi, against a solution.
template <class Closure>
void compare_closure(Table& table, const Parameters& p, const host::TwoTimeArrays& exact,
                     const std::string& method) {
    const auto closure = std::make_unique<Closure>();
    closure->configure(p);
    for (std::uint32_t t = 0; t <= closure_steps; ++t) {
        if (t > 0) {
            closure->step();
        }
        for (const auto& row : closure->rows().first(2)) {
            const bool state = row.array == mean_field::TwoTimeArray::state_correlation;
            const host::TwoTimeMatrix& c = state ? exact.Cx : exact.Cphi;
            const auto i = static_cast<Eigen::Index>(t);
            for (std::size_t s = 0; s < row.values.size(); ++s) {
                table.record(fmt::format("device {} {}, {}", method, state ? "Cx" : "Cphi",
                                         name(p.activation)),
                             "1e-9 C(t,t)",
                             std::abs(row.values[s] - c(i, static_cast<Eigen::Index>(s))),
                             1e-9 * c(i, i), place_of(p));
            }
        }
    }
}

Parameters closure_parameters(ActivationKind activation, double gain, NoiseKind kind) {
    Parameters p = parameters_of(activation, gain, 0.5, kind, 0.7);
    p.dt = 0.1;
    p.steps = closure_steps;
    p.initial_scale = 0.8;
    return p;
}

} // namespace

/// Device closures, float64, against the reference's quadrature.
void scan_closure(Table& table, Choice& choice) {
    using Closure = mean_field::GaussianClosure<double, closure_steps + 1, 64>;
    const auto visit = [&](const Parameters& p) {
        if (const auto exact = choice.take() ? closure_of(p) : std::nullopt) {
            compare_closure<Closure>(table, p, *exact, "closure");
        }
    };
    for (const double gain : {0.0, 0.05, 0.3, 1.1, 3.0}) {
        for (const double exponent :
             {0.0625, 0.1, 0.3, 0.5, 0.7, 0.75, 0.9, 1.0, 1.5, 2.0, 3.0, 4.0}) {
            Parameters p = closure_parameters(ActivationKind::power_law,
                                              exponent > 1.0 ? gain / 6.0 : gain, NoiseKind::white);
            p.exponent = exponent;
            visit(p);
        }
        for (const NoiseKind kind : {NoiseKind::white, NoiseKind::colored, NoiseKind::frozen}) {
            for (const ActivationKind activation :
                 {ActivationKind::linear, ActivationKind::relu, ActivationKind::tanh,
                  ActivationKind::erf, ActivationKind::pade}) {
                visit(closure_parameters(activation, gain, kind));
            }
        }
    }
}

/// The closed equations of linear networks, float64, whatever the reciprocity.
void scan_linear_method(Table& table, Choice& choice) {
    using Closure = mean_field::LinearClosure<double, closure_steps + 1>;
    for (const double reciprocity : {-1.0, -0.3, 0.0, 0.05, 0.5, 1.0}) {
        for (const double gain : {0.0, 0.05, 0.45, 2.0, 100.0}) {
            for (const NoiseKind kind : {NoiseKind::white, NoiseKind::colored, NoiseKind::frozen}) {
                if (!choice.take()) {
                    continue;
                }
                Parameters p = closure_parameters(ActivationKind::linear, gain, kind);
                p.reciprocity = reciprocity;
                const auto exact = host::solve_linear_two_time(host::mean_field_problem(p)).value;
                compare_closure<Closure>(table, p, exact, "linear method");
            }
        }
    }
}

/// Responses without white noise: exact for a linear activation, whatever the reciprocity.
void scan_responses(Table& table, Choice& choice) {
    for (const double reciprocity : {-1.0, -0.3, 0.05, 0.5, 1.0}) {
        for (const double gain : {0.05, 0.45, 2.0}) {
            for (const NoiseKind kind : {NoiseKind::colored, NoiseKind::frozen}) {
                if (!choice.take()) {
                    continue;
                }
                Parameters p = parameters_of(ActivationKind::linear, gain, 0.5, kind);
                p.reciprocity = reciprocity;
                p.dt = 0.1;
                p.steps = 39;
                const auto sampler = std::make_unique<mean_field::ForwardSampler<double, 40, 48>>();
                const auto linear = std::make_unique<mean_field::LinearClosure<double, 40>>();
                sampler->configure(p);
                linear->configure(p);
                for (std::uint32_t t = 0; t < 39; ++t) {
                    sampler->step();
                    linear->step();
                }
                for (std::size_t array = 2; array < 4; ++array) {
                    const auto found = sampler->rows()[array].values;
                    const auto exact = linear->rows()[array].values;
                    double scale = 0.0;
                    for (const double value : exact) {
                        scale = std::max(scale, std::abs(value));
                    }
                    for (std::size_t s = 0; s < found.size(); ++s) {
                        table.record("device forward R, linear, no white noise", "1e-12 max R",
                                     std::abs(found[s] - exact[s]), 1e-12 * scale, place_of(p));
                    }
                }
            }
        }
    }
}

} // namespace tinymf::scan
