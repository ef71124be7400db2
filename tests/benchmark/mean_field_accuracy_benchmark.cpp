// SPDX-License-Identifier: Apache-2.0
// Prints Markdown tables: sampling error and bias of the forward sampler against the exact closure,
// and what an accuracy costs it and the reference's iteration.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <memory>
#include <vector>

#include "reference/iterative_scheme.hpp"
#include "reference/mean_field_problem.hpp"
#include "tinymf/experiment/parameters.hpp"
#include "tinymf/mean_field/forward_sampler.hpp"
#include "tinymf/mean_field/gaussian_closure.hpp"
#include "whole_run.hpp"

namespace tinymf {
namespace {

constexpr std::size_t points = 100;
constexpr double gain = 1.5;
constexpr double goal = 0.0035; ///< relative, root mean square over the times
constexpr double seconds_goal = 0.06;
constexpr double mebibyte = 1 << 20;

/// C(t,t) of the closure, which is exact here.
std::vector<double> exact_variances() {
    using Model = mean_field::GaussianClosure<double, points, 64>;
    const auto model = std::make_unique<Model>();
    std::vector<double> variances;
    run_whole_grid(*model, tanh_run<double>(gain, 0, 0),
                   [&](std::size_t) { variances.push_back(model->rows()[0].values.back()); });
    return variances;
}

/// C(t,t) over its exact value, minus 1, for all t.
using Errors = std::vector<double>;

double mean(const Errors& errors) {
    double sum = 0;
    for (const double error : errors) {
        sum += error;
    }
    return sum / points;
}

double mean_square(const Errors& errors) {
    double sum = 0;
    for (const double error : errors) {
        sum += error * error;
    }
    return sum / points;
}

/// Populations of one size, each with draws of its own.
template <std::size_t paths>
class Populations {
public:
    static constexpr std::size_t bytes = sizeof(mean_field::ForwardSampler<float, points, paths>);

    /// Of the mean of the next `count` populations.
    [[nodiscard]] Errors next_mean(int count) {
        Errors errors(points, -1.0);
        for (int population = 0; population < count; ++population) {
            auto parameters = tanh_run<float>(gain, 0, 0);
            parameters.seed = ++seed_;
            run_whole_grid(*model_, parameters, [&](std::size_t row) {
                const auto variance = static_cast<double>(model_->rows()[0].values.back());
                errors[row] += variance / exact_[row] / count;
            });
        }
        return errors;
    }

private:
    std::unique_ptr<mean_field::ForwardSampler<float, points, paths>> model_ =
        std::make_unique<mean_field::ForwardSampler<float, points, paths>>();
    std::vector<double> exact_ = exact_variances();
    std::uint64_t seed_ = 0;
};

/// Scatter and mean of the errors, each in the power of the paths that should make it constant.
template <std::size_t paths>
void print_scatter_and_bias(int count) {
    Populations<paths> populations;
    double squares = 0;
    double sum = 0;
    double sum_of_squares = 0;
    for (int population = 0; population < count; ++population) {
        const Errors errors = populations.next_mean(1);
        squares += mean_square(errors) / count;
        sum += mean(errors) / count;
        sum_of_squares += mean(errors) * mean(errors) / count;
    }
    const auto size = static_cast<double>(paths);
    const double deviation = std::sqrt(sum_of_squares - sum * sum);
    std::printf("| %zu | %d | %.2f | %.3f | %.2f +- %.2f |\n", paths, count,
                100 * std::sqrt(squares), std::sqrt(squares * size), size * sum,
                size * deviation / std::sqrt(count));
}

void print_errors() {
    std::puts("| M | populations | rms of one, % | times sqrt M | bias times M |\n"
              "| --- | --- | --- | --- | --- |");
    print_scatter_and_bias<128>(8000);
    print_scatter_and_bias<256>(8000);
    print_scatter_and_bias<512>(4000);
    print_scatter_and_bias<1024>(400);
}

struct Cost {
    double error = 0; ///< root mean square over times and repetitions
    double seconds = std::numeric_limits<double>::infinity();
};

/// Of `repetitions` calls of solve(repetition), which returns its errors: the fastest.
template <class Solve>
Cost cost_of(int repetitions, Solve&& solve) {
    Cost cost;
    double squares = 0;
    for (int repetition = 0; repetition < repetitions; ++repetition) {
        Errors errors;
        const double seconds = processor_seconds([&] { errors = solve(repetition); });
        cost.seconds = std::min(cost.seconds, seconds);
        squares += mean_square(errors) / repetitions;
    }
    cost.error = std::sqrt(squares);
    return cost;
}

template <std::size_t paths>
Cost print_forward(int count) {
    constexpr int repetitions = 20;
    Populations<paths> populations;
    const Cost cost = cost_of(repetitions, [&](int) { return populations.next_mean(count); });
    std::printf("| forward, %d x %zu paths | %d | %.3f | %.1f | %.1f |\n", count, paths,
                repetitions, 100 * cost.error, cost.seconds * 1e3,
                static_cast<double>(Populations<paths>::bytes) / mebibyte);
    return cost;
}

/// Memory by the formula of iterative_scheme.hpp.
Cost print_iteration(Eigen::Index paths) {
    constexpr int repetitions = 3;
    experiment::Parameters<double> parameters;
    static_cast<model::Parameters<double>&>(parameters) = tanh_run<double>(gain, 0, 0);
    parameters.steps = points - 1;
    const auto problem = host::mean_field_problem(parameters);
    const auto exact = exact_variances();
    const host::IterationSettings settings{.paths = paths};
    const Cost cost = cost_of(repetitions, [&](int repetition) {
        const auto result =
            host::iterate_two_time(problem, settings, static_cast<std::uint32_t>(repetition));
        Errors errors;
        for (std::size_t t = 0; t < points; ++t) {
            const auto index = static_cast<Eigen::Index>(t);
            errors.push_back(result.value.Cx(index, index) / exact[t] - 1);
        }
        return errors;
    });
    const double bytes =
        32.0 * points * static_cast<double>(settings.bundle) + 200.0 * points * points;
    std::printf("| iteration, %td paths | %d | %.3f | %.1f | %.1f |\n", paths, repetitions,
                100 * cost.error, cost.seconds * 1e3, bytes / mebibyte);
    return cost;
}

void print_costs() {
    std::puts("| | repetitions | rms error, % | ms | MiB |\n| --- | --- | --- | --- | --- |");
    print_forward<20000>(1);
    print_forward<4096>(10);
    const Cost exact_enough = print_forward<1024>(40);
    const Cost as_exact = print_forward<1024>(14);
    const Cost iteration = print_iteration(20000);
    std::printf("\nGoals: %.2f %% in %.0f ms and 32 MiB: %s", 100 * goal, seconds_goal * 1e3,
                exact_enough.error <= goal && exact_enough.seconds <= seconds_goal ? "met"
                                                                                   : "missed");
    const double ratio = iteration.seconds / as_exact.seconds;
    const bool comparable = as_exact.error <= iteration.error;
    std::printf("; a hundredth of the iteration's time at no greater error: %s, 1/%.0f.\n",
                comparable && ratio >= 100 ? "met" : "missed", ratio);
}

} // namespace
} // namespace tinymf

int main() {
    std::puts(
        "tanh, g = 1.5, no noise, no reciprocity, Euler with dt = 0.1, n = 100: error of C(t,t) "
        "relative to the exact closure, root mean square over t; forward in float32, the "
        "reference's iteration (Roy et al. 2019) in float64.\n");
    tinymf::print_errors();
    std::puts("");
    tinymf::print_costs();
    return 0;
}
