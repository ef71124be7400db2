// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "tinymf/experiment/parameters.hpp"

namespace tinymf::host {

/// C_x and C_phi of a stationary state at some lags.
struct StationaryCorrelation {
    std::vector<double> Cx;
    std::vector<double> Cphi;
};

/// The stationary state without reciprocity as the boundary value problem that it is (Sompolinsky,
/// Crisanti & Sommers 1988; Schuecker, Goedeke & Helias 2018),
///
///     C'' = C - g^2 F(C; C(0)) - s(tau),   C'(0+) = -w/2,   C at rest for tau -> infinity,
///
/// w = sigma^2 for white noise, s = sigma^2 exp(-tau/tc) for coloured, sigma^2 for static noise,
/// and otherwise 0. Collocated at Chebyshev points on panels and solved by Newton's method, with
/// F by output_curve.hpp. It knows no energy, no particle and no closed average: an
/// independent second solution beside theory's and a device's.
///
/// Newton's method is led to the state from the uncoupled neuron on, by strong noise that is then
/// taken back, and to a plateau by noise that becomes slow; the state found is the one continuous
/// with these. Empty with reciprocity, and where the way breaks off: no stationary state, or a
/// variance above 25 squares of the activation's nearest pole, where the series of F would be long.
/// Accuracy: 1e-11 of C(0), more by the factor by which a nearby critical point amplifies. Work:
/// some fifty linear systems of 300 unknowns, about a second.
[[nodiscard]] std::optional<StationaryCorrelation>
solve_stationary_equation(const experiment::Parameters<double>& parameters,
                          const std::vector<double>& lags);

} // namespace tinymf::host
