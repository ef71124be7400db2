// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <complex>

#include "tinymf/model/integrator.hpp"

namespace tinymf::host {

/// What one step of an integrator does to an eigenmode of the linear network with eigenvalue
/// `mode` of gain J: x becomes multiplier x plus noise. Exponential Euler treats the decay exactly
/// and the couplings to first order.
[[nodiscard]] std::complex<double> step_multiplier(model::IntegratorKind integrator, double dt,
                                                   std::complex<double> mode);

/// Largest growth rate of a linear network on the time grid, log of the largest multiplier over dt.
/// It lies on the ellipse that bounds the eigenvalues of gain J, half axes gain (1 +- reciprocity).
[[nodiscard]] double linear_growth_rate(model::IntegratorKind integrator, double dt, double gain,
                                        double reciprocity);

/// The gain at which the linear network loses stability on the time grid; 1 / (1 + reciprocity) in
/// the continuum and, for positive reciprocity and small dt, here too. Infinite when it does not up
/// to gain 1e6.
[[nodiscard]] double linear_critical_gain(model::IntegratorKind integrator, double dt,
                                          double reciprocity);

} // namespace tinymf::host
