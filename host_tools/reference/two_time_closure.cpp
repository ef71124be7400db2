// SPDX-License-Identifier: Apache-2.0
#include "reference/two_time_closure.hpp"

#include <stdexcept>

#include "progress/progress.hpp"
#include "reference/gaussian_pair_average.hpp"

namespace tinymf::host {
namespace {

using Eigen::Index;
using Eigen::VectorXd;

/// The closure up to one time; `arrays.Cx` holds centred covariances.
class ClosureRows {
public:
    explicit ClosureRows(const MeanFieldProblem& problem)
        : problem_{&problem}, average_{problem.parameters}, arrays_{zero_arrays(problem.points)},
          field_{TwoTimeMatrix::Zero(problem.points, problem.points)}, mean_slope_{VectorXd::Zero(
                                                                           problem.points)} {
        respond_without_memory(problem, VectorXd::Ones(problem.points), arrays_);
        arrays_.mean(0) = problem.initial_mean;
        arrays_.Cx(0, 0) = problem.initial_variance;
        average_outputs(0);
    }

    void advance(Index t) {
        const MeanFieldProblem& p = *problem_;
        extend_field(t);
        const VectorXd state_by_field =
            p.beta * arrays_.Rx.topLeftCorner(t + 1, t + 1) * field_.col(t).head(t + 1);
        VectorXd next(t + 2);
        next.head(t + 1) = p.alpha * arrays_.Cx.col(t).head(t + 1) + p.beta * state_by_field;
        next(t + 1) =
            p.alpha * (next(t) + p.beta * state_by_field(t)) + p.beta * p.beta * field_(t, t);
        arrays_.Cx.row(t + 1).head(t + 2) = next.transpose();
        arrays_.Cx.col(t + 1).head(t + 2) = next;
        arrays_.mean(t + 1) = p.alpha * arrays_.mean(t) + p.beta * p.input(t);
        require_finite(p, t + 1, next);
        average_outputs(t + 1);
    }

    TwoTimeArrays finish() {
        respond_without_memory(*problem_, mean_slope_, arrays_);
        arrays_.Cx += arrays_.mean * arrays_.mean.transpose();
        return std::move(arrays_);
    }

private:
    [[nodiscard]] GaussianInput input_law(Index t) const {
        return {arrays_.mean(t), arrays_.Cx(t, t)};
    }

    void extend_field(Index t) {
        VectorXd row = problem_->smooth_field_row(arrays_.Cphi.row(t).head(t + 1).transpose());
        row(t) += problem_->white_variance();
        field_.row(t).head(t + 1) = row.transpose();
        field_.col(t).head(t + 1) = row;
    }

    void average_outputs(Index t) {
        mean_slope_(t) = average_.slope(input_law(t));
        for (Index s = 0; s <= t; ++s) {
            arrays_.Cphi(t, s) = average_.output(input_law(t), input_law(s), arrays_.Cx(t, s));
            arrays_.Cphi(s, t) = arrays_.Cphi(t, s);
        }
    }

    const MeanFieldProblem* problem_;
    GaussianPairAverage average_;
    TwoTimeArrays arrays_;
    TwoTimeMatrix field_; ///< K
    VectorXd mean_slope_;
};

} // namespace

TwoTimeSolution solve_two_time_closure(const MeanFieldProblem& problem) {
    if (problem.has_memory() || problem.parameters.initial == model::InitialKind::uniform) {
        throw std::invalid_argument("the effective process is not Gaussian");
    }
    const auto n = static_cast<std::uint64_t>(problem.points);
    Progress progress("two-time closure", n * n);
    ClosureRows rows(problem);
    for (Index t = 0; t + 1 < problem.points; ++t) {
        rows.advance(t);
        progress.show(static_cast<std::uint64_t>((t + 1) * (t + 1)));
    }
    return solution_of(problem, {{}, rows.finish(), {}});
}

} // namespace tinymf::host
