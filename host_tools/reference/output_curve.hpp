// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "reference/gaussian_pair_average.hpp"

namespace tinymf::host {

/// F(c) = <phi(x) phi(y)> of two Gaussian inputs of mean 0, one variance and covariance c. A smooth
/// activation is averaged once, by its Hermite series in the angle acos(c/variance), on Chebyshev
/// points of panels that halve towards 0 down to the scale 1/sqrt(1 + variance) on which F bends
/// there; others are cheap enough to be averaged anew each time, by quadrature.
class OutputCurve {
public:
    OutputCurve(const experiment::Parameters<double>& parameters, double variance);

    [[nodiscard]] double variance() const { return variance_; }
    [[nodiscard]] double value(double covariance) const;
    /// F'(c) by a central difference: for Newton's method, whose solution does not depend on it.
    [[nodiscard]] double slope(double covariance) const;

private:
    experiment::Parameters<double> parameters_;
    GaussianPairAverage quadrature_;
    double variance_;
    bool even_; ///< no kink: sampled
    std::vector<std::vector<double>> panels_;
};

} // namespace tinymf::host
