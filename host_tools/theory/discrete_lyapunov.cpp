// SPDX-License-Identifier: Apache-2.0
#include "theory/discrete_lyapunov.hpp"

#include <algorithm>
#include <cmath>

#include <boost/math/tools/roots.hpp>

#include "theory/linear_stability.hpp"

namespace tinymf::host {
namespace {

/// Mismatch at lag 0 of the even solution that decays; positive while mu is too small. The ratios
/// psi_k / psi_(k-1) run from the far end, the direction in which errors shrink.
double mismatch_at_origin(std::span<const double> slopes, const TimeScheme& scheme, double mu) {
    const double alpha = scheme.alpha();
    const double coupling = scheme.beta() * scheme.beta();
    const auto diagonal = [&](std::size_t k) {
        return (mu * mu + alpha * alpha - coupling * slopes[k]) / (alpha * mu);
    };
    const double far = std::max(2.0, diagonal(slopes.size() - 1));
    double ratio = (far - std::sqrt(far * far - 4.0)) / 2.0;
    for (std::size_t k = slopes.size() - 1; k >= 1; --k) {
        const double inverse = diagonal(k) - ratio;
        if (inverse <= 0.0) { // a node of psi
            return 1.0;
        }
        ratio = 1.0 / inverse;
    }
    return 2.0 * ratio - diagonal(0);
}

} // namespace

double discrete_lyapunov_exponent(std::span<const double> slopes, const TimeScheme& scheme) {
    const double alpha = scheme.alpha();
    const double beta = scheme.beta();
    const double lowest = alpha + beta * std::sqrt(slopes.back());
    const double highest =
        alpha + beta * std::sqrt(*std::max_element(slopes.begin(), slopes.end()));
    if (alpha == 0.0 || highest - lowest < 1e-14 * highest) {
        return std::log(highest) / scheme.dt();
    }
    const auto mismatch = [&](double mu) { return mismatch_at_origin(slopes, scheme, mu); };
    if (mismatch(lowest) <= 0.0) {
        return std::log(lowest) / scheme.dt();
    }
    std::uintmax_t evaluations = 100;
    const auto bracket = boost::math::tools::toms748_solve(
        mismatch, lowest, highest, boost::math::tools::eps_tolerance<double>(50), evaluations);
    return std::log((bracket.first + bracket.second) / 2.0) / scheme.dt();
}

double fixed_point_lyapunov_exponent(double gain, double slope_square, const TimeScheme& scheme) {
    const double amplification = gain * std::sqrt(slope_square);
    if (scheme.several_stages()) {
        return linear_growth_rate(scheme.integrator(), scheme.dt(), amplification, 0.0);
    }
    return scheme.continuous()
               ? amplification - 1.0
               : std::log(scheme.alpha() + scheme.beta() * amplification) / scheme.dt();
}

} // namespace tinymf::host
