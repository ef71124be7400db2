// SPDX-License-Identifier: Apache-2.0
#include "reference/effective_neurons.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <stdexcept>
#include <vector>

#include "base/progress.hpp"
#include "reference/path_draws.hpp"
#include "reference/tangent_response.hpp"
#include "statistics/population_average.hpp"

namespace tinymf::host {
namespace {

using Eigen::Index;
using Eigen::VectorXd;
using PathMatrix = TwoTimeMatrix; ///< one row a time, one column a path

/// Whether the responses of single paths can be averaged: their scatter is that of the slopes, and
/// an error taken from it needs the slopes' fourth moment. Those of a power law, p |x|^(p-1), have
/// it above 3/4 only. Below, a single path near x = 0 outweighs its population: measured at
/// p = 0.18, reciprocity -0.9 and 2000 paths, C(T,T) comes out eightfold.
bool answers_path_by_path(const MeanFieldProblem& problem) {
    const auto& p = problem.parameters;
    const bool heavy_tails = p.activation == model::ActivationKind::power_law && p.exponent <= 0.75;
    return problem.has_memory() && problem.nu == 0.0 && !heavy_tails;
}

/// Relative addition to the diagonal of a field's covariance that holds no white noise. Novikov's
/// theorem divides by what it leaves of each row: the scatter of a response falls with its root.
constexpr double nugget = 1e-6;
constexpr double nugget_of_novikov = 1e-4;

/// Rows: the constant 1, the standard form of x(0), and the normals of every time. Twice, each row
/// loses what the rows above it explain and gets unit variance: the draws become orthonormal.
PathMatrix matched_draws(const MeanFieldProblem& problem, Index paths, PathDraws& draws) {
    PathMatrix rows(problem.points + 1, paths);
    rows.row(0).setOnes();
    for (Index path = 0; path < paths; ++path) {
        rows(1, path) = draws.standard_initial(problem.parameters.initial);
        for (Index t = 2; t < rows.rows(); ++t) {
            rows(t, path) = draws.normal();
        }
    }
    for (int pass = 0; pass < 2; ++pass) {
        TwoTimeMatrix gram = TwoTimeMatrix::Zero(rows.rows(), rows.rows());
        gram.selfadjointView<Eigen::Lower>().rankUpdate(rows, 1.0 / static_cast<double>(paths));
        const Eigen::LLT<TwoTimeMatrix> factor(gram);
        factor.matrixL().solveInPlace(rows);
    }
    return rows;
}

/// One population, advanced row by row.
class EffectiveNeurons {
public:
    EffectiveNeurons(const MeanFieldProblem& problem, Index paths, PathDraws draws,
                     const AddedVariance& added)
        : problem_{&problem}, added_{added}, weight_{1.0 / static_cast<double>(paths)},
          draws_{matched_draws(problem, paths, draws)}, states_{problem.points, paths},
          outputs_{problem.points, paths}, factor_{TwoTimeMatrix::Zero(problem.points,
                                                                       problem.points)},
          arrays_{zero_arrays(problem.points)}, mean_slope_{problem.points} {
        if (answers_path_by_path(problem)) {
            tangents_.emplace(problem, paths);
        }
        states_.row(0) = Eigen::RowVectorXd::Constant(paths, problem.initial_mean) +
                         std::sqrt(problem.initial_variance) * draws_.row(1);
        average(0);
    }

    void advance(Index t) {
        const MeanFieldProblem& p = *problem_;
        extend_factor(t);
        Eigen::RowVectorXd drive = factor_.row(t).head(t + 1) * normals(t + 1);
        drive.array() += p.input(t);
        if (p.has_memory()) {
            drive += p.kappa * p.beta * arrays_.Rphi.row(t).head(t) * outputs_.topRows(t);
        }
        states_.row(t + 1) = p.alpha * states_.row(t) + p.beta * drive;
        if (tangents_) {
            tangents_->advance(arrays_.Rphi.row(t).head(t));
        }
        average(t + 1);
    }

    TwoTimeArrays finish() {
        const Index n = problem_->points;
        arrays_.Cx = weight_ * states_ * states_.transpose();
        arrays_.mean = states_.rowwise().mean();
        if (!problem_->has_memory()) {
            respond_without_memory(*problem_, mean_slope_, arrays_);
        } else if (!tangents_) {
            const TwoTimeMatrix by_draw = weight_ * states_ * normals(n - 1).transpose();
            for (Index t = 1; t < n; ++t) {
                arrays_.Rx.row(t).head(t) = novikov(t, by_draw.row(t).head(t));
            }
        }
        return std::move(arrays_);
    }

private:
    /// Of the first `count` times.
    [[nodiscard]] Eigen::Block<const PathMatrix> normals(Index count) const {
        return draws_.block(2, 0, count, draws_.cols());
    }

