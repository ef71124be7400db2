// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Eigen/Dense>

#include "equations/reference_activation.hpp"
#include "equations/stage_scheme.hpp"
#include "equations/two_time_solution.hpp"
#include "tinymf/experiment/parameters.hpp"

namespace tinymf::host {

/// The N -> infinity limit of one experiment on its time grid, as the reference solves it:
///
///     x[t+1] = alpha x[t] + beta (gamma[t] + kappa beta sum_{s<t} R[t,s] phi[s] + I[t])
///     <gamma[t] gamma[s]> = g^2 Cphi[t,s] + E[t,s] + (nu / beta^2) delta_ts
///
/// with the white noise of a step, variance nu, merged into the Gaussian field gamma (Zou & Huang
/// 2023 for a scheme of one stage; Gerbelot et al. 2022). A scheme of several stages
/// has a field gamma in each (equations/stage_scheme.hpp); alpha, beta and nu are then those of a
/// field that is held over the step. Size: (stages + 1) n doubles.
struct MeanFieldProblem {
    experiment::Parameters<double> parameters;
    ReferenceActivation activation;
    StageScheme scheme;
    Eigen::Index points = 0; ///< n, times 0, dt, ..., (n - 1) dt
    double alpha = 0.0;
    double beta = 0.0;
    double white_strength = 0.0; ///< sigma^2 of white noise
    double nu = 0.0;             ///< the variance it adds in a step
    double gain_squared = 0.0;
    double kappa = 0.0; ///< reciprocity g^2
    double initial_mean = 0.0;
    double initial_variance = 0.0;
    Eigen::VectorXd input;        ///< I at the stages of every step, stages n
    Eigen::VectorXd noise_by_lag; ///< E at lag t - s, n; zero for white noise

    [[nodiscard]] bool has_memory() const { return kappa != 0.0; }

    [[nodiscard]] double white_variance() const { return nu / (beta * beta); }
    [[nodiscard]] double time(Eigen::Index t) const {
        return static_cast<double>(t) * parameters.dt;
    }

    /// g^2 C + E for an average C of outputs `lag` steps apart: the smooth part of the field.
    [[nodiscard]] double field_covariance(double output_average, Eigen::Index lag) const {
        return gain_squared * output_average + noise_by_lag(lag);
    }

    /// g^2 Cphi[t,s] + E[t,s], s = 0 .. t, from row t of Cphi.
    [[nodiscard]] Eigen::VectorXd smooth_field_row(const Eigen::VectorXd& output_row) const;
};

/// Throws HostError (exit code 2) for a live input and for more than 8191 steps.
[[nodiscard]] MeanFieldProblem mean_field_problem(const experiment::Parameters<double>& parameters);

/// A solution of zeros on the problem's times.
[[nodiscard]] TwoTimeArrays zero_arrays(Eigen::Index points);

/// The solution with its times filled in. Throws HostError when a number is not finite.
[[nodiscard]] TwoTimeSolution solution_of(const MeanFieldProblem& problem,
                                          TwoTimeSolution solution);

/// Throws HostError (exit code 2) unless all of `values`, which belong to row t, are finite.
void require_finite(const MeanFieldProblem& problem, Eigen::Index t,
                    const Eigen::Ref<const Eigen::VectorXd>& values);

/// Without memory R_x[t,s] = R_x[s+1,s] alpha^(t-s-1) and R_phi[t,s] = <phi'(x_t)> R_x[t,s],
/// exactly; R_x[s+1,s] is the scheme's impulse, 1 for one stage.
void respond_without_memory(const MeanFieldProblem& problem, const Eigen::VectorXd& mean_slope,
                            TwoTimeArrays& arrays);

} // namespace tinymf::host
