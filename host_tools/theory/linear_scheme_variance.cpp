// SPDX-License-Identifier: Apache-2.0
#include "theory/linear_scheme_variance.hpp"

#include <cmath>
#include <complex>
#include <numbers>

#include "theory/linear_stability.hpp"

namespace tinymf::host {
namespace {

double mode_variance(model::IntegratorKind integrator, double dt, std::complex<double> mode) {
    const std::complex<double> z = dt * (mode - 1.0);
    const std::complex<double> multiplier = step_multiplier(integrator, dt, mode);
    return dt * std::norm((multiplier - 1.0) / z) / (1.0 - std::norm(multiplier));
}

} // namespace

std::optional<double> linear_scheme_variance(model::IntegratorKind integrator, double dt,
                                             double gain, double reciprocity) {
    const bool rotates = reciprocity == -1.0;
    const bool semicircle = rotates || reciprocity == 1.0;
    if (!semicircle && reciprocity != 0.0) {
        return std::nullopt;
    }
    // Both averages are trapezoid rules over a period: exact to rounding away from the edge.
    constexpr int angles = 4000;
    double sum = 0.0;
    for (int j = 0; j < angles; ++j) {
        const double psi = 2.0 * std::numbers::pi * (j + 0.5) / angles;
        const double weight = semicircle ? 2.0 * std::sin(psi) * std::sin(psi) : 1.0;
        const double real = 2.0 * gain * std::cos(psi);
        const std::complex<double> mode = !semicircle ? std::polar(gain, psi)
                                          : rotates   ? std::complex<double>(0.0, real)
                                                      : std::complex<double>(real, 0.0);
        sum += weight * mode_variance(integrator, dt, mode);
    }
    return sum / angles;
}

} // namespace tinymf::host
