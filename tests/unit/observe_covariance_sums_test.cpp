// SPDX-License-Identifier: Apache-2.0
// Covariances and spread of a few vectors, against the definition in double precision. Numbers are
// small multiples of powers of two, so that float32 holds every sum; division alone rounds, once
// or twice: 4 units of 2^-24 of the largest entry are allowed, which is 16.
#include "tinymf/observe/covariance_sums.hpp"

#include <array>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

namespace tinymf::observe {
namespace {

constexpr std::size_t neurons = 3;
constexpr double rounding = 4.0 * 16.0 / 16777216.0;

using Sums = CovarianceSums<float, neurons, 2>;
using Vector = std::array<float, neurons>;

/// Six vectors of replica r, not centred.
std::vector<Vector> signals(std::size_t r) {
    if (r == 0) {
        return {{1, 2, -1}, {3, 0, 1}, {-2, 2, 2}, {0, 1, 3}, {2, -3, 1}, {1, 1, -2}};
    }
    return {{2, 1, 1}, {-1, 3, 0}, {0, -2, 1}, {1, 1, 1}, {3, 2, -2}, {-2, 0, 4}};
}

/// sum_k v_i v_j of window means about their mean, as defined.
double covariance(const std::vector<Vector>& vectors, std::size_t i, std::size_t j,
                  std::size_t window, bool centered, double scale) {
    const std::size_t count = vectors.size() / window;
    const auto mean_of = [&](std::size_t w, std::size_t n) {
        double sum = 0.0;
        for (std::size_t k = 0; k < window; ++k) {
            sum += static_cast<double>(vectors[w * window + k][n]);
        }
        return sum / static_cast<double>(window);
    };
    double product = 0.0;
    double mean_i = 0.0;
    double mean_j = 0.0;
    for (std::size_t w = 0; w < count; ++w) {
        product += mean_of(w, i) * mean_of(w, j);
        mean_i += mean_of(w, i);
        mean_j += mean_of(w, j);
    }
    const auto n = static_cast<double>(count);
    return centered ? scale * (product - mean_i * mean_j / n) / (n - 1.0) : scale * product / n;
}

struct Case {
    std::uint32_t window;
    bool centered;
    float scale;
};

std::unique_ptr<Sums> taken(const Case& c, std::size_t replicas) {
    auto sums = std::make_unique<Sums>();
    for (int block = 0; block < 2; ++block) { // the second as the first
        sums->begin();
        for (std::uint32_t k = 0; k < 6; ++k) {
            for (std::size_t r = 0; r < replicas; ++r) {
                sums->take(r, k, c.window, signals(r)[k]);
            }
        }
    }
    return sums;
}

class Covariance : public testing::TestWithParam<Case> {};

TEST_P(Covariance, IsThatOfTheDefinition) {
    const Case& c = GetParam();
    const auto sums = taken(c, 2);
    sums->finish(6 / c.window, c.centered, c.scale, 2, true);
    for (std::size_t r = 0; r < 2; ++r) {
        std::size_t entry = 0;
        for (std::size_t i = 0; i < neurons; ++i) {
            for (std::size_t j = 0; j <= i; ++j, ++entry) {
                EXPECT_NEAR(static_cast<double>(sums->covariance(r)[entry]),
                            covariance(signals(r), i, j, c.window, c.centered,
                                       static_cast<double>(c.scale)),
                            rounding)
                    << "replica " << r << ", entry " << i << ' ' << j;
            }
        }
        EXPECT_EQ(sums->covariance(r).size(), entry);
    }
}

TEST_P(Covariance, ItsSpreadIsOfTheWholeMatrices) {
    const Case& c = GetParam();
    for (const std::size_t replicas : {std::size_t{1}, std::size_t{2}}) {
        const auto sums = taken(c, replicas);
        sums->finish(6 / c.window, c.centered, c.scale, replicas, true);
        std::array<double, Sums::statistics> expected{};
        const auto at = [&expected](CovarianceStatistic s) -> double& {
            return expected[static_cast<std::size_t>(s)];
        };
        for (std::size_t i = 0; i < neurons; ++i) {
            for (std::size_t j = 0; j < neurons; ++j) {
                const auto of = [&](std::size_t r) {
                    return r < replicas ? covariance(signals(r), i, j, c.window, c.centered,
                                                     static_cast<double>(c.scale))
                                        : 0.0;
                };
                const double a = of(0);
                const double b = of(1);
                at(CovarianceStatistic::square_a) += a * a;
                at(CovarianceStatistic::square_b) += b * b;
                at(CovarianceStatistic::square_ab) += a * b;
                if (i == j) {
                    at(CovarianceStatistic::trace_a) += a;
                    at(CovarianceStatistic::trace_b) += b;
                    at(CovarianceStatistic::diagonal_a) += a * a;
                    at(CovarianceStatistic::diagonal_b) += b * b;
                    at(CovarianceStatistic::diagonal_ab) += a * b;
                }
            }
        }
        for (std::size_t s = 0; s < Sums::statistics; ++s) {
            EXPECT_NEAR(static_cast<double>(sums->spread()[s]), expected[s], 100.0 * rounding)
                << "statistic " << s << " of " << replicas << " replicas";
        }
    }
}

INSTANTIATE_TEST_SUITE_P(All, Covariance,
                         testing::Values(Case{1, false, 1.0F}, Case{1, true, 1.0F},
                                         Case{1, true, 2.5F}, Case{2, false, 0.5F},
                                         Case{2, true, 1.0F}, Case{3, true, 3.0F},
                                         Case{3, false, 1.0F}));

TEST(CovarianceSums, TheSpreadIsFoundWhereItIsWanted) {
    const auto sums = taken({1, false, 1.0F}, 2);
    sums->finish(6, false, 1.0F, 2, false);
    for (const float statistic : sums->spread()) {
        EXPECT_EQ(statistic, 0.0F);
    }
    EXPECT_NE(sums->covariance(1).back(), 0.0F);
}

TEST(CovarianceSums, ASecondReplicaThatDoesNotRunIsLeftAlone) {
    const auto sums = taken({1, true, 1.0F}, 2);
    const std::vector<float> before(sums->covariance(1).begin(), sums->covariance(1).end());
    sums->finish(6, true, 1.0F, 1, true);
    EXPECT_EQ(std::vector<float>(sums->covariance(1).begin(), sums->covariance(1).end()), before);
    for (const auto s : {CovarianceStatistic::trace_b, CovarianceStatistic::square_b,
                         CovarianceStatistic::square_ab, CovarianceStatistic::diagonal_b,
                         CovarianceStatistic::diagonal_ab}) {
        EXPECT_EQ(sums->spread()[static_cast<std::size_t>(s)], 0.0F);
    }
}

TEST(CovarianceSums, WhatIsNotFiniteIsFoundInSumsAndWindows) {
    const float infinity = std::numeric_limits<float>::infinity();
    for (std::size_t neuron = 0; neuron < neurons; ++neuron) {
        constexpr std::array<std::size_t, neurons> diagonal{0, 2, 5};
        constexpr std::array<std::size_t, neurons> first_of_product{0, 1, 3};
        Vector v{1, 1, 1};
        v[neuron] = infinity;
        for (std::size_t r = 0; r < 2; ++r) {
            Sums sums;
            sums.begin();
            EXPECT_EQ(sums.first_non_finite(r), Sums::entries);
            sums.take(r, 0, 1, v);
            EXPECT_EQ(sums.first_non_finite(r), first_of_product[neuron]);
            EXPECT_EQ(sums.first_non_finite(1 - r), Sums::entries);
            sums.begin();
            sums.take(r, 0, 2, v); // in the window, and in no product yet
            EXPECT_EQ(sums.first_non_finite(r), diagonal[neuron]);
        }
    }
}

TEST(CovarianceSums, WhereNothingIsFiniteTheFirstEntryIsNamed) {
    Sums sums;
    sums.begin();
    const float infinity = std::numeric_limits<float>::infinity();
    sums.take(0, 0, 1, Vector{infinity, infinity, infinity});
    EXPECT_EQ(sums.first_non_finite(0), 0U);
}

TEST(CovarianceSums, ACheckpointHoldsEverySumOfTheReplicasThatRun) {
    for (const std::size_t replicas : {std::size_t{1}, std::size_t{2}}) {
        Sums sums;
        sums.begin();
        const auto take = [&](Sums& into, std::uint32_t k) {
            for (std::size_t r = 0; r < replicas; ++r) {
                into.take(r, k, 2, signals(r)[k]);
            }
        };
        for (std::uint32_t k = 0; k < 3; ++k) {
            take(sums, k);
        }
        checkpoint::FieldWalk count;
        sums.persist(count, replicas);
        EXPECT_EQ(count.position(), 4 * (replicas * (6 + 3 + 3) + 8));
        std::vector<std::uint8_t> bytes(count.position());
        auto out = checkpoint::FieldWalk::reading(0, bytes);
        sums.persist(out, replicas);
        // After three samples in windows of two: the mean of the first two, and the third.
        const auto number = [&bytes](std::size_t index) {
            float value = 0.0F;
            std::memcpy(&value, bytes.data() + 4 * index, 4);
            return value;
        };
        for (std::size_t r = 0; r < replicas; ++r) {
            const auto v = signals(r);
            for (std::size_t i = 0; i < neurons; ++i) {
                EXPECT_EQ(number(r * 12 + 6 + i), (v[0][i] + v[1][i]) / 2.0F);
                EXPECT_EQ(number(r * 12 + 9 + i), v[2][i]);
            }
        }
        Sums copy;
        copy.begin();
        auto in = checkpoint::FieldWalk::writing(0, bytes);
        copy.persist(in, replicas);
        for (Sums* each : {&sums, &copy}) {
            for (std::uint32_t k = 3; k < 6; ++k) {
                take(*each, k);
            }
            each->finish(3, true, 1.0F, replicas, true);
        }
        for (std::size_t r = 0; r < replicas; ++r) {
            for (std::size_t entry = 0; entry < Sums::entries; ++entry) {
                EXPECT_EQ(copy.covariance(r)[entry], sums.covariance(r)[entry]);
            }
        }
        for (std::size_t s = 0; s < Sums::statistics; ++s) {
            EXPECT_EQ(copy.spread()[s], sums.spread()[s]);
        }
    }
}

} // namespace
} // namespace tinymf::observe
