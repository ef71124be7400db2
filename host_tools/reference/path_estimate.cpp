// SPDX-License-Identifier: Apache-2.0
#include "reference/path_estimate.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/host_error.hpp"
#include "reference/tangent_response.hpp"

namespace tinymf::host {
namespace {

using Eigen::Index;
using Eigen::RowVectorXd;
using PathMatrix = TwoTimeMatrix; ///< one row a time, one column a path

/// L of K = g^2 Cphi + E + white noise. Without white noise K is singular to rounding; a relative
/// 1e-6 on its diagonal is white noise too weak to matter.
TwoTimeMatrix field_factor(const MeanFieldProblem& problem,
                           const TwoTimeMatrix& output_correlation) {
    const Index n = problem.points;
    TwoTimeMatrix field(n, n);
    for (Index t = 0; t < n; ++t) {
        field.row(t).head(t + 1) =
            problem.smooth_field_row(output_correlation.row(t).head(t + 1).transpose()).transpose();
    }
    if (field.diagonal().isZero(0.0) && problem.nu == 0.0) {
        return TwoTimeMatrix::Zero(n, n);
    }
    constexpr double nugget = 1e-6;
    if (problem.nu > 0.0) {
        field.diagonal().array() += problem.white_variance();
    } else {
        field.diagonal() *= 1.0 + nugget;
    }
    const Eigen::LLT<TwoTimeMatrix> cholesky(field);
    if (cholesky.info() != Eigen::Success) {
        throw HostError(exit_bad_input, "the field has no Cholesky factor: it does not vary at "
                                        "some time (give the initial states or the noise a scale)");
    }
    return cholesky.matrixL();
}

/// Sums over paths, one bundle after the other.
class PathSums {
public:
    PathSums(const MeanFieldProblem& problem, const TwoTimeMatrix& factor,
             const TwoTimeMatrix& output_response)
        : problem_{&problem}, factor_{&factor}, output_response_{&output_response},
          sum_{zero_arrays(problem.points)}, slope_{Eigen::VectorXd::Zero(problem.points)} {}

    void add(Index paths, PathDraws& draws) {
        draw(paths, draws);
        follow(paths);
        sum_.Cx += states_ * states_.transpose();
        sum_.Cphi += outputs_ * outputs_.transpose();
        sum_.mean += states_.rowwise().sum();
        fourth_ += outputs_.cwiseAbs2().colwise().sum().squaredNorm();
        if (novikov()) {
            correlate_with_draws();
        }
        paths_ += static_cast<double>(paths);
    }

    PathEstimate finish() {
        PathEstimate estimate;
        TwoTimeArrays& arrays = estimate.arrays;
        arrays = std::move(sum_);
        for (auto* sum : {&arrays.Cx, &arrays.Cphi, &arrays.Rx, &arrays.Rphi}) {
            *sum /= paths_;
        }
        arrays.mean /= paths_;
        estimate.measured_response = arrays.Rphi;
        estimate.response_basis = TwoTimeMatrix::Identity(problem_->points, problem_->points);
        if (novikov()) {
            estimate.response_basis = problem_->beta * *factor_;
            for (auto* response : {&arrays.Rx, &arrays.Rphi}) {
                solve_novikov(estimate.response_basis, *response);
            }
        } else if (!problem_->has_memory()) {
            respond_without_memory(*problem_, slope_ / paths_, arrays);
        }
        estimate.correlation_scatter = fourth_ / paths_ - arrays.Cphi.squaredNorm();
        estimate.response_scatter =
            response_squares_ / paths_ - estimate.measured_response.squaredNorm();
        return estimate;
    }

private:
    [[nodiscard]] bool novikov() const { return problem_->has_memory() && problem_->nu > 0.0; }

    /// Normals for as many paths; row 0 of the states holds the standard form of x(0).
    void draw(Index paths, PathDraws& draws) {
        const Index n = problem_->points;
        normals_.resize(n, paths);
        states_.resize(n, paths);
        outputs_.resize(n, paths);
        for (Index path = 0; path < paths; ++path) {
            states_(0, path) = draws.standard_initial(problem_->parameters.initial);
            for (Index t = 0; t < n; ++t) {
                normals_(t, path) = draws.normal();
            }
        }
    }

