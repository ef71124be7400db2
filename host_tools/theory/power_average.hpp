// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

namespace tinymf::host {

/// F(rho) = <phi(x) phi(y)> of phi = sgn(x)|x|^p for x, y of unit variance and correlation rho; of
/// variances a and b it is (a b)^(p/2) F. In polar coordinates, with rho = cos(theta),
///
///     F = 2^p Gamma(p+1)/pi [J(pi - theta) - J(theta)],  J(a) = int_0^a (sin u sin(a - u))^p du,
///
/// tabulated in theta by Chebyshev polynomials on intervals that halve towards 0. It obeys
/// (1 - rho^2) F'' + (2p - 1) rho F' - p^2 F = 0, which gives its integral. Error 1e-13 of F(1).
/// Size: about 1000 doubles.
class PowerAverage {
public:
    /// One for each exponent, made when first asked for.
    [[nodiscard]] static std::shared_ptr<const PowerAverage> of(double exponent);

    explicit PowerAverage(double exponent);

    [[nodiscard]] double output(double rho) const;
    [[nodiscard]] double slope(double rho) const;    ///< dF/drho
    [[nodiscard]] double integral(double rho) const; ///< from 0 to rho

private:
    struct Place {
        std::size_t interval;
        double at;      ///< in [-1, 1]
        double stretch; ///< d(at)/d(theta)
    };
    [[nodiscard]] Place find(double theta) const;
    [[nodiscard]] double descent(double theta) const; ///< -dF/dtheta

    double exponent_;
    double second_moment_; ///< F(1)
    double mean_slope_;    ///< <phi'>, the root of F'(0)
    std::vector<std::vector<double>> coefficients_;
};

} // namespace tinymf::host
