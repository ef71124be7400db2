// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "equations/time_scheme.hpp"
#include "theory/prediction.hpp"

namespace tinymf::host {

// The parts of predict(): one for each theory. `prediction` arrives with tau, omega and the
// discretisation filled in.

/// Linear network, any reciprocity, on the continuum or a scheme with one stage a step.
void predict_linear(const experiment::Parameters<double>& parameters, const TimeScheme& scheme,
                    Prediction& prediction);

/// Linear network stepped by Heun or RK4: without reciprocity all but covariances between neurons,
/// with it what a sum over modes gives.
void predict_linear_stages(const experiment::Parameters<double>& parameters,
                           const TimeScheme& scheme, Prediction& prediction);

/// Any other activation without reciprocity. Without `critical_gain` that is left unknown.
void predict_nonlinear(const experiment::Parameters<double>& parameters, const TimeScheme& scheme,
                       bool critical_gain, Prediction& prediction);

/// Covariances between neurons and temperatures of a scheme of several stages.
void withhold_covariances_of_stages(Prediction& prediction);

/// Every quantity is unknown for this reason.
void withhold_all(Prediction& prediction, const std::string& reason);

/// Every quantity of these sections, the first halves of the names.
void withhold(Prediction& prediction, std::initializer_list<std::string_view> sections,
              const std::string& reason);

/// Responses without reciprocity need no equation: <phi'> times that of a neuron alone.
[[nodiscard]] std::vector<double> responses_without_reciprocity(double mean_slope,
                                                                const TimeScheme& scheme,
                                                                const std::vector<double>& tau);

/// The decay rate of C_x, infinite where a step of the scheme ends it.
void predict_decay(double rate, Prediction& prediction);

/// Why C_x under static noise has no decay rate.
inline constexpr const char* static_noise_stays = "static noise: correlations do not decay";

/// The state x = 0: no activity, and of what else belongs to a state but <phi'> = slope only that
/// there is none.
void predict_silence(Prediction& prediction, double slope);

} // namespace tinymf::host
