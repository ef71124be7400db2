// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tinymf/assert.hpp"
#include "tinymf/numeric/rounded.hpp"
#include "tinymf/numeric/sqrt.hpp"
#include "tinymf/random/philox.hpp"
#include "tinymf/random/stream.hpp"

namespace tinymf::model {

/// Law and storage of the couplings: Gaussian, sign (+-1/sqrt N), or `procedural`: the Gaussian
/// numbers, regenerated at each use instead of stored.
enum class CouplingKind : std::uint8_t { gaussian, sign, procedural };

inline constexpr std::array<std::string_view, 3> coupling_names{"gaussian", "sign", "procedural"};

/// The two couplings of one pair of neurons i < j.
template <std::floating_point T>
struct CouplingPair {
    T upper = T(0); ///< J_ij
    T lower = T(0); ///< J_ji
};

/// J for rows r, r+1 and columns c, c+1: `at[row][column]`.
template <std::floating_point T>
struct CouplingTile {
    std::array<std::array<T, 2>, 2> at{};
};

/// Partially symmetric Gaussian couplings (Sompolinsky, Crisanti & Sommers 1988; Zou & Huang 2023):
/// variance 1/N, E[J_ij J_ji] = reciprocity/N. Each pair i < j has independent normals u and v,
///
///     J_ij = (cs u + ca v)/sqrt N,  J_ji = (cs u - ca v)/sqrt N,
///     cs = sqrt((1 + reciprocity)/2),  ca = sqrt((1 - reciprocity)/2),
///
/// exactly symmetric or antisymmetric for a reciprocity of 1 or -1. u and v depend on (seed, i, j)
/// only: they are elements 2i and 2i+1 of step j of the coupling stream.
template <std::floating_point T>
class GaussianCouplingRule {
public:
    GaussianCouplingRule(std::uint64_t seed, std::uint32_t neurons, T reciprocity)
        : normals_{seed, random::Purpose::coupling}, even_{numeric::sqrt((T(1) + reciprocity) /
                                                                         T(2))},
          odd_{numeric::sqrt((T(1) - reciprocity) / T(2))}, root_neurons_{numeric::sqrt(
                                                                static_cast<T>(neurons))} {}

    /// Pairs (first, j), (first + 1, j) for an even `first`: one block (float) or two (double).
    [[nodiscard]] std::array<CouplingPair<T>, 2> two_pairs(std::uint32_t first,
                                                           std::uint32_t j) const {
        if constexpr (random::lanes<T> == 4) {
            const auto n = normals_.block(j, first / 2);
            return {pair(n[0], n[1]), pair(n[2], n[3])};
        } else {
            const auto m = normals_.block(j, first);
            const auto n = normals_.block(j, first + 1);
            return {pair(m[0], m[1]), pair(n[0], n[1])};
        }
    }

private:
    /// Adding zero turns a negative zero, which a product with ca = 0 can leave, into a positive
    /// one.
    [[nodiscard]] CouplingPair<T> pair(T u, T v) const {
        const T common = numeric::rounded(even_ * u);
        const T difference = numeric::rounded(odd_ * v);
        return {.upper = (common + difference) / root_neurons_ + T(0),
                .lower = (common - difference) / root_neurons_ + T(0)};
    }

    random::NormalStream<T> normals_;
    T even_;
    T odd_;
    T root_neurons_;
};

/// Couplings +-1/sqrt N with E[J_ij J_ji] = reciprocity/N: J_ij has a fair sign and J_ji repeats it
/// with probability (1 + reciprocity)/2, held to 2^-24. The signs depend on (seed, i, j) and the
/// reciprocity only, and are the same for float and double: pair (i, j) reads words 2(i mod 2),
/// 2(i mod 2) + 1 of block i/2 in step j.
template <std::floating_point T>
class SignCouplingRule {
public:
    SignCouplingRule(std::uint64_t seed, std::uint32_t neurons, T reciprocity)
        : blocks_{seed, random::Purpose::sign_coupling}, repeats_{static_cast<std::uint32_t>(
                                                             (T(1) + reciprocity) * T(0x1p23F))},
          strength_{T(1) / numeric::sqrt(static_cast<T>(neurons))} {}

    /// Pairs (first, j), (first + 1, j) for an even `first`.
    [[nodiscard]] std::array<CouplingPair<T>, 2> two_pairs(std::uint32_t first,
                                                           std::uint32_t j) const {
        const random::PhiloxBlock words = blocks_.block(j, first / 2);
        return {pair(words[0], words[1]), pair(words[2], words[3])};
    }

private:
    [[nodiscard]] CouplingPair<T> pair(std::uint32_t sign_word, std::uint32_t repeat_word) const {
        const T upper = (sign_word >> 31U) == 0U ? strength_ : -strength_;
        return {.upper = upper, .lower = (repeat_word >> 8U) < repeats_ ? upper : -upper};
    }

