// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>

#include "tinymf/experiment/parameters.hpp"

namespace tinymf::host {

using Parameters = experiment::Parameters<double>;

/// A continuum or Euler experiment in the quantities the theory depends on; s2 is sigma^2.
inline Parameters theory_parameters(model::ActivationKind activation, double gain, double s2,
                                    model::NoiseKind kind = model::NoiseKind::white) {
    Parameters parameters;
    parameters.activation = activation;
    parameters.gain = gain;
    parameters.noise = std::sqrt(s2);
    parameters.noise_kind = kind;
    return parameters;
}

inline Parameters linear_parameters(double gain, double reciprocity,
                                    model::NoiseKind kind = model::NoiseKind::white) {
    Parameters parameters = theory_parameters(model::ActivationKind::linear, gain, 1.0, kind);
    parameters.reciprocity = reciprocity;
    return parameters;
}

inline Parameters power_parameters(double exponent, double gain, double s2,
                                   model::NoiseKind kind = model::NoiseKind::frozen) {
    Parameters parameters = theory_parameters(model::ActivationKind::power_law, gain, s2, kind);
    parameters.exponent = exponent;
    return parameters;
}

/// x / (1 + c x^2).
inline Parameters pade_parameters(double c, double gain, double s2,
                                  model::NoiseKind kind = model::NoiseKind::frozen) {
    Parameters parameters = theory_parameters(model::ActivationKind::pade, gain, s2, kind);
    parameters.pade_denominator = {c};
    return parameters;
}

} // namespace tinymf::host
