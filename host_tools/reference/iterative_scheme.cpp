// SPDX-License-Identifier: Apache-2.0
#include "reference/iterative_scheme.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>

#include "base/host_error.hpp"
#include "base/progress.hpp"
#include "reference/path_estimate.hpp"
#include "statistics/population_average.hpp"

namespace tinymf::host {
namespace {

/// old <- share old + (1 - share) estimate, in every array.
void mix(TwoTimeArrays& old, const TwoTimeArrays& estimate, double share) {
    const auto mix_one = [share](auto& array, const auto& other) {
        array = share * array + (1.0 - share) * other;
    };
    mix_one(old.Cx, estimate.Cx);
    mix_one(old.Cphi, estimate.Cphi);
    mix_one(old.Rx, estimate.Rx);
    mix_one(old.Rphi, estimate.Rphi);
    mix_one(old.mean, estimate.mean);
}

class Iteration {
public:
    Iteration(const MeanFieldProblem& problem, const IterationSettings& settings, std::uint32_t run)
        : problem_{&problem}, settings_{settings}, draws_{problem.parameters.seed,
                                                          DrawnBy::iteration, run} {
        const TwoTimeMatrix silence = TwoTimeMatrix::Zero(problem.points, problem.points);
        result_.value = estimate(silence, silence).arrays;
    }

    void advance() {
        const PathEstimate next = estimate(result_.value.Cphi, result_.value.Rphi);
        const TwoTimeMatrix& old = result_.value.Cphi;
        result_.correlation = relative_change((next.arrays.Cphi - old).squaredNorm(),
                                              next.correlation_scatter, old.squaredNorm());
        if (problem_->has_memory()) {
            const TwoTimeMatrix expected = result_.value.Rphi * next.response_basis;
            const TwoTimeMatrix before = expected.triangularView<Eigen::StrictlyLower>();
            result_.response = relative_change((next.measured_response - before).squaredNorm(),
                                               next.response_scatter, before.squaredNorm());
        }
        mix(result_.value, next.arrays, settings_.damping);
        ++result_.iterations;
    }

    [[nodiscard]] bool quiet() const {
        return within(result_.correlation) && within(result_.response);
    }

    [[nodiscard]] const IterationResult& result() const { return result_; }

private:
    [[nodiscard]] PathEstimate estimate(const TwoTimeMatrix& output_correlation,
                                        const TwoTimeMatrix& output_response) {
        return estimate_from_paths(*problem_, output_correlation, output_response, settings_.paths,
                                   settings_.bundle, draws_);
    }

    [[nodiscard]] IterationChange relative_change(double change, double scatter,
                                                  double size) const {
        if (size == 0.0) { // silence
            return {};
        }
        const double mixture = (1.0 - settings_.damping) / (1.0 + settings_.damping);
        // Without any scatter, rounding can leave it just below zero.
        const double floor =
            std::max(0.0, scatter) / static_cast<double>(settings_.paths) * (1.0 + mixture);
        return {std::sqrt(change / size), std::sqrt(floor / size)};
    }

    [[nodiscard]] bool within(const IterationChange& measured) const {
        return measured.change * measured.change <=
               2.0 * measured.floor * measured.floor + settings_.tolerance * settings_.tolerance;
    }

    const MeanFieldProblem* problem_;
    IterationSettings settings_;
    PathDraws draws_;
    IterationResult result_;
};

[[noreturn]] void give_up(const IterationResult& reached, const IterationSettings& settings) {
    throw HostError(
        exit_bad_input,
        fmt::format("the iterative mean field did not converge in {} iterations: C still changes "
                    "by {:.2g} (its Monte Carlo floor is {:.2g}), R by {:.2g} ({:.2g}), relative "
                    "to themselves; tolerance {:.2g}, damping {}",
                    settings.longest, reached.correlation.change, reached.correlation.floor,
                    reached.response.change, reached.response.floor, settings.tolerance,
                    settings.damping));
}

} // namespace

IterationSettings iteration_settings_for(const MeanFieldProblem& problem) {
    IterationSettings settings;
    if (problem.has_memory() && problem.nu == 0.0) {
        settings.paths = 2000;
        settings.bundle = 500;
    }
    return settings;
}

IterationResult iterate_two_time(const MeanFieldProblem& problem, const IterationSettings& settings,
                                 std::uint32_t run) {
    if (settings.paths < 1 || settings.bundle < 1 || !(settings.damping >= 0.0) ||
        !(settings.damping < 1.0)) {
        throw std::invalid_argument("settings of the iterative scheme");
    }
    constexpr int quiet_in_a_row = 3;
    const int settling =
        settings.damping > 0.0
            ? static_cast<int>(std::ceil(std::log(20.0) / -std::log(settings.damping)))
            : 1;
    Progress progress("iterative mean field", static_cast<std::uint64_t>(settings.longest));
    Iteration iteration(problem, settings, run);
    for (int quiet = 0, left = settling; left > 0;) {
        if (iteration.result().iterations >= settings.longest) {
            give_up(iteration.result(), settings);
        }
        iteration.advance();
        progress.show(static_cast<std::uint64_t>(iteration.result().iterations));
        if (quiet == quiet_in_a_row) {
            --left;
        } else {
            quiet = iteration.quiet() ? quiet + 1 : 0;
        }
    }
    return iteration.result();
}

TwoTimeSolution solve_by_iteration(const MeanFieldProblem& problem,
                                   const IterationSettings& settings, int repetitions) {
    if (repetitions < 2) {
        throw std::invalid_argument("one repetition has no standard error");
    }
    std::vector<TwoTimeArrays> runs;
    for (int run = 0; run < repetitions; ++run) {
        runs.push_back(iterate_two_time(problem, settings, static_cast<std::uint32_t>(run)).value);
    }
    return solution_of(problem, average_populations(runs));
}

} // namespace tinymf::host
