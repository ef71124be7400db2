// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "theory/prediction.hpp"
#include "theory/time_scheme.hpp"

namespace tinymf::host {

// The parts of predict(): one for each theory. `prediction` arrives with tau, omega and the
// discretisation filled in.

/// Linear network, any reciprocity, on the continuum or a scheme with one stage a step.
void predict_linear(const experiment::Parameters<double>& parameters, const TimeScheme& scheme,
                    Prediction& prediction);

/// Linear network stepped by Heun or RK4: what a sum over modes gives.
void predict_linear_stages(const experiment::Parameters<double>& parameters,
                           Prediction& prediction);

/// Any other activation without reciprocity, on the continuum or a scheme with one stage a step.
void predict_nonlinear(const experiment::Parameters<double>& parameters, const TimeScheme& scheme,
                       Prediction& prediction);

/// Everything in the prediction that depends on a stationary state is unknown for this reason.
void withhold_state(Prediction& prediction, const std::string& reason);

/// The state x = 0: no activity, and therefore no covariances to speak of.
void predict_silence(Prediction& prediction, double slope);

} // namespace tinymf::host
