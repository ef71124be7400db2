// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>

#include "tinymf/assert.hpp"
#include "tinymf/model/coupling.hpp"
#include "tinymf/network/mat_vec.hpp"
#include "tinymf/network/panel_layout.hpp"
#include "tinymf/network/panel_matrix.hpp"
#include "tinymf/network/sign_matrix.hpp"
#include "tinymf/numeric/magnitude.hpp"
#include "tinymf/numeric/sqrt.hpp"
#include "tinymf/observe/digest.hpp"

namespace tinymf::network {

/// The coupling matrix J of N neurons, its storage chosen by `kind`; J_ii = 0 and the factor
/// 1/sqrt N is included. See model/coupling.hpp for the law (Zou & Huang 2023).
///
/// Every kind offers
/// - `draw(seed, reciprocity)`: N(N-1)/2 draws of a pair;
/// - `multiply(rates, out, order)`: out = J rates, each sum started at 0 and rounded term by term
///   with j ascending; `out` must not overlap `rates`. Level: bit-exact for every `panel_rows`,
///   `order`, compiler and target;
/// - `at(i, j)`: J_ij;
/// - `digest_into(digest)`: J row by row, whatever the storage;
/// - `flip_bit(i, j, bit)`: a fault, for tests (not for `procedural`, which stores nothing).
///
/// | kind       | bytes                      | one product                                        |
/// | gaussian   | N^2 sizeof(T)              | N^2 multiplications and additions                  |
/// | sign       | 4 N ceil(N/32) + sizeof(T) | N^2 additions, N multiplications                   |
/// | procedural | 8 + sizeof(T)              | as gaussian, and the N(N-1)/2 draws of a pair again
/// |
///
/// rounded up to the alignment. Draw before use.
template <std::floating_point T, std::size_t N, model::CouplingKind kind,
          std::size_t panel_rows = register_rows<T>>
class Couplings;

/// Adds all N^2 couplings, i outside and j inside: the order does not depend on the storage.
template <std::floating_point T, std::size_t N, model::CouplingKind kind, std::size_t panel_rows>
void digest_couplings(const Couplings<T, N, kind, panel_rows>& couplings, observe::Digest& digest) {
    for (std::size_t i = 0; i < N; ++i) {
        for (std::size_t j = 0; j < N; ++j) {
            digest.add(couplings.at(i, j));
        }
    }
}

template <std::floating_point T, std::size_t N, std::size_t panel_rows>
class Couplings<T, N, model::CouplingKind::gaussian, panel_rows> {
public:
    void draw(std::uint64_t seed, T reciprocity) {
        const model::GaussianCouplings<T> law{seed, N, reciprocity};
        law.for_each([this](std::size_t i, std::size_t j, T value) { matrix_.set(i, j, value); });
    }

    void multiply(std::span<const T, N> rates, std::span<T, N> out,
                  PanelOrder order = PanelOrder::ascending) const {
        mat_vec(matrix_, rates, out, order);
    }

    [[nodiscard]] T at(std::size_t i, std::size_t j) const { return matrix_.at(i, j); }

    void digest_into(observe::Digest& digest) const { digest_couplings(*this, digest); }

    /// Flips one bit of J_ij; bit 0 is the least significant of the fraction.
    void flip_bit(std::size_t i, std::size_t j, unsigned bit) {
        TINYMF_ASSERT(bit < sizeof(T) * 8);
        const auto mask = numeric::Bits<T>{1} << bit;
        matrix_.set(i, j, numeric::from_bits<T>(numeric::to_bits(matrix_.at(i, j)) ^ mask));
    }

private:
    PanelMatrix<T, N, panel_rows> matrix_;
};

template <std::floating_point T, std::size_t N, std::size_t panel_rows>
class Couplings<T, N, model::CouplingKind::sign, panel_rows> {
public:
    void draw(std::uint64_t seed, T reciprocity) {
        strength_ = T(1) / numeric::sqrt(static_cast<T>(N));
        const model::SignCouplings<T> law{seed, N, reciprocity};
        law.for_each([this](std::size_t i, std::size_t j, T value) {
            signs_.set_negative(i, j, value < T(0));
        });
    }

    void multiply(std::span<const T, N> rates, std::span<T, N> out,
                  PanelOrder order = PanelOrder::ascending) const {
        constexpr std::size_t widest = std::min(panel_rows, SignMatrix<N>::rows_per_word);
        mat_vec<widest>(signs_, strength_, rates, out, order);
    }

    [[nodiscard]] T at(std::size_t i, std::size_t j) const {
        if (i == j) {
            return T(0);
        }
        return signs_.negative(i, j) ? -strength_ : strength_;
    }

    void digest_into(observe::Digest& digest) const { digest_couplings(*this, digest); }

    /// Flips the sign of J_ij, i != j: the only bit there is, whatever `bit` says.
    void flip_bit(std::size_t i, std::size_t j, unsigned /*bit*/) {
        TINYMF_ASSERT(i != j);
        signs_.set_negative(i, j, !signs_.negative(i, j));
    }

private:
    SignMatrix<N> signs_;
    T strength_ = T(0);
};

template <std::floating_point T, std::size_t N, std::size_t panel_rows>
class Couplings<T, N, model::CouplingKind::procedural, panel_rows> {
public:
    void draw(std::uint64_t seed, T reciprocity) {
        seed_ = seed;
        reciprocity_ = reciprocity;
    }

    /// The law visits the columns of every row in ascending order although it makes J_ij and J_ji
    /// together, so each pair is drawn once and each sum still keeps its order.
    void multiply(std::span<const T, N> rates, std::span<T, N> out,
                  PanelOrder /*order*/ = PanelOrder::ascending) const {
        TINYMF_ASSERT(rates.data() != out.data());
        std::fill(out.begin(), out.end(), T(0));
        law().for_each(
            [rates, out](std::size_t i, std::size_t j, T value) { out[i] += value * rates[j]; });
    }

    [[nodiscard]] T at(std::size_t i, std::size_t j) const {
        return law().at(static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(j));
    }

    void digest_into(observe::Digest& digest) const { digest_couplings(*this, digest); }

private:
    [[nodiscard]] model::GaussianCouplings<T> law() const { return {seed_, N, reciprocity_}; }

    std::uint64_t seed_ = 0;
    T reciprocity_ = T(0);
};

} // namespace tinymf::network
