// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "tinymf/experiment/parameters.hpp"

namespace tinymf::host {

/// Why theory does not give a quantity.
struct Unknown {
    std::string reason;
};

/// A predicted quantity, or the reason why there is none.
template <class T>
class Quantity {
public:
    Quantity() : reason_{"not given by this theory"} {}
    Quantity(T value) : value_{std::move(value)} {}                   // NOLINT: a plain value
    Quantity(Unknown unknown) : reason_{std::move(unknown.reason)} {} // NOLINT

    [[nodiscard]] bool known() const { return value_.has_value(); }
    [[nodiscard]] const T& value() const { return value_.value(); }
    [[nodiscard]] const std::string& reason() const { return reason_; }

private:
    std::optional<T> value_;
    std::string reason_;
};

/// What the theory of N -> infinity says about an experiment. Time unit: the neuron's time
/// constant. What each quantity means, and its name outside: for_each_quantity.
struct Prediction {
    struct Stationary {
        Quantity<double> input_variance;
        Quantity<double> output_variance;
        Quantity<double> mean_gain;
        Quantity<std::string> regime;
        std::vector<double> tau; ///< on a grid of time steps rounded to multiples of dt
        Quantity<std::vector<double>> input_correlation;
        Quantity<std::vector<double>> output_correlation;
        Quantity<std::vector<double>> response;
        Quantity<double> decay_rate;
    };
    struct Participation {
        Quantity<double> input;
        Quantity<double> output;
        Quantity<double> long_window;
    };
    struct Covariance {
        Quantity<double> input_spread;
        Quantity<double> output_spread;
    };
    struct FluctuationDissipation {
        Quantity<double> temperature;
        std::vector<double> omega; ///< radians per time constant
        Quantity<std::vector<double>> effective_temperature;
    };

    Stationary stationary;
    Quantity<double> largest_lyapunov_exponent;
    Quantity<double> critical_gain;
    Participation participation;
    Covariance covariance;
    FluctuationDissipation fluctuation_dissipation;
    std::string discretisation = "continuum"; ///< or the name of the integrator
    double dt = 0.0;                          ///< of the integrator; 0 in the continuum
    /// What to know about a quantity that is given, keyed by its name in the JSON object.
    std::map<std::string, std::string> remarks;
};

/// What a quantity is called outside, `section.key`, and what it means.
struct QuantityFacts {
    std::string_view name;
    std::string_view meaning;
    std::string_view unit = {};
};

/// The one list of the quantities: calls visit(facts, quantity) for each. From it follow the text
/// and the JSON object of `tinymf theory`, what is withheld, what sweeps collect, and the page.
template <class AnyPrediction, class Visitor>
void for_each_quantity(AnyPrediction& p, const Visitor& visit) {
    const auto show = [&visit](const QuantityFacts& facts, auto& quantity) {
        visit(facts, quantity);
    };
    auto& stationary = p.stationary;
    show({"stationary.Cx0", "<x^2>, C_x at lag 0"}, stationary.input_variance);
    show({"stationary.Cphi0", "<phi^2>, C_phi at lag 0"}, stationary.output_variance);
    show({"stationary.mean_gain", "<phi'>"}, stationary.mean_gain);
    show({"stationary.regime", "silent, fixed_point, fluctuating, chaotic or unstable"},
         stationary.regime);
    show({"stationary.Cx", "<x(t) x(t + tau)> at the lags stationary.tau"},
         stationary.input_correlation);
    show({"stationary.Cphi", "<phi(t) phi(t + tau)>, the same"}, stationary.output_correlation);
    show({"stationary.R", "<d phi(t + tau) / d I(t)>, the same; 0 at tau = 0 (Ito), <phi'> just "
                          "above"},
         stationary.response);
    show({"stationary.decay_rate", "of the exponential in which C_x ends at its plateau", "1/tau"},
         stationary.decay_rate);
    show({"lyapunov.max", "largest Lyapunov exponent", "1/tau"}, p.largest_lyapunov_exponent);
    show({"critical.gain", "g at which the state loses stability"}, p.critical_gain);
    show({"participation.input", "participation ratio of the inputs, (tr C)^2/(N tr C^2)"},
         p.participation.input);
    show({"participation.output", "of the outputs, the same"}, p.participation.output);
    show({"participation.long_window", "the same in averages over long windows"},
         p.participation.long_window);
    show({"covariance.N_var_input", "N Var(C_ij) of the inputs, i != j"},
         p.covariance.input_spread);
    show({"covariance.N_var_output", "of the outputs, the same"}, p.covariance.output_spread);
    auto& fdt = p.fluctuation_dissipation;
    show({"fdt.temperature", "sigma^2 / 2", "1/tau"}, fdt.temperature);
    show({"fdt.effective_temperature", "omega C_x / (2 Im R_x) at the frequencies fdt.omega",
          "1/tau"},
         fdt.effective_temperature);
}

struct PredictionRequest {
    std::vector<double> tau{0.5, 1.0, 2.0, 3.0, 5.0, 10.0};
    bool discrete = false; ///< the experiment's own integrator and dt
    /// Of a nonlinear network: a search over gains, which can take longer than all else together.
    bool critical_gain = true;
};

/// The prediction for these parameters. Never throws for valid parameters: what theory does not
/// give is unknown, with the reason.
[[nodiscard]] Prediction predict(const experiment::Parameters<double>& parameters,
                                 const PredictionRequest& request = {});

/// `tinymf theory --json`: unknown quantities are null, their reasons stand under `notes`, keyed by
/// the dotted name.
[[nodiscard]] nlohmann::json to_json(const Prediction& prediction);

/// The same for a reader at a terminal, one quantity a line.
[[nodiscard]] std::string to_text(const Prediction& prediction);

} // namespace tinymf::host
