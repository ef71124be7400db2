// SPDX-License-Identifier: Apache-2.0
// The small sums that estimates are made of, on numbers that every scalar holds exactly, so that
// the expectations are exact too.
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include <gtest/gtest.h>

#include "tinymf/experiment/validation.hpp"
#include "tinymf/observe/compensated_sum.hpp"
#include "tinymf/observe/moment_sums.hpp"
#include "tinymf/observe/observable.hpp"
#include "tinymf/observe/observation_parameters.hpp"
#include "tinymf/observe/packed_triangle.hpp"
#include "tinymf/observe/settling.hpp"

namespace tinymf::observe {
namespace {

std::vector<float> list(std::span<const float> values) {
    return {values.begin(), values.end()};
}

TEST(CompensatedSum, LosesNoTermThatIsTooSmallForTheSum) {
    CompensatedSum<float> sum;
    EXPECT_EQ(sum.value(), 0.0F);
    sum.add(16777216.0F); // 2^24, whose next number is 2^24 + 2
    for (int term = 0; term < 6; ++term) {
        sum.add(1.0F);
    }
    EXPECT_EQ(sum.value(), 16777222.0F);
    sum.add(-16777216.0F);
    EXPECT_EQ(sum.value(), 6.0F);
}

TEST(CompensatedSum, IsTwoFieldsOfACheckpoint) {
    CompensatedSum<float> sum;
    sum.add(16777216.0F);
    sum.add(1.0F);
    std::array<std::uint8_t, 8> bytes{};
    auto out = checkpoint::FieldWalk::reading(0, bytes);
    sum.persist(out);
    EXPECT_EQ(out.position(), 8U);
    CompensatedSum<float> copy;
    auto in = checkpoint::FieldWalk::writing(0, bytes);
    copy.persist(in);
    copy.add(1.0F);
    EXPECT_EQ(copy.value(), 16777218.0F);
}

using Triangle = PackedTriangle<float, 3>;

Triangle triangle_of(const std::vector<std::array<float, 3>>& vectors) {
    Triangle triangle;
    triangle.clear();
    for (const auto& v : vectors) {
        triangle.add_outer(v);
    }
    return triangle;
}

TEST(PackedTriangle, HoldsTheRowsOfTheLowerTriangle) {
    const Triangle triangle = triangle_of({{1, 2, 3}, {1, 0, -2}});
    // (1,2,3): 1; 2 4; 3 6 9. (1,0,-2): 1; 0 0; -2 0 4.
    EXPECT_EQ(list(triangle.values()), (std::vector<float>{2, 2, 4, 1, 6, 13}));
    EXPECT_EQ(triangle.diagonal(0), 2.0F);
    EXPECT_EQ(triangle.diagonal(1), 4.0F);
    EXPECT_EQ(triangle.diagonal(2), 13.0F);
    EXPECT_EQ(triangle.trace(), 19.0F);
    EXPECT_EQ(list(triangle_of({}).values()), std::vector<float>(6, 0.0F));
}

TEST(PackedTriangle, IsCentredAboutAMean) {
    Triangle triangle = triangle_of({{1, 2, 3}, {1, 0, -2}});
    triangle.center(2.0F, std::array<float, 3>{1.0F, 1.0F, 0.5F});
    EXPECT_EQ(list(triangle.values()), (std::vector<float>{0, 0, 1, 0, 2.5F, 6.25F}));
}

TEST(PackedTriangle, ProductsAreThoseOfTheWholeMatrices) {
    const Triangle a = triangle_of({{1, 2, 3}, {1, 0, -2}});
    const Triangle b = triangle_of({{2, -1, 1}});
    const float full_a[3][3] = {{2, 2, 1}, {2, 4, 6}, {1, 6, 13}};
    const float full_b[3][3] = {{4, -2, 2}, {-2, 1, -1}, {2, -1, 1}};
    float diagonals = 0.0F;
    float all = 0.0F;
    for (std::size_t i = 0; i < 3; ++i) {
        diagonals += full_a[i][i] * full_b[i][i];
        for (std::size_t j = 0; j < 3; ++j) {
            all += full_a[i][j] * full_b[i][j];
        }
    }
    EXPECT_EQ(diagonal_product(a, b), diagonals);
    EXPECT_EQ(inner_product(a, b, diagonals), all);
}

using Moments = MomentSums<float, 3>;

float of(const Moments& sums, Moment moment) {
    return sums.values()[static_cast<std::size_t>(moment)];
}

TEST(MomentSums, AverageOverNeuronsAndStates) {
    Moments sums;
    for (int block = 0; block < 2; ++block) { // the second as the first
        sums.begin();
        sums.take(std::array<float, 3>{1, 2, 4}, std::array<float, 3>{2, -1, 3},
                  std::array<float, 3>{4, 5, 6});
        sums.take(std::array<float, 3>{0, 3, -1}, std::array<float, 3>{1, 1, -4},
                  std::array<float, 3>{1, 2, 0});
        sums.finish(2);
        EXPECT_EQ(of(sums, Moment::x), 9.0F / 6.0F);
        EXPECT_EQ(of(sums, Moment::phi), 2.0F / 6.0F);
        EXPECT_EQ(of(sums, Moment::x_squared), 31.0F / 6.0F);
        EXPECT_EQ(of(sums, Moment::phi_squared), 32.0F / 6.0F);
        EXPECT_EQ(of(sums, Moment::x_phi), (2.0F - 2.0F + 12.0F + 3.0F + 4.0F) / 6.0F);
        EXPECT_EQ(of(sums, Moment::slope), 18.0F / 6.0F);
        EXPECT_EQ(of(sums, Moment::population_x), (49.0F + 4.0F) / 6.0F);
        EXPECT_EQ(of(sums, Moment::population_phi), (16.0F + 4.0F) / 6.0F);
    }
}

TEST(MomentSums, TheFirstThatIsNotFiniteIsNamed) {
    const auto first = [](float x, float phi, float slope) {
        Moments sums;
        sums.begin();
        sums.take(std::array<float, 3>{0, 0, x}, std::array<float, 3>{0, phi, 0},
                  std::array<float, 3>{slope, 0, 0});
        return sums.first_non_finite();
    };
    const float large = 1e30F; // its square overflows
    EXPECT_EQ(first(1, 1, 1), Moments::moments);
    EXPECT_EQ(first(large, 0, 0), static_cast<std::size_t>(Moment::x_squared));
    EXPECT_EQ(first(0, large, 0), static_cast<std::size_t>(Moment::phi_squared));
    const float infinity = std::numeric_limits<float>::infinity();
    EXPECT_EQ(first(infinity, 1, 1), static_cast<std::size_t>(Moment::x));
    EXPECT_EQ(first(1, infinity, 1), static_cast<std::size_t>(Moment::phi));
    EXPECT_EQ(first(0, 0, infinity), static_cast<std::size_t>(Moment::slope));
    // Neither neuron's square, but that of their sum.
    Moments sums;
    sums.begin();
    const std::array<float, 3> near{1e19F, 1e19F, 1e19F};
    sums.take(near, std::array<float, 3>{}, std::array<float, 3>{});
    EXPECT_EQ(sums.first_non_finite(), static_cast<std::size_t>(Moment::population_x));
    sums.begin();
    sums.take(std::array<float, 3>{}, near, std::array<float, 3>{});
    EXPECT_EQ(sums.first_non_finite(), static_cast<std::size_t>(Moment::population_phi));
}

using Residuals = Settling<float, 3, 2>;

float worst(const Residuals& settling) {
    return settling.values()[0];
}
float unsettled(const Residuals& settling) {
    return settling.values()[1];
}

TEST(Settling, IsTheLargestChangeOfAnyNeuronOverBeta) {
    for (std::size_t moved = 0; moved < 3; ++moved) {
        for (const float change : {0.5F, -0.5F}) {
            Residuals settling;
            settling.begin();
            settling.remember(0, std::array<float, 3>{1, 2, -3});
            std::array<float, 3> x{1, 2, -3};
            x[moved] += change;
            settling.take(0, x, 0.25F);
            EXPECT_EQ(worst(settling), 2.0F) << "neuron " << moved;
            EXPECT_EQ(unsettled(settling), 1.0F);
        }
    }
}

TEST(Settling, KeepsTheWorstOfABlockAndCountsItsStates) {
    Residuals settling;
    settling.begin();
    const auto sample = [&settling](std::size_t replica, float before, float after) {
        settling.remember(replica, std::array<float, 3>{before, 0, 0});
        settling.take(replica, std::array<float, 3>{after, 0, 0}, 1.0F);
    };
    sample(0, 1.0F, 1.0F);
    EXPECT_EQ(worst(settling), 0.0F);
    EXPECT_EQ(unsettled(settling), 0.0F);
    sample(0, 0.0F, settled_below);
    EXPECT_EQ(unsettled(settling), 0.0F) << "at the bound a state counts as settled";
    sample(1, 0.0F, std::nextafter(settled_below, 1.0F));
    EXPECT_EQ(unsettled(settling), 1.0F);
    sample(1, 3.0F, 1.0F);
    sample(0, 0.0F, 0.5F);
    EXPECT_EQ(worst(settling), 2.0F);
    EXPECT_EQ(unsettled(settling), 3.0F);
    settling.begin();
    EXPECT_EQ(worst(settling), 0.0F);
    EXPECT_EQ(unsettled(settling), 0.0F);
}

TEST(Settling, ReplicasAreRememberedApart) {
    Residuals settling;
    settling.begin();
    settling.remember(0, std::array<float, 3>{1, 1, 1});
    settling.remember(1, std::array<float, 3>{5, 5, 5});
    settling.take(0, std::array<float, 3>{1, 1, 1}, 1.0F);
    settling.take(1, std::array<float, 3>{5, 5, 5}, 1.0F);
    EXPECT_EQ(worst(settling), 0.0F);
}

/// Whether a checkpoint may hold such values after so many states.
bool can_be(float worst, float unsettled, std::uint32_t states) {
    std::array<std::uint8_t, 8> bytes{};
    std::array<float, 2> values{worst, unsettled};
    auto out = checkpoint::FieldWalk::reading(0, bytes);
    out.over(std::span(values));
    Residuals settling;
    auto in = checkpoint::FieldWalk::writing(0, bytes);
    settling.persist(in, states);
    auto judge = checkpoint::FieldWalk::judging();
    settling.persist(judge, states);
    return judge.sound();
}

TEST(Settling, ACheckpointHoldsACountOfItsStates) {
    EXPECT_TRUE(can_be(0.0F, 0.0F, 0));
    EXPECT_TRUE(can_be(3.5F, 4.0F, 4));
    EXPECT_FALSE(can_be(3.5F, 5.0F, 4)) << "more than there were";
    EXPECT_FALSE(can_be(3.5F, 2.5F, 4)) << "no whole number";
    EXPECT_FALSE(can_be(3.5F, -1.0F, 4));
    EXPECT_FALSE(can_be(3.5F, std::numeric_limits<float>::quiet_NaN(), 4));
    EXPECT_FALSE(can_be(-1.0F, 1.0F, 4));
    EXPECT_FALSE(can_be(std::numeric_limits<float>::infinity(), 1.0F, 4));
    EXPECT_FALSE(can_be(std::numeric_limits<float>::quiet_NaN(), 1.0F, 4));
}

TEST(ObservationParameters, SamplesAndBlocksFollowFromTheStep) {
    for (const std::uint32_t every : {1U, 3U}) {
        for (const std::uint32_t after : {0U, 1U, 5U}) {
            for (const std::uint32_t block : {1U, 2U, 4U}) {
                const ObservationParameters p{
                    .observables = 1, .sample_every = every, .after = after, .block = block};
                std::uint32_t samples = 0; // counted one by one
                for (std::uint32_t step = 0; step <= after + 3 * every * block; ++step) {
                    const bool samples_now = step > after && (step - after) % every == 0;
                    samples += samples_now ? 1 : 0;
                    ASSERT_EQ(p.samples_at(step), samples_now) << step;
                    ASSERT_EQ(p.samples_in_block(step),
                              samples == 0 ? 0 : (samples - 1) % block + 1);
                    if (samples_now) {
                        ASSERT_EQ(p.sample_in_block(step), (samples - 1) % block);
                    }
                    ASSERT_EQ(p.ends_block(step), samples_now && samples % block == 0);
                }
            }
        }
    }
    ObservationParameters nothing{.sample_every = 1, .block = 1};
    EXPECT_FALSE(nothing.samples_at(1)) << "nothing is asked for";
    EXPECT_FALSE(nothing.ends_block(1));
}

TEST(ObservationParameters, AskForSingleObservables) {
    for (std::size_t bit = 0; bit < observable_names.size(); ++bit) {
        const ObservationParameters p{.observables = static_cast<ObservableSet>(1U << bit)};
        for (std::size_t other = 0; other < observable_names.size(); ++other) {
            EXPECT_EQ(p.asks_for(static_cast<Observable>(other)), other == bit);
        }
    }
}

TEST(ObservationParameters, AreRefusedWhereTheyCannotBe) {
    using experiment::Field;
    using Parameters = experiment::Parameters<float>;
    const auto refused = [](auto change) {
        Parameters p;
        p.noise = 0.5F;
        p.observation = {.observables = all_observables, .block = 64, .lags = 8};
        change(p);
        const auto refusal = experiment::validate(p);
        return refusal ? refusal.field : Field::none;
    };
    EXPECT_EQ(refused([](Parameters&) {}), Field::none);
    EXPECT_EQ(refused([](Parameters& p) { p.observation.observables = 128; }), Field::observables);
    EXPECT_EQ(refused([](Parameters& p) { p.observation.sample_every = 0; }), Field::observe_every);
    EXPECT_EQ(refused([](Parameters& p) { p.observation.block = 1; }), Field::observe_block);
    EXPECT_EQ(refused([](Parameters& p) { p.observation.lags = 65; }), Field::observe_block);
    EXPECT_EQ(refused([](Parameters& p) { p.observation.window = 5; }), Field::observe_window);
    EXPECT_EQ(refused([](Parameters& p) { p.observation.window = 64; }), Field::observe_window);
    EXPECT_EQ(refused([](Parameters& p) { p.noise = 0; }), Field::noise_kind);
    EXPECT_EQ(refused([](Parameters& p) { p.integrator = model::IntegratorKind::heun; }),
              Field::integrator);
    EXPECT_EQ(refused([](Parameters& p) { p.noise_hold = 5; }), Field::noise_hold);
}

TEST(ObservedArrays, HaveTheSizeThatTheStreamSays) {
    std::vector<std::size_t> sizes;
    for (std::size_t array = 0; array < observed_arrays.size(); ++array) {
        sizes.push_back(size_of(static_cast<ObservedArray>(array), 7, 5));
    }
    EXPECT_EQ(sizes, (std::vector<std::size_t>{8, 5, 5, 5, 5, 8, 8, 28, 28, 28, 28, 1, 2}));
}

} // namespace
} // namespace tinymf::observe