    /// Row t of Cphi and of what the responses need.
    void average(Index t) {
        const MeanFieldProblem& p = *problem_;
        require_finite(p, t, states_.row(t).transpose());
        outputs_.row(t) = states_.row(t).unaryExpr(p.activation.value);
        const VectorXd products = weight_ * (outputs_.topRows(t + 1) * outputs_.row(t).transpose());
        arrays_.Cphi.row(t).head(t + 1) = products.transpose();
        arrays_.Cphi.col(t).head(t + 1) = products;
        if (p.has_memory() && !tangents_) {
            const VectorXd by_draw = weight_ * (normals(t) * outputs_.row(t).transpose());
            arrays_.Rphi.row(t).head(t) = novikov(t, by_draw.transpose());
            return;
        }
        const Eigen::RowVectorXd slopes = states_.row(t).unaryExpr(p.activation.slope);
        mean_slope_(t) = slopes.mean();
        if (tangents_) {
            const ResponseSums sums = tangents_->take(slopes);
            arrays_.Rx.row(t).head(t) = weight_ * sums.state;
            arrays_.Rphi.row(t).head(t) = weight_ * sums.output;
        }
    }

    /// Novikov in the basis of the draws: solves beta response L = by_draw. A field that does not
    /// vary at a time, which only one without white noise can, shows no response to that time.
    [[nodiscard]] Eigen::RowVectorXd novikov(Index t, Eigen::RowVectorXd by_draw) const {
        for (Index u = t; u-- > 0;) {
            const double diagonal = factor_(u, u);
            by_draw(u) = diagonal > 0.0 ? by_draw(u) / diagonal : 0.0;
            by_draw.head(u) -= by_draw(u) * factor_.row(u).head(u);
        }
        return by_draw / problem_->beta;
    }

    /// Row t of the Cholesky factor of the field's covariance; zero where the field does not vary.
    void extend_factor(Index t) {
        const MeanFieldProblem& p = *problem_;
        const VectorXd smooth = p.smooth_field_row(arrays_.Cphi.row(t).head(t + 1).transpose());
        const bool by_novikov = p.has_memory() && !tangents_;
        const double least = by_novikov && p.nu == 0.0 ? nugget_of_novikov : nugget;
        const double variance = smooth(t) * (1.0 + added_.share) + added_.absolute;
        const double diagonal =
            p.nu > 0.0 ? variance + p.white_variance() : variance * (1.0 + least);
        for (Index s = 0; s < t; ++s) {
            const double rest = smooth(s) - factor_.row(t).head(s).dot(factor_.row(s).head(s));
            factor_(t, s) = factor_(s, s) > 0.0 ? rest / factor_(s, s) : 0.0;
        }
        const double left = diagonal - factor_.row(t).head(t).squaredNorm();
        factor_(t, t) = std::sqrt(std::max(left, least * diagonal));
    }

    const MeanFieldProblem* problem_;
    AddedVariance added_;
    double weight_; ///< of one path
    PathMatrix draws_;
    PathMatrix states_;
    PathMatrix outputs_;
    TwoTimeMatrix factor_;
    TwoTimeArrays arrays_;
    VectorXd mean_slope_;
    std::optional<TangentResponse> tangents_;
};

} // namespace

SampleSize sample_size_for(const MeanFieldProblem& problem) {
    if (!problem.has_memory() || problem.nu > 0.0) {
        return {.paths = std::max<Index>(SampleSize{}.paths, 4 * problem.points)};
    }
    const Index affordable = 100'000'000 / (problem.points * problem.points);
    return {.paths = std::max(std::min<Index>(affordable, 2000), problem.points + 2),
            .populations = 16};
}

TwoTimeSolution solve_effective_neurons(const MeanFieldProblem& problem, const SampleSize& size,
                                        const AddedVariance& added) {
    if (size.paths < problem.points + 2 || size.populations < 2) {
        throw std::invalid_argument("too few effective neurons or populations");
    }
    const Index steps = problem.points - 1;
    Progress progress("effective neurons", static_cast<std::uint64_t>(size.populations * steps));
    std::vector<TwoTimeArrays> populations;
    for (int population = 0; population < size.populations; ++population) {
        EffectiveNeurons neurons(problem, size.paths,
                                 PathDraws(problem.parameters.seed, DrawnBy::sample,
                                           static_cast<std::uint32_t>(population)),
                                 added);
        for (Index t = 0; t < steps; ++t) {
            neurons.advance(t);
            progress.show(static_cast<std::uint64_t>(population * steps + t));
        }
        populations.push_back(neurons.finish());
    }
    return solution_of(problem, average_populations(populations));
}

} // namespace tinymf::host
