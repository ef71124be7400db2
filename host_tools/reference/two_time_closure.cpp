// SPDX-License-Identifier: Apache-2.0
#include "reference/two_time_closure.hpp"

#include <optional>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>

#include "base/host_error.hpp"
#include "base/progress.hpp"
#include "reference/gaussian_pair_average.hpp"
#include "reference/series_pair_average.hpp"

namespace tinymf::host {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// The closure up to one state x[t]. Entries are numbered in the order in which they arise: stage a
/// of step t is entry stages t + a, and stage 0 the state. `arrays_.Cx` holds centred covariances.
class StageClosure {
public:
    StageClosure(const MeanFieldProblem& problem, PairRule rule, double most_evaluations)
        : problem_{&problem}, scheme_{&problem.scheme}, stages_{problem.scheme.stages()},
          most_evaluations_{most_evaluations}, average_{problem.parameters},
          arrays_{zero_arrays(problem.points)}, mean_slope_{VectorXd::Zero(problem.points)} {
        const Index entries = stages_ * problem.points;
        laws_.resize(static_cast<std::size_t>(entries));
        const bool centred = problem.initial_mean == 0.0 && problem.input.isZero(0.0);
        if (rule == PairRule::series && SeriesPairAverage::serves(problem.parameters, centred)) {
            series_average_.emplace(problem.parameters, centred);
            series_.resize(laws_.size());
        }
        state_row_ = row_ = VectorXd::Zero(entries);
        fields_ = products_ = MatrixXd::Zero(entries, stages_);
        row_(0) = problem.initial_variance;
        law(0) = {problem.initial_mean, problem.initial_variance};
        keep_state(0);
    }

    /// To the state x[t+1].
    void advance(Index t) {
        const Index state = stages_ * t;
        state_row_ = row_;
        for (Index a = 0; a < stages_; ++a) {
            meet_field(t, a);
            extend_to(t, a + 1);
            state_row_(state + a + 1) = row_(state);
        }
        keep_state(t + 1);
    }

    TwoTimeArrays finish() {
        meet_outputs(problem_->points - 1);
        respond_without_memory(*problem_, mean_slope_, arrays_);
        arrays_.Cx += arrays_.mean * arrays_.mean.transpose();
        return std::move(arrays_);
    }

private:
    [[nodiscard]] GaussianInput& law(Index entry) { return laws_[static_cast<std::size_t>(entry)]; }

    [[nodiscard]] double output(Index entry, Index other) {
        if (!series_average_) {
            require_affordable(entry, other);
        }
        return series_average_ ? series_average_->output(series(entry), series(other), row_(other))
                               : average_.output(law(entry), law(other), row_(other));
    }

    void require_affordable(Index entry, Index other) {
        evaluations_ += average_.evaluations(law(entry), law(other), row_(other));
        if (evaluations_ > most_evaluations_) {
            throw HostError(
                exit_bad_input,
                fmt::format("no reference: at t = {:.6g} the variance of x is {:.3g}, too wide "
                            "for averages over the plane; tinymf reference --solver sample draws "
                            "a sample instead",
                            static_cast<double>(entry / stages_) * problem_->parameters.dt,
                            law(entry).variance));
        }
    }

    /// Expanded when first needed; an entry's law does not change any more then.
    [[nodiscard]] const InputSeries& series(Index entry) {
        auto& expanded = series_[static_cast<std::size_t>(entry)];
        if (!expanded) {
            expanded = series_average_->expand(law(entry));
        }
        return *expanded;
    }

    void keep_state(Index t) {
        const auto states = Eigen::seqN(0, t + 1, stages_);
        const VectorXd row = row_(states);
        arrays_.Cx.row(t).head(t + 1) = row.transpose();
        arrays_.Cx.col(t).head(t + 1) = row;
        arrays_.mean(t) = law(stages_ * t).mean;
        require_finite(*problem_, t, row);
    }

