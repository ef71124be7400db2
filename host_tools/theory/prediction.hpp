// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
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
/// constant. Names as in the JSON object of `tinymf theory`.
struct Prediction {
    struct Stationary {
        Quantity<double> input_variance;  ///< Cx0
        Quantity<double> output_variance; ///< Cphi0
        Quantity<double> mean_gain;       ///< <phi'>
        /// silent, fixed_point, fluctuating, chaotic or unstable.
        Quantity<std::string> regime;
        std::vector<double> tau; ///< on a grid of time steps rounded to multiples of dt
        Quantity<std::vector<double>> input_correlation;  ///< Cx
        Quantity<std::vector<double>> output_correlation; ///< Cphi
        /// R(tau) = <d phi(t + tau) / d I(t)>; 0 at tau = 0 (Ito), <phi'> just above.
        Quantity<std::vector<double>> response;
        /// Rate of the exponential in which C_x ends at its plateau.
        Quantity<double> decay_rate;
    };
    struct Participation {
        Quantity<double> input;
        Quantity<double> output;
        Quantity<double> long_window; ///< of the output, in averages over long windows
    };
    struct Covariance {
        Quantity<double> input_spread;  ///< N Var(C_ij) of the inputs, i != j
        Quantity<double> output_spread; ///< of the outputs
    };
    struct FluctuationDissipation {
        Quantity<double> temperature; ///< sigma^2 / 2
        std::vector<double> omega;    ///< radians per time constant
        /// omega C_x / (2 Im R_x) at these frequencies.
        Quantity<std::vector<double>> effective_temperature;
    };

    Stationary stationary;
    Quantity<double> largest_lyapunov_exponent; ///< per time constant
    Quantity<double> critical_gain;
    Participation participation;
    Covariance covariance;
    FluctuationDissipation fluctuation_dissipation;
    std::string discretisation = "continuum"; ///< or the name of the integrator
    double dt = 0.0;                          ///< of the integrator; 0 in the continuum
    /// What to know about a quantity that is given, keyed by its name in the JSON object.
    std::map<std::string, std::string> remarks;
};

struct PredictionRequest {
    std::vector<double> tau{0.5, 1.0, 2.0, 3.0, 5.0, 10.0};
    bool discrete = false; ///< the experiment's own integrator and dt
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
