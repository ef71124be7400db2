// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <vector>

#include "reference/gaussian_pair_average.hpp"

namespace tinymf::host {

/// phi of one input in Hermite polynomials of its standard form,
/// phi = sum_k h_k He_k(z)/sqrt(k!), as far as rounding.
struct InputSeries {
    GaussianInput law;
    std::vector<double> coefficients; ///< all k, or the odd ones
};

/// The averages of gaussian_pair_average.hpp for many pairs of few inputs, some hundred times as
/// fast: each input is expanded once, and a pair is a sum over some 60 orders (Mehler), more at
/// large variances.
///
/// - linear, relu without means, erf without means: closed forms;
/// - power_law without means: homogeneous, so that one function of the angle arccos(rho), tabulated
///   by Chebyshev polynomials, holds for all variances;
/// - tanh, pade, erf: the series;
/// - relu and power_law with means: nothing, see `serves`.
class SeriesPairAverage {
public:
    /// `centred`: no input will have a mean.
    SeriesPairAverage(const experiment::Parameters<double>& parameters, bool centred);

    /// False where the quadrature over the plane has no quicker substitute.
    [[nodiscard]] static bool serves(const experiment::Parameters<double>& parameters,
                                     bool centred);

    [[nodiscard]] InputSeries expand(const GaussianInput& law) const;

    /// <phi(x) phi(y)>.
    [[nodiscard]] double output(const InputSeries& x, const InputSeries& y,
                                double covariance) const;

private:
    [[nodiscard]] double homogeneous_output(const GaussianInput& x, const GaussianInput& y,
                                            double covariance) const;
    [[nodiscard]] double series_output(const InputSeries& x, const InputSeries& y,
                                       double rho) const;

    experiment::Parameters<double> parameters_;
    ReferenceActivation activation_;
    bool centred_;
    /// Chebyshev coefficients of <phi phi> at unit variances over angles (pi/2) 2^-(j+1) ...
    /// (pi/2) 2^-j, an interval j after the other.
    std::vector<std::vector<double>> angles_;
};

} // namespace tinymf::host
