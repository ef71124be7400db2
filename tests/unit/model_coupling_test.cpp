// SPDX-License-Identifier: Apache-2.0
#include "tinymf/model/coupling.hpp"

#include "tinymf/observe/digest.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <set>
#include <utility>
#include <vector>

namespace {

using namespace tinymf;
using model::GaussianCouplings;
using model::SignCouplings;

constexpr std::uint64_t seed = 20230508;

template <class C>
class CouplingLaw : public ::testing::Test {};
using Laws = ::testing::Types<GaussianCouplings<float>, GaussianCouplings<double>,
                              SignCouplings<float>, SignCouplings<double>>;
TYPED_TEST_SUITE(CouplingLaw, Laws);

template <class C>
using ScalarOf = decltype(std::declval<C>().at(0, 0));

template <class C>
constexpr bool is_gaussian = std::is_same_v<C, GaussianCouplings<ScalarOf<C>>>;

template <class C>
struct Matrix {
    std::uint32_t neurons;
    std::vector<ScalarOf<C>> entries;

    explicit Matrix(const C& couplings)
        : neurons{couplings.neurons()}, entries(std::size_t{neurons} * neurons, 99) {
        couplings.for_each([this](std::uint32_t i, std::uint32_t j, ScalarOf<C> value) {
            entries[std::size_t{i} * neurons + j] = value;
        });
    }
    [[nodiscard]] ScalarOf<C> at(std::uint32_t i, std::uint32_t j) const {
        return entries[std::size_t{i} * neurons + j];
    }
};

/// Averages over all pairs, in units of 1/sqrt N.
struct PairMoments {
    double mean = 0;
    double square = 0;
    double product = 0;
};

template <class C>
PairMoments pair_moments(const Matrix<C>& J) {
    const std::uint32_t n = J.neurons;
    const double pairs = n * (n - 1) / 2.0;
    PairMoments m;
    for (std::uint32_t j = 0; j < n; ++j) {
        for (std::uint32_t i = 0; i < j; ++i) {
            const double upper = std::sqrt(n) * static_cast<double>(J.at(i, j));
            const double lower = std::sqrt(n) * static_cast<double>(J.at(j, i));
            m.mean += (upper + lower) / (2 * pairs);
            m.square += (upper * upper + lower * lower) / (2 * pairs);
            m.product += upper * lower / pairs;
        }
    }
    return m;
}

/// N = 1000, 499,500 pairs. In units of 1/sqrt N the entries have mean 0 and variance 1; a pair's
/// product has mean eta and variance 1 + eta^2 (Gaussian) or 1 - eta^2 (sign). Bounds at 5.5
/// standard errors: probability 4e-8 for each of 9 numbers, 3.6e-7 for each law.
TYPED_TEST(CouplingLaw, MeanVarianceAndReciprocity) {
    constexpr std::uint32_t n = 1000;
    constexpr double pairs = n * (n - 1) / 2.0;
    for (const double eta : {-0.6, 0.0, 0.5}) {
        const TypeParam couplings(seed, n, static_cast<ScalarOf<TypeParam>>(eta));
        const PairMoments m = pair_moments(Matrix<TypeParam>(couplings));
        constexpr bool gaussian = is_gaussian<TypeParam>;
        const double product_variance = gaussian ? 1 + eta * eta : 1 - eta * eta;
        const double square_error = gaussian ? 5.5 * std::sqrt((1 + eta * eta) / pairs) : 1e-6;
        EXPECT_NEAR(m.mean, 0, 5.5 * std::sqrt((1 + eta) / (2 * pairs)));
        EXPECT_NEAR(m.square, 1, square_error);
        EXPECT_NEAR(m.product, eta, 5.5 * std::sqrt(product_variance / pairs));
    }
}

TYPED_TEST(CouplingLaw, IsSymmetricOrAntisymmetricToTheBit) {
    constexpr std::uint32_t n = 101;
    using T = ScalarOf<TypeParam>;
    const Matrix<TypeParam> symmetric(TypeParam(seed, n, T(1)));
    const Matrix<TypeParam> antisymmetric(TypeParam(seed, n, T(-1)));
    for (std::uint32_t i = 0; i < n; ++i) {
        for (std::uint32_t j = 0; j < n; ++j) {
            EXPECT_EQ(symmetric.at(i, j), symmetric.at(j, i));
            EXPECT_EQ(antisymmetric.at(i, j), -antisymmetric.at(j, i));
            EXPECT_EQ(symmetric.at(i, j) == T(0), i == j);
        }
    }
}

template <class C>
void expect_one_matrix(const C& couplings) {
    const Matrix<C> J(couplings);
    for (std::uint32_t i = 0; i < J.neurons; ++i) {
        EXPECT_EQ(J.at(i, i), ScalarOf<C>(0));
        for (std::uint32_t j = 0; j < J.neurons; ++j) {
            EXPECT_EQ(J.at(i, j), couplings.at(i, j)) << i << "," << j << " of " << J.neurons;
            EXPECT_EQ(couplings.tile(i & ~1U, j & ~1U).at[i & 1U][j & 1U], J.at(i, j));
        }
    }
}

TYPED_TEST(CouplingLaw, MatrixTilesAndEntriesAgree) {
    for (const std::uint32_t n : {1U, 2U, 3U, 8U, 13U}) {
        expect_one_matrix(TypeParam(seed, n, ScalarOf<TypeParam>(0.3)));
    }
}

TYPED_TEST(CouplingLaw, AnEntryDependsOnNeuronsOnlyThroughTheScale) {
    using T = ScalarOf<TypeParam>;
    const TypeParam small(seed, 16, T(-0.4));
    const TypeParam large(seed, 64, T(-0.4));
    for (std::uint32_t i = 0; i < 16; ++i) {
        for (std::uint32_t j = 0; j < 16; ++j) {
            EXPECT_EQ(small.at(i, j), T(2) * large.at(i, j)); // sqrt(64/16), exact
        }
    }
}

TYPED_TEST(CouplingLaw, SeedsGiveDifferentMatrices) {
    using T = ScalarOf<TypeParam>;
    const Matrix<TypeParam> one(TypeParam(1, 24, T(0)));
    const Matrix<TypeParam> two(TypeParam(2, 24, T(0)));
    EXPECT_NE(one.entries, two.entries);
}

TEST(GaussianCoupling, NoTwoPairsShareANumber) {
    std::set<double> values;
    constexpr std::uint32_t n = 128;
    const Matrix<GaussianCouplings<double>> J(GaussianCouplings<double>(seed, n, 0.25));
    for (const double value : J.entries) {
        values.insert(value);
    }
    EXPECT_EQ(values.size(), n * (n - 1) + 1); // and the diagonal's zero
}

TEST(SignCoupling, SignsDoNotDependOnTheScalar) {
    const SignCouplings<float> narrow(seed, 40, 0.5F);
    const SignCouplings<double> wide(seed, 40, 0.5);
    for (std::uint32_t i = 0; i < 40; ++i) {
        for (std::uint32_t j = 0; j < 40; ++j) {
            EXPECT_EQ(narrow.at(i, j) > 0.0F, wide.at(i, j) > 0.0);
        }
    }
}

TEST(CouplingDeathTest, RefusesWhatItCannotDraw) {
    EXPECT_DEATH(GaussianCouplings<float>(seed, 0, 0.0F), "neurons");
    EXPECT_DEATH(GaussianCouplings<float>(seed, 8, 1.5F), "reciprocity");
    const GaussianCouplings<float> couplings(seed, 8, 0.0F);
    EXPECT_DEATH(static_cast<void>(couplings.tile(1, 2)), "row");
    EXPECT_DEATH(static_cast<void>(couplings.pair(2, 2)), "i < j");
}

template <class C>
std::uint64_t digest_of_matrix() {
    observe::Digest digest;
    C(1, 64, ScalarOf<C>(0.5)).for_each([&](std::uint32_t, std::uint32_t, ScalarOf<C> value) {
        digest.add(value);
    });
    return digest.value();
}

TEST(CouplingGolden, MatricesKeepTheirBits) {
    EXPECT_EQ(digest_of_matrix<GaussianCouplings<float>>(), 0xB79292188BADD9D6U);
    EXPECT_EQ(digest_of_matrix<GaussianCouplings<double>>(), 0x1D36D917A92900B9U);
    EXPECT_EQ(digest_of_matrix<SignCouplings<float>>(), 0xF64D3717D7CC1A78U);
}

} // namespace
