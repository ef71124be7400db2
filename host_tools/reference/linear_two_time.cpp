// SPDX-License-Identifier: Apache-2.0
#include "reference/linear_two_time.hpp"

#include "base/progress.hpp"

namespace tinymf::host {
namespace {

using Eigen::Index;
using Eigen::VectorXd;

/// The lower triangular matrix whose entries depend on t - s only.
TwoTimeMatrix toeplitz(const VectorXd& column) {
    TwoTimeMatrix matrix = TwoTimeMatrix::Zero(column.size(), column.size());
    for (Index s = 0; s < column.size(); ++s) {
        matrix.col(s).tail(column.size() - s) = column.head(column.size() - s);
    }
    return matrix;
}

/// D column: one step later.
VectorXd shifted(const VectorXd& column) {
    VectorXd later = VectorXd::Zero(column.size());
    later.tail(column.size() - 1) = column.head(column.size() - 1);
    return later;
}

/// First column of 1 - alpha D - memory D R.
VectorXd propagator_column(const MeanFieldProblem& problem, double memory, const VectorXd& r) {
    VectorXd column = VectorXd::Unit(r.size(), 0) - memory * shifted(r);
    column(1) -= problem.alpha;
    return column;
}

VectorXd solve_lower(const VectorXd& toeplitz_column, const VectorXd& right_hand_side) {
    return toeplitz(toeplitz_column).triangularView<Eigen::Lower>().solve(right_hand_side);
}

/// First column of R. Matrices of this kind commute, so that Newton's correction is the solution of
/// (1 - alpha D - 2 kappa beta^2 D R) delta = residual; every step doubles the exact entries.
VectorXd response_column(const MeanFieldProblem& problem) {
    const double memory = problem.beta * problem.beta * problem.kappa;
    const VectorXd impulse = VectorXd::Unit(problem.points, 1);
    VectorXd r = impulse;
    for (Index exact = 2; exact < 2 * problem.points; exact *= 2) {
        const TwoTimeMatrix response = toeplitz(r);
        const VectorXd residual = impulse - response.triangularView<Eigen::Lower>() *
                                                propagator_column(problem, memory, r);
        r += solve_lower(propagator_column(problem, 2.0 * memory, r), residual);
    }
    return r;
}

/// All of the covariance that is not g^2 C fed back: mean, x(0), noise.
TwoTimeMatrix source(const MeanFieldProblem& problem, const TwoTimeMatrix& response,
                     const VectorXd& mean, const VectorXd& decay) {
    const double beta_squared = problem.beta * problem.beta;
    const TwoTimeMatrix drive =
        beta_squared *
        TwoTimeMatrix(toeplitz(problem.noise_by_lag).selfadjointView<Eigen::Lower>());
    TwoTimeMatrix sum = response * drive * response.transpose();
    sum += problem.nu * (response * response.transpose());
    sum += mean * mean.transpose() + problem.initial_variance * (decay * decay.transpose());
    return sum;
}

/// C = source + A C A^T, A = beta g R, row after row: A is strictly lower triangular, so that row t
/// needs the rows above only.
TwoTimeMatrix substitute(const MeanFieldProblem& problem, const TwoTimeMatrix& a, TwoTimeMatrix c) {
    Progress progress("linear mean field", static_cast<std::uint64_t>(problem.points));
    for (Index t = 1; t < problem.points; ++t) {
        const VectorXd earlier = c.topLeftCorner(t, t) * a.row(t).head(t).transpose();
        c.row(t).head(t + 1) += (a.topLeftCorner(t + 1, t) * earlier).transpose();
        c.col(t).head(t) = c.row(t).head(t).transpose();
        require_finite(problem, t, c.row(t).head(t + 1).transpose());
        progress.show(static_cast<std::uint64_t>(t));
    }
    return c;
}

} // namespace

TwoTimeSolution solve_linear_two_time(const MeanFieldProblem& problem) {
    const double memory = problem.beta * problem.beta * problem.kappa;
    const VectorXd r = response_column(problem);
    const VectorXd propagator = propagator_column(problem, memory, r);
    const VectorXd decay = solve_lower(propagator, VectorXd::Unit(problem.points, 0));
    TwoTimeArrays arrays;
    arrays.mean = problem.initial_mean * decay +
                  solve_lower(propagator, problem.beta * shifted(problem.input));
    arrays.Rx = toeplitz(r);
    require_finite(problem, problem.points - 1, r);
    const double gain = problem.parameters.gain;
    arrays.Cx = substitute(problem, problem.beta * gain * arrays.Rx,
                           source(problem, arrays.Rx, arrays.mean, decay));
    arrays.Cphi = arrays.Cx;
    arrays.Rphi = arrays.Rx;
    return solution_of(problem, {{}, std::move(arrays), {}});
}

} // namespace tinymf::host
