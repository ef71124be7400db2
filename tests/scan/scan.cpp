// SPDX-License-Identifier: Apache-2.0
// Theory and device solvers over the legal ranges of their parameters, against independent
// evaluations and against each other. Prints a Markdown table; exit code 1 if a bound is broken or
// a value lies outside its possible range. `--thin SEED` takes a random twelfth of the grid.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "reference/mean_field_problem.hpp"
#include "reference/two_time_closure.hpp"
#include "scan/independent.hpp"
#include "theory/prediction.hpp"
#include "tinymf/mean_field/forward_sampler.hpp"
#include "tinymf/mean_field/gaussian_closure.hpp"
#include "tinymf/mean_field/linear_closure.hpp"
#include "tinymf/mean_field/stationary_run.hpp"

namespace tinymf::scan {
namespace {

using host::predict;
using host::Prediction;
using model::ActivationKind;
using model::NoiseKind;
using Parameters = experiment::Parameters<double>;

/// The worst error of one quantity, in units of its bound.
struct Worst {
    std::string bound;
    std::uint64_t points = 0;
    double error = 0.0;
    double share = 0.0; ///< of the bound at its place
    std::string place;
};

class Table {
public:
    void record(const std::string& quantity, const std::string& bound_text, double error,
                double bound, const std::string& place) {
        Worst& worst = quantities_[quantity];
        worst.bound = bound_text;
        ++worst.points;
        const double share = std::isnan(error) ? 1e300 : error == 0.0 ? 0.0 : error / bound;
        if (share >= worst.share) {
            worst.share = share;
            worst.error = error;
            worst.place = place;
        }
    }

    /// A value that must lie within its possible range.
    void require(const std::string& quantity, bool inside, double value, const std::string& place) {
        ++ranged_;
        if (!inside) {
            outside_.push_back(fmt::format("{} = {} at {}", quantity, value, place));
        }
    }

