// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include <Eigen/Dense>

#include "reference/network_equation.hpp"
#include "reference/network_problem.hpp"

namespace tinymf::host {

/// What rounding does to a run within one stage of one step, by neuron: standard deviations of
/// independent errors with every operation at its worst, and largest errors of coefficients.
///
/// An operation errs by `unit` of its result, half an ulp of the run's scalar and, because the
/// reference rounds as well, one of double; where the result is subnormal, by `smallest` at most.
/// phi errs by `activation_ulps`, and more where a rational function's terms cancel.
class LocalRounding {
public:
    LocalRounding(const NetworkProblem& problem, const NetworkEquation& equation);

    /// Relative error of an operation.
    [[nodiscard]] double unit() const { return unit_; }
    /// Absolute error of an operation with a subnormal result.
    [[nodiscard]] double smallest() const { return smallest_; }

    /// Of F = g J phi(x) + external, and of F - x, evaluated at x. The sum of N terms errs with
    /// each of its partial sums, in the order of the neurons.
    [[nodiscard]] Eigen::VectorXd of_drive(const Eigen::VectorXd& x,
                                           const Eigen::VectorXd& external) const;

    /// Of the argument of a later stage.
    [[nodiscard]] Eigen::VectorXd of_stage(const Eigen::VectorXd& x) const;

    /// Of the new state, beside the drive: alpha x, the sums, and the white noise.
    [[nodiscard]] Eigen::VectorXd of_state(const Eigen::VectorXd& before,
                                           const Eigen::VectorXd& after,
                                           const Eigen::VectorXd& increment) const;

    /// Of the coloured or static field after a step, or of its first draw.
    [[nodiscard]] Eigen::VectorXd of_field(const Eigen::VectorXd& field) const;

    /// Largest relative error of e^-x as the run computes it: of the function, and of its argument.
    [[nodiscard]] double of_decay(double exponent) const { return (3.0 + exponent) * unit_; }

    /// Largest error of the sine I(t), common to all neurons: of its function, and of its phase, a
    /// whole number of the smallest parts of a turn that the run knows (2^-32 in float32), or as
    /// far as the reference's own turns are rounded.
    [[nodiscard]] double of_sine(double time) const;

private:
    experiment::Parameters<double> parameters_;
    const NetworkEquation* equation_;
    double unit_;
    double smallest_;
    double turn_;                              ///< parts of a turn
    std::function<double(double)> activation_; ///< error of phi in units of roundoff
};

inline constexpr double activation_ulps = 4.0;

} // namespace tinymf::host
