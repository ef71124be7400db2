// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "theory/gaussian_moments.hpp"

namespace tinymf::host {

/// Averages over two jointly Gaussian inputs of equal variance, as functions of their covariance c:
/// the closure of the mean field without reciprocity, where the effective neuron is Gaussian
/// whatever its activation (Sompolinsky, Crisanti & Sommers 1988).
///
/// An odd activation by its Hermite series, F = sum_k h_k^2 rho^k with rho = c / variance: by
/// recursion for linear, erf and power_law, by quadrature of the Hermite functions for tanh and
/// pade. ReLU by the arc-cosine kernel. Work of one evaluation: the number of terms, which grows
/// with the variance (tanh: about 60 at variance 1); at most `longest_series`.
class BivariateAverage {
public:
    BivariateAverage(const experiment::Parameters<double>& parameters, double variance);

    [[nodiscard]] double variance() const { return variance_; }
    [[nodiscard]] const GaussianMoments& moments() const { return moments_; }

    /// F(c) = <phi(x) phi(y)>.
    [[nodiscard]] double output(double covariance) const;
    /// dF/dc = <phi'(x) phi'(y)> (Price).
    [[nodiscard]] double slope(double covariance) const;
    /// Integral of F from 0 to c.
    [[nodiscard]] double integral(double covariance) const;
    /// False for ReLU, whose output has a mean and whose covariance therefore never decays to 0.
    [[nodiscard]] bool odd() const { return !rectified_; }

    static constexpr std::size_t longest_series = 2000;

private:
    double variance_;
    GaussianMoments moments_;
    bool rectified_ = false;
    std::vector<double> squares_; ///< h_1^2, h_3^2, ...; the last holds the series' remainder
};

} // namespace tinymf::host
