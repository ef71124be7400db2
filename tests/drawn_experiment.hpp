// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "experiment/live_input.hpp"

namespace tinymf::test {

/// An experiment file drawn at random, and what a live stimulus is fed.
struct DrawnExperiment {
    std::string text;
    std::vector<host::LiveInput> inputs;
};

/// A network, or a mean field by this method.
enum class DrawnKind : std::uint8_t { network, linear, gaussian_closure, forward, stationary };

inline constexpr std::array<std::string_view, 5> drawn_kind_names{
    "network", "linear", "gaussian_closure", "forward", "stationary"};

/// Draws over the whole space of the experiment file: every activation, integrator, noise,
/// stimulus, start, coupling, scalar, storage and observable, with gains from 0.01 to 100 uniform
/// in their logarithm or close to the linear network's edge 1/(1 + reciprocity), and zeros among
/// all strengths. Networks of at most 64 neurons. Not every text is legal: combinations that the
/// file's reader refuses are drawn too. The same number gives the same text.
class ExperimentDraw {
public:
    ExperimentDraw(std::uint64_t number, DrawnKind kind) : bits_{number}, kind_{kind} {}

    DrawnExperiment next() {
        if (kind_ == DrawnKind::network) {
            const std::uint32_t steps = whole(20, 1500);
            model("network", steps, "");
            drive(true);
            shape_network(steps);
        } else {
            const std::string_view method = drawn_kind_names[static_cast<std::size_t>(kind_)];
            const Shape shape = shape_of_mean_field();
            model("mean_field", whole(5, shape.points - 1), method);
            drive(false);
            put_mean_field(method, shape);
        }
        return std::move(drawn_);
    }

private:
    double uniform() { return static_cast<double>(bits_() >> 11U) * 0x1p-53; }
    bool chance(double probability) { return uniform() < probability; }
    double between(double lowest, double highest) {
        return lowest + (highest - lowest) * uniform();
    }
    /// Uniform in the logarithm.
    double scaled(double lowest, double highest) {
        return std::exp(between(std::log(lowest), std::log(highest)));
    }
    std::uint32_t whole(std::uint32_t lowest, std::uint32_t highest) {
        return static_cast<std::uint32_t>(
            std::floor(scaled(lowest, static_cast<double>(highest) + 0.999)));
    }
    /// Zero now and then, because silence is where divisions fail.
    double strength(double zero, double lowest, double highest) {
        return chance(zero) ? 0.0 : scaled(lowest, highest);
    }
    double of_either_sign(double value) { return chance(0.5) ? value : -value; }
    template <std::size_t count>
    std::string_view one_of(const std::array<std::string_view, count>& names) {
        return names[static_cast<std::size_t>(uniform() * static_cast<double>(count))];
    }

    /// Written with braces, which evaluate what is drawn from left to right.
    struct Lines {
        template <class... Values>
        explicit Lines(std::string_view format, const Values&... values)
            : text{fmt::format(fmt::runtime(format), values...)} {}
        std::string text;
    };
    void put(const Lines& lines) { drawn_.text += lines.text + '\n'; }
    static std::string real(double value) {
        const std::string text = fmt::format("{:.6g}", value);
        return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
    }

    /// `method`: of a mean field.
    void model(std::string_view kind_of_model, std::uint32_t steps, std::string_view method) {
        put(Lines{"schema = 1\n[model]\nkind = \"{}\"", kind_of_model});
        constexpr std::array<std::string_view, 6> activations{"linear", "relu", "tanh",
                                                              "erf",    "pade", "power_law"};
        const auto activation = method == "linear" ? activations[0] : one_of(activations);
        put(Lines{"activation = \"{}\"", activation});
        if (activation == "power_law") {
            put(Lines{"exponent = {}",
                      real(chance(0.6) ? between(0.3, 1.0) : scaled(0.0625, 4.0))});
        }
        if (activation == "pade" && chance(0.7)) {
            put(Lines{"pade_num = [{}]", coefficients(chance(0.8) ? 1.0 : between(-2.0, 2.0))});
            put(Lines{"pade_den = [{}]", coefficients(strength(0.1, 0.01, 10.0))});
        }
        const bool one_sided = method == "gaussian_closure" || method == "stationary";
        const double reciprocity = one_sided || chance(0.4) ? 0.0
                                   : chance(0.2)            ? (chance(0.5) ? 1.0 : -1.0)
                                                            : between(-1.0, 1.0);
        put(Lines{"gain = {}\nreciprocity = {}", real(gain(reciprocity)), real(reciprocity)});
        put(Lines{"noise = {}", real(strength(0.3, 0.001, 100.0))});
        const auto kind = one_of(std::array<std::string_view, 3>{"white", "colored", "static"});
        put(Lines{"noise_kind = \"{}\"\nnoise_time = {}", kind, real(scaled(0.001, 1e4))});
        if (kind == "static" && chance(0.2)) {
            put(Lines{"noise_hold = {}", whole(1, 50)});
        }
        put(Lines{"dt = {}\nsteps = {}\nseed = {}", real(chance(0.1) ? 1.0 : scaled(0.002, 1.0)),
                  method == "gaussian_closure" ? std::min(steps, affordable_closure(activation))
                                               : steps,
                  bits_() >> 2U});
        constexpr std::array<std::string_view, 4> all{"euler", "exponential_euler", "heun", "rk4"};
        put(Lines{"integrator = \"{}\"",
                  method.empty() ? one_of(all) : one_of(std::array{all[0], all[1]})});
    }

