// SPDX-License-Identifier: Apache-2.0
// Correlations and responses of a few samples against their definition: every origin, every lag,
// each replica's own noise. Signals are small integers, so that sums are exact.
#include "tinymf/observe/correlation_estimator.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

namespace tinymf::observe {
namespace {

constexpr std::size_t neurons = 2;
constexpr std::uint32_t most_lags = 8;
constexpr std::uint32_t origins = 4;

using Products = CorrelationEstimator<float, neurons, 2, most_lags, origins>;
using Vector = std::array<float, neurons>;

/// Whole numbers from -3 to 3 without a pattern.
float number(std::size_t r, std::uint32_t k, std::size_t i, std::uint32_t salt) {
    const std::uint32_t mixed = (static_cast<std::uint32_t>(r) * 7919U + k * 104729U +
                                 static_cast<std::uint32_t>(i) * 31U + salt) *
                                2654435761U;
    return static_cast<float>(static_cast<int>((mixed >> 16U) % 7U) - 3);
}

Vector vector_of(std::size_t r, std::uint32_t k, std::uint32_t salt) {
    return {number(r, k, 0, salt), number(r, k, 1, salt)};
}
Vector x(std::size_t r, std::uint32_t k) {
    return vector_of(r, k, 1);
}
Vector phi(std::size_t r, std::uint32_t k) {
    return vector_of(r, k, 2);
}
Vector noise(std::size_t r, std::uint32_t k) {
    return vector_of(r, k, 3);
}

struct Case {
    std::uint32_t lags;
    std::uint32_t samples;
    std::size_t replicas;
    WantedProducts wanted;
};

/// One sample of every replica.
void take(Products& products, const Case& c, std::uint32_t k) {
    for (std::size_t r = 0; r < c.replicas; ++r) {
        products.take(r, k, c.lags, c.wanted, x(r, k), phi(r, k), [r, k](std::span<float> normals) {
            const Vector n = noise(r, k);
            ASSERT_EQ(normals.size(), n.size());
            std::copy(n.begin(), n.end(), normals.begin());
        });
    }
}

struct Expected {
    std::vector<double> cx, cphi, rx, rphi;
    std::vector<double> terms;
};

/// Origin o is taken at samples o lags/4, and again whenever it is `lags` old.
Expected sums_of(const Case& c) {
    Expected sums;
    for (auto* list : {&sums.cx, &sums.cphi, &sums.rx, &sums.rphi, &sums.terms}) {
        list->assign(c.lags, 0.0);
    }
    const auto dot = [](const Vector& a, const Vector& b) {
        return static_cast<double>(a[0] * b[0] + a[1] * b[1]);
    };
    for (std::size_t r = 0; r < c.replicas; ++r) {
        for (std::uint32_t o = 0; o < origins; ++o) {
            for (std::uint32_t begin = o * c.lags / origins; begin < c.samples; begin += c.lags) {
                for (std::uint32_t lag = 0; lag < c.lags && begin + lag < c.samples; ++lag) {
                    sums.terms[lag] += 1.0;
                    if (c.wanted.correlations) {
                        sums.cx[lag] += dot(x(r, begin), x(r, begin + lag));
                        sums.cphi[lag] += dot(phi(r, begin), phi(r, begin + lag));
                    }
                    if (c.wanted.responses) {
                        sums.rx[lag] += dot(noise(r, begin), x(r, begin + lag));
                        sums.rphi[lag] += dot(noise(r, begin), phi(r, begin + lag));
                    }
                }
            }
        }
    }
    return sums;
}

std::vector<Case> cases() {
    std::vector<Case> list;
    for (const std::uint32_t lags : {1U, 2U, 3U, 5U, 8U}) {
        for (const std::uint32_t samples : {lags, lags + 1, 3 * lags + 2}) {
            for (const std::size_t replicas : {std::size_t{1}, std::size_t{2}}) {
                list.push_back({lags, samples, replicas, {true, true}});
                list.push_back({lags, samples, replicas, {true, false}});
                list.push_back({lags, samples, replicas, {false, true}});
            }
        }
    }
    return list;
}

/// A quotient is rounded once, of which 1e-6 relative is ten times the bound.
void expect_quotients(std::span<const float> values, const std::vector<double>& sums,
                      const std::vector<double>& terms, double by) {
    for (std::size_t lag = 0; lag < sums.size(); ++lag) {
        const double expected = sums[lag] / (static_cast<double>(neurons) * terms[lag] * by);
        EXPECT_NEAR(static_cast<double>(values[lag]), expected, 1e-6 * std::abs(expected))
            << "lag " << lag;
    }
}

TEST(CorrelationEstimator, AreThoseOfTheDefinition) {
    for (const Case& c : cases()) {
        SCOPED_TRACE(testing::Message() << c.lags << " lags, " << c.samples << " samples, "
                                        << c.replicas << " replicas");
        const auto products = std::make_unique<Products>();
        const Expected sums = sums_of(c);
        for (int block = 0; block < 2; ++block) { // the second as the first
            products->begin();
            for (std::uint32_t k = 0; k < c.samples; ++k) {
                take(*products, c, k);
                EXPECT_FALSE(products->first_non_finite(k, c.lags).found);
            }
            products->finish(c.lags, 0.5F);
            expect_quotients(products->cx(), sums.cx, sums.terms, 1.0);
            expect_quotients(products->cphi(), sums.cphi, sums.terms, 1.0);
            expect_quotients(products->rx(), sums.rx, sums.terms, 0.5);
            expect_quotients(products->rphi(), sums.rphi, sums.terms, 0.5);
        }
        for (const auto values :
             {products->cx(), products->cphi(), products->rx(), products->rphi()}) {
            ASSERT_EQ(values.size(), most_lags);
            for (std::size_t lag = c.lags; lag < most_lags; ++lag) {
                EXPECT_EQ(values[lag], 0.0F) << "a lag that is not in use";
            }
        }
    }
}

TEST(CorrelationEstimator, ANewBlockRemembersNothing) {
    const Case c{5, 20, 2, {true, true}};
    Products products;
    products.begin();
    for (std::uint32_t k = 0; k < c.samples; ++k) {
        take(products, c, k);
    }
    products.begin();
    std::vector<std::uint8_t> bytes(4 * (2 * origins * 3 * neurons + 5 * c.lags), 0xEE);
    auto walk = checkpoint::FieldWalk::reading(0, bytes);
    products.persist(walk, 2, c.lags, 0);
    EXPECT_EQ(walk.position(), bytes.size());
    EXPECT_EQ(bytes, std::vector<std::uint8_t>(bytes.size(), 0));
}

TEST(CorrelationEstimator, WithoutNoiseNothingIsDividedByItsSize) {
    const Case c{3, 8, 1, {true, true}};
    Products products;
    products.begin();
    for (std::uint32_t k = 0; k < c.samples; ++k) {
        take(products, c, k);
    }
    products.finish(c.lags, 0.0F);
    const Expected sums = sums_of(c);
    expect_quotients(products.cx(), sums.cx, sums.terms, 1.0);
    for (std::uint32_t lag = 0; lag < c.lags; ++lag) {
        EXPECT_EQ(static_cast<double>(products.rx()[lag]), sums.rx[lag]);
        EXPECT_EQ(static_cast<double>(products.rphi()[lag]), sums.rphi[lag]);
    }
}

TEST(CorrelationEstimator, ACheckpointHoldsTheOriginsAndTheSums) {
    for (const Case& c : {Case{5, 20, 2, {true, true}}, Case{8, 20, 1, {true, true}}}) {
        for (std::uint32_t at = 0; at <= c.samples; ++at) {
            Products products;
            products.begin();
            for (std::uint32_t k = 0; k < at; ++k) {
                take(products, c, k);
            }
            checkpoint::FieldWalk count;
            products.persist(count, c.replicas, c.lags, at);
            EXPECT_EQ(count.position(), 4 * (c.replicas * origins * 3 * neurons + 5 * c.lags));
            auto judge = checkpoint::FieldWalk::judging();
            products.persist(judge, c.replicas, c.lags, at);
            EXPECT_TRUE(judge.sound()) << at << " samples";
            auto wrong = checkpoint::FieldWalk::judging();
            products.persist(wrong, c.replicas, c.lags, at + 1);
            EXPECT_FALSE(wrong.sound()) << "one sample more would have made more terms";
            std::vector<std::uint8_t> bytes(count.position());
            auto out = checkpoint::FieldWalk::reading(0, bytes);
            products.persist(out, c.replicas, c.lags, at);
            Products copy;
            copy.begin();
            auto in = checkpoint::FieldWalk::writing(0, bytes);
            copy.persist(in, c.replicas, c.lags, at);
            for (Products* each : {&products, &copy}) {
                for (std::uint32_t k = at; k < c.samples; ++k) {
                    take(*each, c, k);
                }
                each->finish(c.lags, 0.5F);
            }
            for (std::uint32_t lag = 0; lag < c.lags; ++lag) {
                EXPECT_EQ(copy.cx()[lag], products.cx()[lag]);
                EXPECT_EQ(copy.cphi()[lag], products.cphi()[lag]);
                EXPECT_EQ(copy.rx()[lag], products.rx()[lag]);
                EXPECT_EQ(copy.rphi()[lag], products.rphi()[lag]);
            }
        }
    }
}

/// Sample `k` of otherwise silent signals is huge in x or phi; products of an origin with itself
/// overflow at lag 0, where the origin is that sample, and with noise at each age.
TEST(CorrelationEstimator, TheFirstThatIsNotFiniteIsNamed) {
    constexpr std::uint32_t lags = 4; // an origin at each sample
    const Vector huge{0.0F, 1e30F};
    const Vector silent{};
    const auto place_of = [&](WantedProducts wanted, const Vector& big_x, const Vector& big_phi,
                              float normal) {
        Products products;
        products.begin();
        for (std::uint32_t k = 0; k <= 2; ++k) {
            EXPECT_FALSE(products.first_non_finite(0, lags).found);
            products.take(0, k, lags, wanted, k == 2 ? big_x : silent, k == 2 ? big_phi : silent,
                          [normal](std::span<float> normals) {
                              std::fill(normals.begin(), normals.end(), normal);
                          });
        }
        return products.first_non_finite(2, lags);
    };
    const auto expect = [](const Products::Place& place, LaggedProduct product, std::uint32_t lag) {
        EXPECT_TRUE(place.found);
        EXPECT_EQ(place.product, product);
        EXPECT_EQ(place.lag, lag);
    };
    expect(place_of({true, false}, huge, silent, 0.0F), LaggedProduct::cx, 0);
    expect(place_of({true, false}, silent, huge, 0.0F), LaggedProduct::cphi, 0);
    // The oldest origin comes first, which is of age 2.
    expect(place_of({false, true}, huge, silent, 1e30F), LaggedProduct::rx, 2);
    expect(place_of({false, true}, silent, huge, 1e30F), LaggedProduct::rphi, 2);
    EXPECT_FALSE(place_of({false, true}, huge, huge, 0.0F).found) << "no correlation is wanted";
    EXPECT_FALSE(place_of({true, false}, silent, silent, 1e30F).found);
}

/// Lag 7 alone overflows, at sample 7: sample 1 was not added to it.
TEST(CorrelationEstimator, OnlyTheLagsOfASampleAreLookedAt) {
    Products products;
    products.begin();
    for (std::uint32_t k = 0; k <= 7; ++k) {
        const float value = k == 0 ? 1e15F : (k == 7 ? 1e25F : 0.0F);
        products.take(0, k, 8, {true, false}, Vector{value, 0.0F}, Vector{},
                      [](std::span<float>) {});
    }
    EXPECT_TRUE(products.first_non_finite(7, 8).found);
    for (std::uint32_t k = 0; k < 7; ++k) {
        EXPECT_FALSE(products.first_non_finite(k, 8).found) << "sample " << k;
    }
}

} // namespace
} // namespace tinymf::observe
