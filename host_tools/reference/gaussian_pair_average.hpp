// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include <boost/math/quadrature/tanh_sinh.hpp>

#include "equations/reference_activation.hpp"
#include "reference/shifted_power_average.hpp"
#include "tinymf/experiment/parameters.hpp"

namespace tinymf::host {

/// The law of one input.
struct GaussianInput {
    double mean = 0.0;
    double variance = 0.0;
};

/// Averages of one activation over two jointly Gaussian inputs, by quadrature over the plane; the
/// closure of the mean field without reciprocity (Sompolinsky, Crisanti & Sommers 1988).
///
/// - linear: the covariance;
/// - erf without means: its arc sine law;
/// - tanh, pade, erf: the trapezoid rule in two independent normals. An integrand that is analytic
///   within d of the real axis leaves an error exp(-2 pi d / step) (Trefethen & Weideman 2014); the
///   step makes that 1e-16; one average over erf is closed;
/// - relu and power_law without means: homogeneous, so that only the angle is integrated, by the
///   tanh-sinh rule, which bears the singular ends;
/// - relu and power_law with means: nested, the plane split where an input is zero; the inner
///   average of a power law is shifted_power_average.hpp's.
///
/// Work of one average: some hundred evaluations of phi in the closed and homogeneous cases, some
/// thousand otherwise, growing with the variances.
class GaussianPairAverage {
public:
    explicit GaussianPairAverage(const experiment::Parameters<double>& parameters);

    /// <phi(x) phi(y)>.
    [[nodiscard]] double output(const GaussianInput& x, const GaussianInput& y,
                                double covariance) const;
    /// Of phi that an average over the plane takes, nearly; of the cheaper ones, none.
    [[nodiscard]] double evaluations(const GaussianInput& x, const GaussianInput& y,
                                     double covariance) const;
    /// <phi(x)>.
    [[nodiscard]] double output(const GaussianInput& x) const;
    /// <phi'(x)>; without variance phi'(mean).
    [[nodiscard]] double slope(const GaussianInput& x) const;

private:
    [[nodiscard]] bool rectified() const;
    [[nodiscard]] bool kinked() const;
    [[nodiscard]] double step(double variance) const;
    [[nodiscard]] double smooth_pair(const GaussianInput& x, const GaussianInput& y,
                                     double covariance) const;
    [[nodiscard]] double homogeneous_pair(double variance_x, double variance_y,
                                          double covariance) const;
    [[nodiscard]] double angular_integral(double angle, double complement) const;
    [[nodiscard]] double split_pair(const GaussianInput& x, const GaussianInput& y,
                                    double covariance) const;
    [[nodiscard]] double split_pair_in_order(const GaussianInput& x, const GaussianInput& y,
                                             double covariance) const;

    experiment::Parameters<double> parameters_;
    ReferenceActivation activation_;
    std::optional<ShiftedPowerAverage> shifted_power_; ///< of a power law
    /// integrate() changes nothing, but compilers differ on whether it is const.
    mutable boost::math::quadrature::tanh_sinh<double> tanh_sinh_;
};

} // namespace tinymf::host
