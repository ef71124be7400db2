// SPDX-License-Identifier: Apache-2.0
// What is made of the numbers that networks observed of themselves, on numbers written by hand.
#include "recording/observed_statistics.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

#include <gtest/gtest.h>

#include "recording/covariance_spectrum.hpp"
#include "statistics/estimate.hpp"

namespace tinymf::host {
namespace {

using enum observe::ObservedArray;
using observe::CovarianceStatistic;
using observe::Moment;
using Values = std::vector<double>;

void set(ObservedMeans& means, observe::ObservedArray array, const Values& values) {
    means.arrays[static_cast<std::size_t>(array)] = values;
}

/// A unit that observed one array.
ObservedMeans unit_of(observe::ObservedArray array, const Values& values) {
    ObservedMeans unit;
    set(unit, array, values);
    return unit;
}

ObservedUnits units(std::vector<ObservedMeans> observed) {
    ObservedUnits all;
    all.units = std::move(observed);
    all.neurons = 4;
    all.written_dt = 0.25;
    all.parameters.observation.sample_every = 3;
    all.parameters.observation.block = 10;
    return all;
}

TEST(ObservedBlocks, AreThoseThatToldAllThatWasAskedFor) {
    Recording recording;
    EXPECT_TRUE(observed_blocks(recording).empty());
    VectorTrace& first = recording.observed[static_cast<std::size_t>(cx)];
    VectorTrace& second = recording.observed[static_cast<std::size_t>(settling)];
    for (const std::uint32_t step : {10U, 20U, 30U, 40U}) {
        first.add(step, std::array{step + 1.0, step + 2.0});
    }
    for (const std::uint32_t step : {5U, 20U, 40U, 50U}) {
        second.add(step, std::array{step + 3.0, step + 4.0});
    }
    const auto blocks = observed_blocks(recording);
    ASSERT_EQ(blocks.size(), 2U);
    EXPECT_EQ(blocks[0].of(cx), (Values{21, 22}));
    EXPECT_EQ(blocks[0].of(settling), (Values{23, 24}));
    EXPECT_EQ(blocks[1].of(cx), (Values{41, 42}));
    EXPECT_EQ(blocks[1].of(settling), (Values{43, 44}));
    EXPECT_TRUE(blocks[1].of(rx).empty());
    recording.profile.neurons = 7;
    recording.written_dt = 0.5;
    recording.parameters.gain = 3.0;
    const ObservedUnits observed = units_of(recording);
    EXPECT_EQ(observed.units.size(), 2U);
    EXPECT_EQ(observed.neurons, 7U);
    EXPECT_EQ(observed.written_dt, 0.5);
    EXPECT_EQ(observed.parameters.gain, 3.0);
    EXPECT_TRUE(observed.has(cx));
    EXPECT_FALSE(observed.has(rx));
    EXPECT_FALSE(ObservedUnits{}.has(cx));
}

TEST(ObservedMeansAverage, IsTakenElementByElementWithoutTheOneLeftOut) {
    std::vector<ObservedMeans> blocks;
    for (const double value : {1.0, 2.0, 6.0}) {
        ObservedMeans block = unit_of(cx, {value, 10.0 * value});
        set(block, settling, {-value, 3.0 * value});
        blocks.push_back(block);
    }
    const auto expect = [&blocks](std::size_t left_out, double mean) {
        const ObservedMeans found = average(blocks, left_out);
        EXPECT_NEAR(found.of(cx).at(0), mean, 1e-14) << left_out;
        EXPECT_NEAR(found.of(cx).at(1), 10.0 * mean, 1e-13) << left_out;
        EXPECT_NEAR(found.of(settling).at(0), -mean, 1e-14) << left_out;
        EXPECT_NEAR(found.of(settling).at(1), 3.0 * mean, 1e-13) << left_out;
    };
    expect(3, 3.0);
    expect(0, 4.0);
    expect(1, 3.5);
    expect(2, 1.5);
}

/// Four numbers 1, 2, 4, 5: mean 3, variance 10/3, and Student's quotient (4 - 1)/(4 - 3).
TEST(JackknifeEstimate, OfAMeanIsTheMeanWithItsError) {
    const std::vector<double> numbers{1.0, 2.0, 4.0, 5.0};
    const auto mean_without = [](std::span<const double> values, std::size_t left_out) {
        double sum = 0.0;
        double count = 0.0;
        for (std::size_t i = 0; i < values.size(); ++i) {
            sum += i == left_out ? 0.0 : values[i];
            count += i == left_out ? 0.0 : 1.0;
        }
        return sum / count;
    };
    const auto same = [](double mean) { return mean; };
    const Estimate found = jackknife_estimate(std::span(numbers), mean_without, same);
    EXPECT_EQ(found.value, 3.0);
    EXPECT_NEAR(found.standard_error, std::sqrt(10.0 / 3.0 / 4.0 * 3.0), 1e-14);
    // Two numbers have the plain error: half their distance.
    const Estimate two = jackknife_estimate(std::span(numbers).first(2), mean_without, same);
    EXPECT_EQ(two.value, 1.5);
    EXPECT_NEAR(two.standard_error, 0.5, 1e-15);
    const Estimate one = jackknife_estimate(std::span(numbers).first(1), mean_without, same);
    EXPECT_EQ(one.value, 1.0);
    EXPECT_EQ(one.standard_error, std::numeric_limits<double>::infinity());
    // Without one number the squares of the means are (11/3)^2, (10/3)^2, (8/3)^2, (7/3)^2.
    const Estimate square = jackknife_estimate(std::span(numbers), mean_without,
                                               [](double mean) { return mean * mean; });
    EXPECT_EQ(square.value, 9.0);
    const std::array squares{121.0 / 9, 100.0 / 9, 64.0 / 9, 49.0 / 9};
    const double centre = (squares[0] + squares[1] + squares[2] + squares[3]) / 4.0;
    double scatter = 0.0;
    for (const double value : squares) {
        scatter += (value - centre) * (value - centre);
    }
    EXPECT_NEAR(square.standard_error, std::sqrt(3.0 * scatter * 3.0 / 4.0), 1e-12);
}

TEST(ObservedNumbers, AreMeansOverTheUnits) {
    const ObservedUnits observed = units(
        {unit_of(moments, {1, 2, 3, 4, 5, 6, 7, 8}), unit_of(moments, {3, 4, 5, 6, 7, 8, 9, 18})});
    EXPECT_EQ(mean_of(observed, moments).value, 2.0);
    EXPECT_EQ(mean_of(observed, moments, 7).value, 13.0);
    EXPECT_NEAR(mean_of(observed, moments, 7).standard_error, 5.0, 1e-14);
    // <x phi>/<x^2>
    const Estimate gain = stein_gain(observed);
    EXPECT_NEAR(gain.value, 6.0 / 4.0, 1e-15);
    const double without_first = 7.0 / 5.0;
    const double without_second = 5.0 / 3.0;
    EXPECT_NEAR(gain.standard_error, std::abs(without_first - without_second) / 2.0, 1e-14);
}

TEST(ObservedCurve, OfACorrelationBeginsAtZeroAndOfAResponseOneStepLater) {
    for (const auto array : {cx, cphi, rx, rphi}) {
        const ObservedCurve curve =
            curve_of(units({unit_of(array, {1, 2, 5}), unit_of(array, {3, 2, 6})}), array);
        const double first = array == rx || array == rphi ? 0.25 : 0.0;
        EXPECT_EQ(curve.tau, (Values{first, first + 0.75, first + 1.5}));
        ASSERT_EQ(curve.estimates.size(), 3U);
        EXPECT_EQ(curve.estimates[0].value, 2.0);
        EXPECT_NEAR(curve.estimates[0].standard_error, 1.0, 1e-15);
        EXPECT_EQ(curve.estimates[1].value, 2.0);
        EXPECT_EQ(curve.estimates[1].standard_error, 0.0);
        EXPECT_EQ(curve.estimates[2].value, 5.5);
    }
}

/// Trapezoids over lags -2 to 2 of 0.75: 0.75 (c0 + 2 c1 cos wt + c2 cos 2wt).
TEST(ObservedSpectrum, IsTheCosineTransformByTrapezoids) {
    const ObservedUnits observed = units({unit_of(cx, {4, 2, 1}), unit_of(cx, {6, 2, 3})});
    const ObservedSpectrum spectrum = spectrum_of(observed, cx);
    ASSERT_EQ(spectrum.omega.size(), 3U);
    for (std::size_t m = 0; m < 3; ++m) {
        const double angle = std::numbers::pi * static_cast<double>(m) / 3.0;
        EXPECT_NEAR(spectrum.omega[m], angle / 0.75, 1e-14);
        EXPECT_NEAR(spectrum.estimates[m].value,
                    0.75 * (5.0 + 4.0 * std::cos(angle) + 2.0 * std::cos(2.0 * angle)), 1e-13);
        EXPECT_NEAR(spectrum.estimates[m].standard_error,
                    0.75 * std::abs(1.0 + std::cos(2.0 * angle)), 1e-13);
    }
}

constexpr std::array<double, 8> spread{3.0, 5.0, 20.0, 30.0, 12.0, 6.0, 9.0, 7.0};
static_assert(static_cast<std::size_t>(CovarianceStatistic::count) == spread.size());

TEST(CovarianceSpread, OfTwoReplicasTakesTheirProducts) {
    const CovarianceSpread found = spread_of_two_replicas(spread);
    EXPECT_EQ(found.trace, 4.0);
    EXPECT_EQ(found.square, 12.0);
    EXPECT_EQ(found.diagonal, 7.0);
    EXPECT_NEAR(found.participation_ratio(4), 16.0 / 48.0, 1e-16);
    EXPECT_NEAR(found.scaled_variance(4), 5.0 / 3.0, 1e-16);
    const CovarianceSpread naive = naive_spread(spread);
    EXPECT_EQ(naive.trace, 3.0);
    EXPECT_EQ(naive.square, 20.0);
    EXPECT_EQ(naive.diagonal, 6.0);
}

/// With the moments of Gaussian signals inserted, the estimate gives back the truth.
TEST(CovarianceSpread, OfOneReplicaIsUnbiased) {
    constexpr double trace = 7.0;
    constexpr double square = 19.0;
    constexpr double diagonal = 13.0;
    for (const double samples : {2.0, 3.5, 50.0}) {
        // E F and E tr^2 of T independent Gaussian samples; the estimate takes tr^2 for E tr^2,
        // which is why trace and square are solved together.
        const double mean_square = square * (1.0 + 1.0 / samples) + trace * trace / samples;
        const double mean_trace_square = trace * trace + 2.0 * square / samples;
        const std::array<double, 8> observed{
            std::sqrt(mean_trace_square),     0.0, mean_square, 0.0, 0.0,
            diagonal * (1.0 + 2.0 / samples), 0.0, 0.0};
        const CovarianceSpread found = spread_of_one_replica(observed, samples);
        EXPECT_EQ(found.trace, observed[0]);
        EXPECT_NEAR(found.square, square, 1e-12) << samples;
        EXPECT_NEAR(found.diagonal, diagonal, 1e-12) << samples;
    }
}

TEST(CovarianceSpread, OfOneReplicaTakesTwoSamplesAtLeast) {
    for (const double samples : {1.9, 0.0, std::nan("")}) {
        const CovarianceSpread found = spread_of_one_replica(spread, samples);
        EXPECT_EQ(found.trace, 3.0);
        EXPECT_TRUE(std::isnan(found.square));
        EXPECT_TRUE(std::isnan(found.diagonal));
    }
}

/// T/(1 + 2 sum_k (1 - k/T) a_k^2).
TEST(IndependentSamples, AreFewerWhereSamplesRememberEachOther) {
    EXPECT_EQ(independent_samples(Values{2.0}, 10.0), 10.0);
    EXPECT_NEAR(independent_samples(Values{2.0, 1.0, -0.5}, 10.0),
                10.0 / (1.0 + 2.0 * (0.9 * 0.25 + 0.8 * 0.0625)), 1e-14);
    // Lags as long as the run hold no pair.
    EXPECT_NEAR(independent_samples(Values{2.0, 1.0, 1.0, 1.0}, 2.0),
                2.0 / (1.0 + 2.0 * 0.5 * 0.25), 1e-14);
}

ObservedMeans spread_and_correlations() {
    ObservedMeans unit;
    set(unit, spread_input, Values(spread.begin(), spread.end()));
    set(unit, spread_output, {6.0, 10.0, 80.0, 120.0, 48.0, 24.0, 36.0, 28.0});
    set(unit, cx, {2.0, 1.0});
    set(unit, cphi, {4.0, 3.0});
    return unit;
}

TEST(ObservedSpread, OfTwoReplicasNeedsNoCorrelation) {
    ObservedMeans unit = spread_and_correlations();
    set(unit, cx, {});
    set(unit, cphi, {});
    ObservedUnits observed = units({unit, unit});
    observed.parameters.replicas = 2;
    observed.parameters.observation.window = 5;
    EXPECT_EQ(spread_of(unit, observed, spread_output)->square, 48.0);
    const auto ratio = participation_of(observed, spread_input);
    ASSERT_TRUE(ratio);
    EXPECT_NEAR(ratio->value, 16.0 / 48.0, 1e-15);
    EXPECT_EQ(ratio->standard_error, 0.0);
    EXPECT_NEAR(covariance_spread_of(observed, spread_input)->value, 5.0 / 3.0, 1e-15);
    EXPECT_NEAR(covariance_spread_of(observed, spread_output)->value, 20.0 / 3.0, 1e-15);
}

TEST(ObservedSpread, OfOneReplicaTakesTheCorrelationOfTheSameSignal) {
    const ObservedMeans unit = spread_and_correlations();
    ObservedUnits observed = units({unit, unit});
    observed.parameters.observation.window = 1;
    const auto expect = [&](observe::ObservedArray array, const Values& correlation) {
        const CovarianceSpread expected =
            spread_of_one_replica(unit.of(array), independent_samples(correlation, 10.0));
        const auto found = spread_of(unit, observed, array);
        ASSERT_TRUE(found);
        EXPECT_EQ(found->square, expected.square);
        EXPECT_EQ(found->diagonal, expected.diagonal);
        EXPECT_NEAR(participation_of(observed, array)->value, expected.participation_ratio(4),
                    1e-14);
    };
    expect(spread_input, {2.0, 1.0});
    expect(spread_output, {4.0, 3.0});
    observed.parameters.observation.window = 2;
    EXPECT_FALSE(spread_of(unit, observed, spread_input)) << "of windows";
    EXPECT_FALSE(participation_of(observed, spread_input));
    EXPECT_FALSE(covariance_spread_of(observed, spread_input));
    observed.parameters.observation.window = 1;
    ObservedMeans without = unit;
    set(without, cx, {});
    EXPECT_FALSE(spread_of(without, observed, spread_input));
    EXPECT_TRUE(spread_of(without, observed, spread_output));
    EXPECT_FALSE(participation_of(units({unit_of(cx, {1.0})}), spread_input)) << "not observed";
}

TEST(SampledFixedPoints, TakeStaticNoiseThatIsDrawnAnewAndNoWindows) {
    experiment::Parameters<double> p;
    p.noise = 0.5;
    p.noise_kind = model::NoiseKind::frozen;
    p.noise_hold = 1;
    EXPECT_TRUE(samples_fixed_points(p));
    experiment::Parameters<double> other = p;
    other.noise = 0.0;
    EXPECT_FALSE(samples_fixed_points(other));
    other = p;
    other.noise_kind = model::NoiseKind::colored;
    EXPECT_FALSE(samples_fixed_points(other));
    other = p;
    other.noise_hold = 0;
    EXPECT_FALSE(samples_fixed_points(other));
    other = p;
    other.observation.window = 2;
    EXPECT_FALSE(samples_fixed_points(other));
}

TEST(SampledVectors, AreWindowsOfAllBlocksAndReplicas) {
    ObservedUnits observed = units({unit_of(cx, {1.0}), unit_of(cx, {1.0}), unit_of(cx, {1.0})});
    observed.parameters.replicas = 2;
    EXPECT_EQ(sampled_vectors(observed), 60.0);
    observed.parameters.observation.window = 5;
    EXPECT_EQ(sampled_vectors(observed), 12.0);
    // Windows of white noise count as independent; of one frozen draw, or samples in time, none do.
    EXPECT_EQ(independent_vectors(observed), 12.0);
    observed.parameters.noise = 1.0;
    EXPECT_EQ(independent_vectors(observed), 12.0);
    observed.parameters.noise_kind = model::NoiseKind::frozen;
    EXPECT_FALSE(independent_vectors(observed));
    observed.parameters.noise = 0.0;
    EXPECT_EQ(independent_vectors(observed), 12.0) << "frozen noise of size zero is none";
    observed.parameters.observation.window = 1;
    EXPECT_FALSE(independent_vectors(observed));
}

/// The outputs' triangles, of one replica and of two.
TEST(CovarianceMatrix, IsFilledFromTheLowerTriangle) {
    ObservedMeans unit = unit_of(covariance_output_a, {1, 2, 3, 4, 5, 6});
    ObservedUnits observed = units({unit});
    observed.neurons = 3;
    EXPECT_TRUE(has_covariance(observed, Signal::output));
    EXPECT_FALSE(has_covariance(observed, Signal::input));
    const Eigen::Matrix3d expected{{1, 2, 4}, {2, 3, 5}, {4, 5, 6}};
    EXPECT_EQ(covariance_matrix(observed, Signal::output), expected);
    set(unit, covariance_output_b, {3, 4, 5, 6, 7, 8});
    observed.units = {unit};
    EXPECT_EQ(covariance_matrix(observed, Signal::output),
              Eigen::Matrix3d(expected + Eigen::Matrix3d::Ones()));
}

TEST(Jackknife, UnitsThatAgreeHaveNoError) {
    EXPECT_EQ(jackknife_error(0.0, std::array{0.1, 0.1, 0.1}), 0.0);
    EXPECT_EQ(jackknife_error(0.0, std::array{0.7, 0.7, 0.7, 0.7, 0.7}), 0.0);
}

} // namespace
} // namespace tinymf::host