    /// C_phi of the state x[t] with all states before.
    void meet_outputs(Index t) {
        mean_slope_(t) = average_.slope(law(stages_ * t));
        for (Index s = 0; s <= t; ++s) {
            arrays_.Cphi(t, s) = arrays_.Cphi(s, t) = output(stages_ * t, stages_ * s);
        }
    }

    /// The field of a stage: its covariance with all earlier fields, and with the inputs up to its
    /// own. `row_` is that of its input.
    void meet_field(Index t, Index a) {
        if (a == 0) {
            meet_outputs(t);
        }
        const Index entry = stages_ * t + a;
        for (Index i = 0; i <= entry; ++i) {
            const bool known = a == 0 && i % stages_ == 0;
            fields_(i, a) = problem_->field_covariance(
                known ? arrays_.Cphi(t, i / stages_) : output(entry, i), t - i / stages_);
        }
        for (Index b = 0; b < a; ++b) {
            fields_(entry, b) = fields_(stages_ * t + b, a);
        }
        products_(0, a) = 0.0; // x(0) is independent of all fields
        for (Index i = 1; i <= entry; ++i) {
            products_(i, a) = product((i - 1) / stages_, (i - 1) % stages_ + 1, a);
        }
    }

    /// <y f> of stage a of step s (a = stages: the state after it) and the present step's field b.
    [[nodiscard]] double product(Index s, Index a, Index b) const {
        return scheme_->state(a) * products_(stages_ * s, b) +
               scheme_->field.row(a).head(a).dot(fields_.col(b).segment(stages_ * s, a));
    }

    /// The row of stage a of step t, or for a = stages of the next state, from those before.
    void extend_to(Index t, Index a) {
        const Index state = stages_ * t;
        const Index entry = state + a;
        const double white = scheme_->white(a) * problem_->white_strength;
        for (Index b = 0; b < a; ++b) {
            products_(entry, b) = product(t, a, b);
        }
        const VectorXd weights = scheme_->field.row(a).head(a);
        row_.head(entry) = scheme_->state(a) * state_row_.head(entry) +
                           products_.topLeftCorner(entry, a) * weights;
        row_.segment(state, a) += white * scheme_->white.head(a);
        row_(entry) = scheme_->state(a) * row_(state) + products_.row(entry).head(a).dot(weights) +
                      white * scheme_->white(a);
        law(entry) = {scheme_->state(a) * law(state).mean +
                          weights.dot(problem_->input.segment(state, a)),
                      row_(entry)};
    }

    const MeanFieldProblem* problem_;
    const StageScheme* scheme_;
    Index stages_;
    double most_evaluations_;
    double evaluations_ = 0.0;
    GaussianPairAverage average_;
    TwoTimeArrays arrays_;
    VectorXd mean_slope_;
    std::vector<GaussianInput> laws_; ///< of every entry
    std::optional<SeriesPairAverage> series_average_;
    std::vector<std::optional<InputSeries>> series_; ///< of every entry, where they are used
    VectorXd row_;       ///< covariances of the latest entry with those up to it
    VectorXd state_row_; ///< of the present step's state
    MatrixXd fields_;    ///< covariance of each field with those of the present step
    MatrixXd products_;  ///< <y f>, each entry with the fields of the present step
};

} // namespace

TwoTimeSolution solve_two_time_closure(const MeanFieldProblem& problem, PairRule rule,
                                       double most_evaluations) {
    if (problem.has_memory() || problem.parameters.initial == model::InitialKind::uniform) {
        throw std::invalid_argument("the effective process is not Gaussian");
    }
    const auto n = static_cast<std::uint64_t>(problem.points);
    Progress progress("two-time closure", n * n);
    StageClosure closure(problem, rule, most_evaluations);
    for (Index t = 0; t + 1 < problem.points; ++t) {
        closure.advance(t);
        progress.show(static_cast<std::uint64_t>((t + 1) * (t + 1)));
    }
    return solution_of(problem, {{}, closure.finish(), {}});
}

} // namespace tinymf::host