    void follow(Index paths) {
        const MeanFieldProblem& p = *problem_;
        const PathMatrix field = factor_->triangularView<Eigen::Lower>() * normals_;
        std::optional<TangentResponse> tangents;
        if (p.has_memory() && !novikov()) {
            tangents.emplace(p, paths);
        }
        states_.row(0) *= std::sqrt(p.initial_variance);
        states_.row(0).array() += p.initial_mean;
        for (Index t = 0; t < p.points; ++t) {
            require_finite(p, t, states_.row(t).transpose());
            outputs_.row(t) = states_.row(t).unaryExpr(p.activation.value);
            if (tangents || !p.has_memory()) {
                add_slopes(t, tangents);
            }
            if (t + 1 < p.points) {
                step(t, field.row(t), tangents);
            }
        }
    }

    void add_slopes(Index t, std::optional<TangentResponse>& tangents) {
        const RowVectorXd slopes = states_.row(t).unaryExpr(problem_->activation.slope);
        slope_(t) += slopes.sum();
        if (tangents) {
            const ResponseSums sums = tangents->take(slopes);
            sum_.Rx.row(t).head(t) += sums.state;
            sum_.Rphi.row(t).head(t) += sums.output;
            response_squares_ += sums.output_squares;
        }
    }

    void step(Index t, RowVectorXd drive, std::optional<TangentResponse>& tangents) {
        const MeanFieldProblem& p = *problem_;
        const RowVectorXd memory = output_response_->row(t).head(t);
        drive.array() += p.input(t);
        if (p.has_memory()) {
            drive += p.kappa * p.beta * memory * outputs_.topRows(t);
        }
        states_.row(t + 1) = p.alpha * states_.row(t) + p.beta * drive;
        if (tangents) {
            tangents->advance(memory);
        }
    }

    /// <x_t z_s> and <phi_t z_s> for s < t, in place of the responses.
    void correlate_with_draws() {
        sum_.Rx += (states_ * normals_.transpose()).triangularView<Eigen::StrictlyLower>();
        sum_.Rphi += (outputs_ * normals_.transpose()).triangularView<Eigen::StrictlyLower>();
        RowVectorXd earlier = RowVectorXd::Zero(normals_.cols());
        for (Index t = 0; t < normals_.rows(); ++t) {
            response_squares_ += outputs_.row(t).cwiseAbs2().dot(earlier);
            earlier += normals_.row(t).cwiseAbs2();
        }
    }

    /// R from R basis, of which the part s < t is given.
    static void solve_novikov(const TwoTimeMatrix& basis, TwoTimeMatrix& response) {
        basis.triangularView<Eigen::Lower>().solveInPlace<Eigen::OnTheRight>(response);
        response = TwoTimeMatrix(response.triangularView<Eigen::StrictlyLower>());
    }

    const MeanFieldProblem* problem_;
    const TwoTimeMatrix* factor_;
    const TwoTimeMatrix* output_response_;
    PathMatrix normals_;
    PathMatrix states_;
    PathMatrix outputs_;
    TwoTimeArrays sum_; ///< R: of what the sample gives
    Eigen::VectorXd slope_;
    double fourth_ = 0.0; ///< sums over pairs of times of (phi_t phi_s)^2
    double response_squares_ = 0.0;
    double paths_ = 0.0;
};

} // namespace

PathEstimate estimate_from_paths(const MeanFieldProblem& problem,
                                 const TwoTimeMatrix& output_correlation,
                                 const TwoTimeMatrix& output_response, Eigen::Index paths,
                                 Eigen::Index bundle, PathDraws& draws) {
    const TwoTimeMatrix factor = field_factor(problem, output_correlation);
    PathSums sums(problem, factor, output_response);
    for (Index done = 0; done < paths; done += bundle) {
        sums.add(std::min(bundle, paths - done), draws);
    }
    return sums.finish();
}

} // namespace tinymf::host
