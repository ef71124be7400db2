// SPDX-License-Identifier: Apache-2.0
#include "theory/linear_stability.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace tinymf::host {
namespace {

double largest_multiplier(model::IntegratorKind integrator, double dt, double gain,
                          double reciprocity) {
    constexpr int angles = 720; // over the upper half; the largest lies on an axis for small dt
    double largest = 0.0;
    for (int j = 0; j <= angles; ++j) {
        const double psi = std::numbers::pi * j / angles;
        const std::complex<double> mode(gain * (1.0 + reciprocity) * std::cos(psi),
                                        gain * (1.0 - reciprocity) * std::sin(psi));
        largest = std::max(largest, std::abs(step_multiplier(integrator, dt, mode)));
    }
    return largest;
}

} // namespace

std::complex<double> step_multiplier(model::IntegratorKind integrator, double dt,
                                     std::complex<double> mode) {
    const std::complex<double> z = dt * (mode - 1.0);
    switch (integrator) {
    case model::IntegratorKind::exponential_euler:
        return std::exp(-dt) - std::expm1(-dt) * mode;
    case model::IntegratorKind::heun:
        return 1.0 + z * (1.0 + z / 2.0);
    case model::IntegratorKind::rk4:
        return 1.0 + z * (1.0 + z / 2.0 * (1.0 + z / 3.0 * (1.0 + z / 4.0)));
    case model::IntegratorKind::euler:
        break;
    }
    return 1.0 + z;
}

double linear_growth_rate(model::IntegratorKind integrator, double dt, double gain,
                          double reciprocity) {
    return std::log(largest_multiplier(integrator, dt, gain, reciprocity)) / dt;
}

double linear_critical_gain(model::IntegratorKind integrator, double dt, double reciprocity) {
    // At gain 0 every mode is real and decays; a mode on the ellipse moves outward with the gain.
    const auto stable = [&](double gain) {
        return largest_multiplier(integrator, dt, gain, reciprocity) < 1.0;
    };
    double low = 0.0;
    double high = 1.0;
    while (stable(high)) {
        low = high;
        high *= 2.0;
        if (high > 1e6) {
            return std::numeric_limits<double>::infinity();
        }
    }
    while (high - low > 4e-16 * high) {
        const double middle = low + (high - low) / 2.0;
        if (middle == low || middle == high) {
            break;
        }
        (stable(middle) ? low : high) = middle;
    }
    return high;
}

} // namespace tinymf::host