    random::BlockStream blocks_;
    std::uint32_t repeats_; ///< of 2^24 equally likely cases
    T strength_;
};

/// The coupling matrix as a function: any entry or 2 x 2 tile on demand, without storage. J_ii = 0.
///
/// Entries are pure functions of (seed, i, j) apart from the factor 1/sqrt N, so a network of N
/// neurons is the corner of every larger one. Size below 100 bytes; a tile costs two blocks (float)
/// and eight normals, the same as its mirror image, which needs the same draws.
template <std::floating_point T, template <std::floating_point> class Rule = GaussianCouplingRule>
class Couplings {
public:
    /// At most 2^16 neurons (the factor sqrt N is exact in its argument up to 2^24); reciprocity in
    /// [-1, 1].
    Couplings(std::uint64_t seed, std::uint32_t neurons, T reciprocity)
        : rule_{checked(seed, neurons, reciprocity)}, neurons_{neurons} {}

    [[nodiscard]] std::uint32_t neurons() const { return neurons_; }

    /// J_ij and J_ji for i < j.
    [[nodiscard]] CouplingPair<T> pair(std::uint32_t i, std::uint32_t j) const {
        TINYMF_ASSERT(i < j);
        return rule_.two_pairs(i & ~1U, j)[i & 1U];
    }

    /// J_ij for any i, j.
    [[nodiscard]] T at(std::uint32_t i, std::uint32_t j) const {
        if (i == j) {
            return T(0);
        }
        return i < j ? pair(i, j).upper : pair(j, i).lower;
    }

    /// Rows `row`, `row` + 1 and columns `column`, `column` + 1, both even. Tiles that reach beyond
    /// the last neuron are allowed: those entries belong to larger networks.
    [[nodiscard]] CouplingTile<T> tile(std::uint32_t row, std::uint32_t column) const {
        return row <= column ? tile_and_mirror(row, column).tile
                             : tile_and_mirror(column, row).mirror;
    }

    /// Calls write(i, j, J_ij) once for each of the N^2 entries, at the price of half the tiles: a
    /// tile above the diagonal and its mirror image are made together. The order is fixed, by
    /// tiles.
    template <class Write>
    void for_each(Write&& write) const {
        const auto write_tile = [&](std::uint32_t row, std::uint32_t column,
                                    const CouplingTile<T>& tile) {
            for (std::uint32_t i = 0; i < 2 && row + i < neurons_; ++i) {
                for (std::uint32_t j = 0; j < 2 && column + j < neurons_; ++j) {
                    write(row + i, column + j, tile.at[i][j]);
                }
            }
        };
        for (std::uint32_t column = 0; column < neurons_; column += 2) {
            for (std::uint32_t row = 0; row < column; row += 2) {
                const TwoTiles both = tile_and_mirror(row, column);
                write_tile(row, column, both.tile);
                write_tile(column, row, both.mirror);
            }
            write_tile(column, column, tile(column, column));
        }
    }

private:
    struct TwoTiles {
        CouplingTile<T> tile;
        CouplingTile<T> mirror; ///< at (column, row)
    };

    [[nodiscard]] static Rule<T> checked(std::uint64_t seed, std::uint32_t neurons, T reciprocity) {
        TINYMF_ASSERT(neurons > 0 && neurons <= 65536);
        TINYMF_ASSERT(reciprocity >= T(-1) && reciprocity <= T(1));
        return Rule<T>{seed, neurons, reciprocity};
    }

    /// For row <= column, both even.
    [[nodiscard]] TwoTiles tile_and_mirror(std::uint32_t row, std::uint32_t column) const {
        TINYMF_ASSERT((row & 1U) == 0U && (column & 1U) == 0U);
        TwoTiles both{};
        for (std::uint32_t j = row == column ? 1 : 0; j < 2; ++j) {
            const auto pairs = rule_.two_pairs(row, column + j);
            for (std::uint32_t i = 0; i < 2 && row + i < column + j; ++i) {
                both.tile.at[i][j] = pairs[i].upper;
                both.mirror.at[j][i] = pairs[i].lower;
            }
        }
        if (row == column) {
            both.tile.at[1][0] = both.mirror.at[1][0];
        }
        return both;
    }

    Rule<T> rule_;
    std::uint32_t neurons_;
};

template <std::floating_point T>
using GaussianCouplings = Couplings<T, GaussianCouplingRule>;

template <std::floating_point T>
using SignCouplings = Couplings<T, SignCouplingRule>;

} // namespace tinymf::model
