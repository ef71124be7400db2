// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "theory/gaussian_moments.hpp"

namespace tinymf::host {

/// One activation of an input x = sqrt(variance) z in Hermite polynomials of the normal z:
/// phi = sum_k h_k He_k(z) / sqrt(k!), odd k only. Size: 8 bytes a term; tanh has about 80 at
/// variance 1, any activation at most `longest`.
struct HermiteSeries {
    double variance = 0.0;
    GaussianMoments moments{};
    /// h_1, h_3, ... with the signs that products of two variances need; a series cut at its
    /// longest holds the remainder of sum_k h_k^2 = <phi^2> in its last term. None for relu, erf,
    /// powers, and tanh beyond a variance; see BivariateAverage for these.
    std::vector<double> coefficients;

    static constexpr std::size_t longest = 2000;
    static constexpr double widest_tanh = 30.0; ///< 400 terms
};

/// By quadrature of the Hermite functions where there is no closed form. `variance` > 0.
[[nodiscard]] HermiteSeries hermite_series(const experiment::Parameters<double>& parameters,
                                           double variance);

} // namespace tinymf::host
