// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include <gtest/gtest.h>

#include "tinymf/model/coupling.hpp"
#include "tinymf/network/couplings.hpp"
#include "tinymf/numeric/format.hpp"
#include "tinymf/numeric/sqrt.hpp"
#include "tinymf/observe/digest.hpp"
#include "tinymf/random/stream.hpp"

namespace tinymf::network {
namespace {

using model::CouplingKind;

constexpr std::uint64_t seed = 58;

template <class Matrix>
std::uint64_t digest_of(const Matrix& couplings) {
    observe::Digest digest;
    couplings.digest_into(digest);
    return digest.value();
}

template <class T, std::size_t N>
std::array<T, N> some_rates() {
    std::array<T, N> rates{};
    const random::NormalStream<T> normals{seed, random::Purpose::initial};
    normals.fill(rates, 0);
    return rates;
}

template <class T, std::size_t N, class Matrix>
std::array<T, N> product(const Matrix& couplings) {
    const auto rates = some_rates<T, N>();
    std::array<T, N> out{};
    couplings.multiply(std::span<const T, N>(rates), std::span<T, N>(out));
    return out;
}

template <class T, std::size_t N>
void expect_equal_bits(const std::array<T, N>& a, const std::array<T, N>& b) {
    for (std::size_t i = 0; i < N; ++i) {
        EXPECT_EQ(numeric::to_bits(a[i]), numeric::to_bits(b[i])) << "row " << i << " of " << N;
    }
}

template <class T, std::size_t N>
void expect_procedural_equals_gaussian(T reciprocity) {
    Couplings<T, N, CouplingKind::gaussian> stored;
    Couplings<T, N, CouplingKind::procedural> regenerated;
    stored.draw(seed, reciprocity);
    regenerated.draw(seed, reciprocity);
    EXPECT_EQ(digest_of(stored), digest_of(regenerated));
    expect_equal_bits(product<T, N>(stored), product<T, N>(regenerated));
}

TEST(Couplings, ProceduralGivesTheBitsOfGaussian) {
    expect_procedural_equals_gaussian<float, 1>(0.0F);
    expect_procedural_equals_gaussian<float, 2>(-1.0F);
    expect_procedural_equals_gaussian<float, 7>(0.5F);
    expect_procedural_equals_gaussian<float, 64>(0.25F);
    expect_procedural_equals_gaussian<float, 129>(1.0F);
    expect_procedural_equals_gaussian<double, 24>(-0.5);
    expect_procedural_equals_gaussian<double, 65>(0.0);
}

TEST(Couplings, StoresWhatTheLawSays) {
    constexpr std::size_t N = 25;
    const model::GaussianCouplings<float> gaussian_law{seed, N, 0.5F};
    const model::SignCouplings<float> sign_law{seed, N, 0.5F};
    Couplings<float, N, CouplingKind::gaussian> gaussian;
    Couplings<float, N, CouplingKind::sign> sign;
    gaussian.draw(seed, 0.5F);
    sign.draw(seed, 0.5F);
    for (std::uint32_t i = 0; i < N; ++i) {
        for (std::uint32_t j = 0; j < N; ++j) {
            EXPECT_EQ(gaussian.at(i, j), gaussian_law.at(i, j)) << i << ", " << j;
            EXPECT_EQ(sign.at(i, j), sign_law.at(i, j)) << i << ", " << j;
        }
    }
}

TEST(Couplings, DigestAndProductDoNotDependOnThePanels) {
    constexpr std::size_t N = 31;
    Couplings<float, N, CouplingKind::gaussian, 1> rows;
    Couplings<float, N, CouplingKind::gaussian, 16> narrow;
    Couplings<float, N, CouplingKind::gaussian, 64> wide;
    rows.draw(seed, 0.5F);
    narrow.draw(seed, 0.5F);
    wide.draw(seed, 0.5F);
    EXPECT_EQ(digest_of(narrow), digest_of(rows));
    EXPECT_EQ(digest_of(wide), digest_of(rows));
    expect_equal_bits(product<float, N>(narrow), product<float, N>(rows));
    expect_equal_bits(product<float, N>(wide), product<float, N>(rows));
}

TEST(Couplings, SignDigestDoesNotDependOnThePanels) {
    constexpr std::size_t N = 47;
    Couplings<double, N, CouplingKind::sign, 2> narrow;
    Couplings<double, N, CouplingKind::sign, 64> wide;
    narrow.draw(seed, -0.5);
    wide.draw(seed, -0.5);
    EXPECT_EQ(digest_of(narrow), digest_of(wide));
    expect_equal_bits(product<double, N>(narrow), product<double, N>(wide));
}

TEST(Couplings, SignAddsInOrderAndScalesOnce) {
    constexpr std::size_t N = 40;
    Couplings<float, N, CouplingKind::sign> couplings;
    couplings.draw(seed, 0.0F);
    const auto rates = some_rates<float, N>();
    std::array<float, N> expected{};
    for (std::size_t i = 0; i < N; ++i) {
        volatile float sum = 0.0F;
        for (std::size_t j = 0; j < N; ++j) {
            if (i != j) {
                sum = couplings.at(i, j) < 0.0F ? sum - rates[j] : sum + rates[j];
            }
        }
        expected[i] = (1.0F / numeric::sqrt(static_cast<float>(N))) * sum;
    }
    expect_equal_bits(product<float, N>(couplings), expected);
}

TEST(Couplings, PanelOrderChangesNoBit) {
    constexpr std::size_t N = 100;
    Couplings<float, N, CouplingKind::gaussian, 16> couplings;
    couplings.draw(seed, 0.0F);
    const auto rates = some_rates<float, N>();
    std::array<float, N> out{};
    couplings.multiply(std::span<const float, N>(rates), std::span<float, N>(out),
                       PanelOrder::descending);
    expect_equal_bits(out, product<float, N>(couplings));
}

/// One flipped bit must reach the digest and one row of the product, and no other row.
template <CouplingKind kind>
void expect_a_flipped_bit_to_show(unsigned bit) {
    constexpr std::size_t N = 24;
    Couplings<float, N, kind> couplings;
    couplings.draw(seed, 0.0F);
    const auto digest = digest_of(couplings);
    const auto before = product<float, N>(couplings);
    couplings.flip_bit(5, 17, bit);
    EXPECT_NE(digest_of(couplings), digest);
    const auto after = product<float, N>(couplings);
    for (std::size_t i = 0; i < N; ++i) {
        EXPECT_EQ(before[i] == after[i], i != 5) << "row " << i;
    }
    couplings.flip_bit(5, 17, bit);
    EXPECT_EQ(digest_of(couplings), digest);
}

TEST(Couplings, AFlippedBitShows) {
    expect_a_flipped_bit_to_show<CouplingKind::gaussian>(20);
    expect_a_flipped_bit_to_show<CouplingKind::gaussian>(31);
    expect_a_flipped_bit_to_show<CouplingKind::sign>(0);
}

TEST(Couplings, TheLowestBitReachesTheDigest) {
    Couplings<double, 3, CouplingKind::gaussian> couplings;
    couplings.draw(seed, 0.0);
    const auto digest = digest_of(couplings);
    couplings.flip_bit(2, 0, 0);
    EXPECT_NE(digest_of(couplings), digest);
}

static_assert(sizeof(Couplings<float, 64, CouplingKind::gaussian>) == 16384);
static_assert(sizeof(Couplings<float, 64, CouplingKind::sign>) == 516);
static_assert(sizeof(Couplings<float, 1000, CouplingKind::procedural>) == 16);

TEST(Couplings, TheVisitOfTheLawAscendsInEveryRow) {
    constexpr std::uint32_t N = 11;
    std::array<std::uint32_t, N> next{};
    model::GaussianCouplings<float>{seed, N, 0.0F}.for_each(
        [&](std::uint32_t i, std::uint32_t j, float) { EXPECT_EQ(next[i]++, j) << "row " << i; });
    for (const std::uint32_t visited : next) {
        EXPECT_EQ(visited, N);
    }
}

} // namespace
} // namespace tinymf::network
