// SPDX-License-Identifier: Apache-2.0
#include "reference/tangent_response.hpp"

namespace tinymf::host {

using Eigen::Index;

TangentResponse::TangentResponse(const MeanFieldProblem& problem, Index paths)
    : problem_{&problem}, present_{problem.points, paths} {
    for (Index s = 0; s + 1 < problem.points; ++s) {
        weighted_.emplace_back(problem.points - 1 - s, paths);
    }
}

ResponseSums TangentResponse::take(const Eigen::RowVectorXd& slopes) {
    ResponseSums sums;
    sums.state = present_.topRows(t_).rowwise().sum().transpose();
    sums.output.resize(t_);
    for (Index s = 0; s < t_; ++s) {
        auto weighted = weighted_[static_cast<std::size_t>(s)].row(t_ - s - 1);
        weighted = slopes.cwiseProduct(present_.row(s));
        sums.output(s) = weighted.sum();
        sums.output_squares += weighted.squaredNorm();
    }
    return sums;
}

void TangentResponse::advance(const Eigen::RowVectorXd& memory) {
    const double strength = problem_->beta * problem_->beta * problem_->kappa;
    for (Index s = 0; s < t_; ++s) {
        const Index between = t_ - s - 1; // times v with s < v < t
        present_.row(s) *= problem_->alpha;
        present_.row(s) += strength * memory.tail(between) *
                           weighted_[static_cast<std::size_t>(s)].topRows(between);
    }
    present_.row(t_).setOnes();
    ++t_;
}

} // namespace tinymf::host
