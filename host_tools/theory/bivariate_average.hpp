// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "theory/hermite_series.hpp"
#include "theory/power_average.hpp"

namespace tinymf::host {

/// One pair of error functions in an average: weight (2/pi) asin(scale c).
struct ErfPair {
    double weight;
    double scale;
};

/// Averages over two jointly Gaussian inputs as functions of their covariance c: the closure of the
/// mean field without reciprocity, where the effective neuron is Gaussian whatever its activation
/// (Sompolinsky, Crisanti & Sommers 1988).
///
/// tanh and pade by their Hermite series, F = sum_k h_k(first) h_k(second) rho^k with rho the
/// correlation coefficient; erf by the arcsine law, and tanh at variances where its series is long
/// as an average of error functions; ReLU by the arc-cosine kernel; a power law by a table in the
/// angle (power_average.hpp). Work of one evaluation: the number of terms, which grows with the
/// variance (tanh: about 60 at variance 1, 400 arc sines at large ones); at most
/// HermiteSeries::longest.
class BivariateAverage {
public:
    /// Two inputs of equal variance.
    BivariateAverage(const experiment::Parameters<double>& parameters, double variance);
    /// Inputs of two variances, by their series.
    BivariateAverage(const experiment::Parameters<double>& parameters, const HermiteSeries& first,
                     const HermiteSeries& second);

    /// The variance; of two their geometric mean.
    [[nodiscard]] double variance() const { return scale_; }
    /// Of the first input.
    [[nodiscard]] const GaussianMoments& moments() const { return moments_; }

    /// F(c) = <phi(x) phi(y)>.
    [[nodiscard]] double output(double covariance) const;
    /// dF/dc = <phi'(x) phi'(y)> (Price).
    [[nodiscard]] double slope(double covariance) const;
    /// Integral of F from 0 to c.
    [[nodiscard]] double integral(double covariance) const;
    /// False for ReLU, whose output has a mean and whose covariance therefore never decays to 0.
    [[nodiscard]] bool odd() const { return !rectified_; }

private:
    BivariateAverage(const experiment::Parameters<double>& parameters, const HermiteSeries& both);

    double scale_;
    GaussianMoments moments_;
    bool rectified_ = false;
    std::vector<double> products_; ///< of h_1, h_3, ... of both inputs
    std::vector<ErfPair> pairs_;   ///< weight (2/pi) asin(scale covariance)
    std::shared_ptr<const PowerAverage> power_;
    double power_scale_ = 1.0; ///< of a power law, (variance variance')^(p/2)
};

} // namespace tinymf::host