    [[nodiscard]] bool print() const {
        bool kept = outside_.empty();
        fmt::print("| quantity | points | worst error | bound | at |\n| - | - | - | - | - |\n");
        for (const auto& [name, worst] : quantities_) {
            fmt::print("| {} | {} | {:.1e} | {} | {} |\n", name, worst.points, worst.error,
                       worst.bound, worst.place);
            if (!(worst.share <= 1.0)) {
                fmt::print("\n{}: {:.2f} of its bound\n\n", name, worst.share);
                kept = false;
            }
        }
        fmt::print("\n{} values were asked to lie within their possible ranges; outside: {}.\n",
                   ranged_, outside_.size());
        for (const std::string& value : outside_) {
            fmt::print("- {}\n", value);
        }
        return kept;
    }

private:
    std::map<std::string, Worst> quantities_;
    std::vector<std::string> outside_;
    std::uint64_t ranged_ = 0;
};

/// Which points of the grid are taken.
class Choice {
public:
    explicit Choice(std::optional<std::uint64_t> seed) : thin_{seed}, random_{seed.value_or(0)} {}
    [[nodiscard]] bool take() { return !thin_ || random_() % 12 == 0; }

private:
    std::optional<std::uint64_t> thin_;
    std::mt19937_64 random_;
};

std::string name(ActivationKind kind) {
    return std::string(model::activation_names[static_cast<std::size_t>(kind)]);
}

std::string place_of(const Parameters& p) {
    std::string text =
        fmt::format("{} g {:.6g} sigma {:.4g} {}", name(p.activation), p.gain, p.noise,
                    model::noise_names[static_cast<std::size_t>(p.noise_kind)]);
    if (p.noise_kind == NoiseKind::colored) {
        text += fmt::format(" tc {:.4g}", p.noise_time);
    }
    if (p.activation == ActivationKind::power_law) {
        text += fmt::format(" p {:.4g}", p.exponent);
    }
    return p.reciprocity != 0.0 ? text + fmt::format(" eta {:.4g}", p.reciprocity) : text;
}

void require_possible(Table& table, const Prediction& p, const std::string& place) {
    const auto dimension = [&](const std::string& quantity, const host::Quantity<double>& d) {
        if (d.known()) {
            table.require(quantity, d.value() > 0.0 && d.value() <= 1.0 + 1e-9, d.value(), place);
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

Parameters parameters_of(ActivationKind activation, double gain, double noise, NoiseKind kind,
                         double time = 1.0) {
    Parameters p;
    p.activation = activation;
    p.gain = gain;
    p.noise = noise;
    p.noise_kind = kind;
    p.noise_time = time;
    return p;
}

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
                const double gain = std::min(100.0, share / (1.0 + reciprocity + 1e-300));
                Parameters p = parameters_of(ActivationKind::linear, gain, 1.0,
                                             tc > 0.0 ? NoiseKind::colored : NoiseKind::white,
                                             tc > 0.0 ? tc : 1.0);
                p.reciprocity = reciprocity;
                require_possible(table, predict(p), place_of(p));
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

/// C(0) of tanh and erf from their energy, s2^2/8 - v^2/2 + g^2 int F = 0, and of static noise: the
/// residual over its slope is the error of the variance to first order.
void scan_energy(Table& table, Choice& choice) {
    for (const ActivationKind kind : {ActivationKind::tanh, ActivationKind::erf}) {
        const auto integral = kind == ActivationKind::tanh ? tanh_integral : erf_integral;
        for (const double gain : {0.01, 0.5, 0.9, 1.1, 1.5, 3.0, 10.0, 30.0, 100.0}) {
            for (const double noise : {0.0, 1e-3, 0.1, 1.0, 10.0, 100.0}) {
                if (!choice.take()) {
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

const std::vector<double> lags{0.0, 0.5, 1.0, 2.0, 5.0};

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
    const double accuracy = sizeof(T) == 4 ? 1e-5 : 1e-9;
    auto correlation = state->correlation();
    std::size_t next = 0;
    for (int k = 0; next < lags.size(); ++k) {
        if (k > 0) {
            correlation.advance(T(0.125F));
        }
        if (std::abs(0.125 * k - lags[next]) < 1e-9) {
            const double found = static_cast<double>(correlation.value());
            table.record(fmt::format("device stationary Cx, {}, {}", group,
                                     sizeof(T) == 4 ? "float32" : "float64"),
                         sizeof(T) == 4 ? "1e-5 C(0) e^tau" : "1e-9 C(0) e^tau",
                         std::abs(found - exact[next]),
                         accuracy * exact[0] * std::exp(lags[next]) + 1e-300,
                         fmt::format("{} tau {}", place_of(wide), lags[next]));
            ++next;
        }
    }
}

void scan_stationary(Table& table, Choice& choice) {
    const auto visit = [&](Parameters p, const std::string& group) {
        if (!choice.take()) {
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

/// Device closures of a power law against the reference's quadrature.
void scan_closure(Table& table, Choice& choice) {
    constexpr std::uint32_t steps = 15;
    for (const double exponent : {0.0625, 0.1, 0.3, 0.5, 0.7, 0.75, 0.9, 1.0, 1.5, 2.0, 3.0, 4.0}) {
        for (const double gain : {0.0, 0.05, 0.3, 1.1, 3.0}) {
            if (!choice.take()) {
                continue;
            }
            Parameters p = parameters_of(ActivationKind::power_law,
                                         exponent > 1.0 ? gain / 6.0 : gain, 0.5, NoiseKind::white);
            p.exponent = exponent;
            p.dt = 0.1;
            p.steps = steps;
            p.initial_scale = 0.8;
            const auto reference = host::solve_two_time_closure(host::mean_field_problem(p)).value;
            const auto closure = std::make_unique<mean_field::GaussianClosure<double, 16, 64>>();
            closure->configure(p);
            for (std::uint32_t t = 0; t <= steps; ++t) {
                if (t > 0) {
                    closure->step();
                }
                for (const auto& row : closure->rows().first(2)) {
                    const bool state = row.array == mean_field::TwoTimeArray::state_correlation;
                    for (std::size_t s = 0; s < row.values.size(); ++s) {
                        const auto i = static_cast<Eigen::Index>(t);
                        const auto j = static_cast<Eigen::Index>(s);
                        const double exact = (state ? reference.Cx : reference.Cphi)(i, j);
                        const double scale = (state ? reference.Cx : reference.Cphi)(i, i);
                        table.record(fmt::format("device closure {}, power law, float64",
                                                 state ? "Cx" : "Cphi"),
                                     "1e-9 C(t,t)", std::abs(row.values[s] - exact), 1e-9 * scale,
                                     place_of(p));
                    }
                }
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

int run(std::optional<std::uint64_t> thin) {
    Table table;
    Choice choice(thin);
    scan_linear(table, choice);
    scan_energy(table, choice);
    scan_stationary(table, choice);
    scan_closure(table, choice);
    scan_responses(table, choice);
    return table.print() ? 0 : 1;
}

} // namespace
} // namespace tinymf::scan

int main(int argc, char** argv) {
    std::optional<std::uint64_t> thin;
    if (argc == 3 && std::string(argv[1]) == "--thin") {
        thin = std::stoull(argv[2]);
    } else if (argc != 1) {
        std::fputs("scan [--thin SEED]\n", stderr);
        return 2;
    }
    return tinymf::scan::run(thin);
}
