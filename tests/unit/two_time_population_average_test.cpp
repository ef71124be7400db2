// SPDX-License-Identifier: Apache-2.0
#include "statistics/population_average.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "mean_field_runs.hpp"
#include "tinymf/mean_field/forward_sampler.hpp"
#include "tinymf/mean_field/gaussian_closure.hpp"

namespace tinymf::host {
namespace {

TwoTimeArrays filled(double value) {
    return {.Cx = TwoTimeMatrix::Constant(2, 2, value),
            .Cphi = TwoTimeMatrix::Constant(2, 2, 2 * value),
            .Rx = TwoTimeMatrix::Constant(2, 2, 3 * value),
            .Rphi = TwoTimeMatrix::Constant(2, 2, 4 * value),
            .mean = Eigen::VectorXd::Constant(2, 5 * value)};
}

TEST(PopulationAverage, GivesMeanAndErrorOfEveryArray) {
    const std::vector<TwoTimeArrays> populations{filled(1), filled(2), filled(4), filled(5)};
    const auto solution = average_populations(populations);
    ASSERT_TRUE(solution.sampled());
    EXPECT_DOUBLE_EQ(solution.value.Cx(1, 0), 3);
    EXPECT_DOUBLE_EQ(solution.value.mean(1), 15);
    // Deviations -2, -1, 1, 2: variance 10/3; Student's law with 3 degrees of freedom: factor 3.
    const double error = std::sqrt(10.0 / 3 / 4 * 3);
    EXPECT_DOUBLE_EQ(solution.standard_error.Cx(0, 1), error);
    EXPECT_DOUBLE_EQ(solution.standard_error.Cphi(0, 1), 2 * error);
    EXPECT_DOUBLE_EQ(solution.standard_error.Rx(0, 1), 3 * error);
    EXPECT_DOUBLE_EQ(solution.standard_error.Rphi(0, 1), 4 * error);
    EXPECT_DOUBLE_EQ(solution.standard_error.mean(0), 5 * error);
}

TEST(PopulationAverage, OnePopulationHasNoError) {
    const std::vector<TwoTimeArrays> populations{filled(1)};
    const auto solution = average_populations(populations);
    EXPECT_FALSE(solution.sampled());
    EXPECT_DOUBLE_EQ(solution.value.Rphi(1, 1), 4);
}

/// Populations of 8 times, as fast as a test needs many.
template <std::size_t paths>
class SmallPopulations {
public:
    static constexpr std::uint32_t steps = 7;

    explicit SmallPopulations(double reciprocity)
        : parameters_(mean_field::white_noise_run<float>(model::ActivationKind::tanh, 1.5,
                                                         reciprocity, 0.5, steps)) {}

    TwoTimeArrays next() {
        ++parameters_.seed;
        sampler_->configure(parameters_);
        for (std::uint32_t step = 0; step < steps; ++step) {
            sampler_->step();
        }
        // One entry of each array is enough.
        const auto number = [this](std::size_t array, std::size_t column) {
            return static_cast<double>(sampler_->rows()[array].values[column]);
        };
        return {.Cx = TwoTimeMatrix::Constant(1, 1, number(0, steps)),
                .Cphi = TwoTimeMatrix::Constant(1, 1, number(1, 3)),
                .Rx = TwoTimeMatrix::Constant(1, 1, number(2, steps - 2)),
                .Rphi = TwoTimeMatrix::Constant(1, 1, number(3, steps - 1)),
                .mean = Eigen::VectorXd::Constant(1, number(4, 0))};
    }

private:
    model::Parameters<float> parameters_;
    std::unique_ptr<mean_field::ForwardSampler<float, steps + 1, paths>> sampler_ =
        std::make_unique<mean_field::ForwardSampler<float, steps + 1, paths>>();
};

/// In units of the reported standard error, the means of 16 populations scatter about what such
/// populations are on average with standard deviation 1. From 1000 means it is known to 0.025
/// (Student's law with 15 degrees of freedom: kurtosis 3.55), so that 0.15 is six deviations: a
/// false alarm has probability 1e-8 for each of the four arrays. Bias is the
/// next test's.
TEST(PopulationAverage, StandardErrorsAreHonest) {
    constexpr std::size_t experiments = 1000;
    SmallPopulations<64> source(0.5);
    std::vector<TwoTimeSolution> solutions;
    for (std::size_t i = 0; i < experiments; ++i) {
        std::vector<TwoTimeArrays> populations(16);
        for (TwoTimeArrays& population : populations) {
            population = source.next();
        }
        solutions.push_back(average_populations(populations));
    }
    for (const auto array :
         {&TwoTimeArrays::Cx, &TwoTimeArrays::Cphi, &TwoTimeArrays::Rx, &TwoTimeArrays::Rphi}) {
        double expectation = 0;
        for (const TwoTimeSolution& solution : solutions) {
            expectation += (solution.value.*array)(0, 0) / experiments;
        }
        double squares = 0;
        for (const TwoTimeSolution& solution : solutions) {
            const double error = (solution.standard_error.*array)(0, 0);
            squares += std::pow(((solution.value.*array)(0, 0) - expectation) / error, 2);
        }
        const double deviation = std::sqrt(squares / experiments);
        std::cout << "standard deviation of z: " << deviation << '\n';
        EXPECT_GT(deviation, 0.85);
        EXPECT_LT(deviation, 1.15);
    }
}

struct Bias {
    double value;
    double error;
};

template <std::size_t paths>
Bias bias_of_variance(double exact) {
    constexpr int count = 8000;
    SmallPopulations<paths> source(0.0);
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < count; ++i) {
        const double error = source.next().Cx(0, 0) / exact - 1;
        sum += error / count;
        squares += error * error / count;
    }
    return {sum, std::sqrt((squares - sum * sum) / count)};
}

/// The bias is a/paths: it is there, and extrapolation to infinitely many paths removes it. Five
/// standard errors each: false alarms have probability 6e-7.
TEST(PopulationAverage, BiasIsInverseToThePaths) {
    constexpr std::uint32_t steps = SmallPopulations<32>::steps;
    const double exact =
        mean_field::run<mean_field::GaussianClosure<double, steps + 1, 64>>(
            mean_field::white_noise_run<double>(model::ActivationKind::tanh, 1.5, 0.0, 0.5, steps))
            .Cx[steps][steps];
    const Bias few = bias_of_variance<32>(exact);
    const Bias more = bias_of_variance<64>(exact);
    std::cout << "relative bias times paths: " << 32 * few.value << " +- " << 32 * few.error
              << " and " << 64 * more.value << " +- " << 64 * more.error << '\n';
    EXPECT_GT(few.value, 5 * few.error);
    const double extrapolated = 2 * more.value - few.value;
    EXPECT_LT(std::abs(extrapolated), 5 * std::hypot(2 * more.error, few.error));
}

} // namespace
} // namespace tinymf::host