    /// As many steps as the reference's quadratures follow in 5 s at any variance.
    static std::uint32_t affordable_closure(std::string_view activation) {
        return activation == "power_law"                      ? 15
               : activation == "pade" || activation == "tanh" ? 18
                                                              : 99;
    }

    /// A quarter of them close to where a linear network becomes unstable, on either side.
    double gain(double reciprocity) {
        if (!chance(0.25)) {
            return strength(0.08, 0.01, 100.0);
        }
        const double edge = std::min(50.0, 1.0 / (1.0 + reciprocity));
        return edge * (1.0 + of_either_sign(scaled(1e-6, 0.3)));
    }

    std::string coefficients(double first) {
        std::string list = real(first);
        while (chance(0.4)) {
            list += ", " + real(strength(0.1, 0.01, 3.0));
        }
        return list;
    }

    void drive(bool network) {
        put(Lines{"[initial]\nkind = \"{}\"\nscale = {}",
                  one_of(std::array<std::string_view, 3>{"normal", "uniform", "zero"}),
                  real(chance(0.4) ? 1.0 : strength(0.05, 1e-6, 100.0))});
        const auto kind =
            chance(network ? 0.4 : 0.6)
                ? "none"
                : one_of(std::array<std::string_view, 4>{"constant", "step", "sine", "live"});
        put(Lines{"[stimulus]\nkind = \"{}\"\namplitude = {}\nfrequency = {}\nonset = {}", kind,
                  real(of_either_sign(strength(0.1, 0.001, 100.0))),
                  real(strength(0.1, 0.001, 50.0)), real(strength(0.1, 0.01, 100.0))});
        if (network && kind == std::string_view("live")) {
            for (std::uint32_t step = whole(1, 3); chance(0.8); step += whole(1, 5)) {
                drawn_.inputs.push_back({step - 1, between(-2.0, 2.0)});
            }
        }
    }

    void shape_network(std::uint32_t steps) {
        const auto coupling =
            one_of(std::array<std::string_view, 3>{"gaussian", "sign", "procedural"});
        const bool stored = coupling == "gaussian";
        const auto neurons =
            stored ? one_of(std::array<std::string_view, 5>{"16", "24", "32", "48", "64"})
                   : one_of(std::array<std::string_view, 2>{"32", "64"});
        put(Lines{"[network]\nneurons = {}\ncoupling = \"{}\"\nscalar = \"{}\"\nreplicas = {}",
                  neurons, coupling, stored && chance(0.4) ? "float64" : "float32",
                  chance(0.7) ? 1 : 2});
        put(Lines{"[stream]\nstate_every = {}\ndigest_every = {}",
                  whole(1, std::max(1U, steps / 4)), whole(1, steps)});
        if (chance(0.4)) {
            observe();
        }
    }

    void observe() {
        std::string names;
        for (const std::string_view name :
             {"moments", "autocorrelation", "response", "participation", "covariance", "lyapunov",
              "settling"}) {
            if (chance(0.3)) {
                names += fmt::format("{}\"{}\"", names.empty() ? "" : ", ", name);
            }
        }
        put(Lines{"observe = [{}]\nobserve_every = {}\nobserve_after = {}\nobserve_block = {}\n"
                  "observe_lags = {}",
                  names, whole(1, 5), whole(1, 200) - 1, whole(8, 64), whole(1, 16)});
    }

    /// What a profile fixes.
    struct Shape {
        std::uint32_t points = 100;
        std::uint32_t trajectories = 0; ///< 0: none
        bool wide = false;              ///< float64
        bool fixed16 = false;
        std::uint32_t populations = 1;
    };

    Shape shape_of_mean_field() {
        Shape shape{.wide = chance(0.5)};
        if (kind_ != DrawnKind::forward) {
            return shape;
        }
        shape.trajectories = chance(0.7) ? 400 : 1024;
        shape.fixed16 = !shape.wide && chance(0.5);
        if (shape.fixed16) {
            constexpr std::array<std::array<std::uint32_t, 2>, 3> stored{
                {{16, 32}, {60, 128}, {100, 400}}};
            const auto& size = stored[whole(1, 3) - 1];
            shape.points = size[0];
            shape.trajectories = size[1];
        }
        shape.wide = shape.wide && shape.trajectories == 400;
        shape.populations = whole(1, 16);
        return shape;
    }

    void put_mean_field(std::string_view method, const Shape& shape) {
        put(Lines{"[mean_field]\nmethod = \"{}\"\npoints = {}", method, shape.points});
        put(Lines{"scalar = \"{}\"", shape.wide ? "float64" : "float32"});
        if (shape.trajectories > 0) {
            put(Lines{"trajectories = {}\nstorage = \"{}\"\npopulations = {}", shape.trajectories,
                      shape.fixed16 ? "fixed16" : "scalar", shape.populations});
        }
        put(Lines{"row_every = {}", whole(1, 5)});
    }

    std::mt19937_64 bits_;
    DrawnKind kind_;
    DrawnExperiment drawn_;
};

} // namespace tinymf::test
