// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

#include "tinymf/assert.hpp"
#include "tinymf/numeric/batch.hpp"
#include "tinymf/random/normal.hpp"
#include "tinymf/random/normal_batch.hpp"
#include "tinymf/random/philox.hpp"
#include "tinymf/random/philox_batch.hpp"
#include "tinymf/random/uniform.hpp"

namespace tinymf::random {

/// What a stream's numbers are for. The values are part of every experiment's definition: changing
/// one changes all runs. At most 2^16 purposes.
enum class Purpose : std::uint32_t {
    coupling = 0,      ///< normals of Gaussian couplings; the step is a column (see coupling.hpp)
    sign_coupling = 1, ///< words of sign couplings; the step is a column
    initial = 2,       ///< state at step 0
    white_noise = 3,
    colored_noise = 4,
    static_noise = 5,
    tangent = 6,      ///< initial direction of a tangent vector, for Lyapunov exponents
    path_initial = 7, ///< x(0) of the effective neurons of a mean field
    path_noise = 8,   ///< their Gaussian field
};

/// The block with index `block` of a step: a pure function of (seed, purpose, replica, step,
/// block).
///
/// The seed is Philox's key. Counter words: block, step, purpose | replica << 16, 0; the map to
/// counters is one to one, so no two draws of a seed share random bits. Size 16 bytes.
class BlockStream {
public:
    /// Replicas number independent copies of one purpose, below 2^16.
    constexpr BlockStream(std::uint64_t seed, Purpose purpose, std::uint32_t replica = 0)
        : key_{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32U)},
          purpose_and_replica_{static_cast<std::uint32_t>(purpose) | replica << 16U} {
        TINYMF_ASSERT(static_cast<std::uint32_t>(purpose) >> 16U == 0U);
        TINYMF_ASSERT(replica >> 16U == 0U);
    }

    [[nodiscard]] constexpr PhiloxCounter counter(std::uint32_t step, std::uint32_t block) const {
        return {block, step, purpose_and_replica_, 0U};
    }

    [[nodiscard]] constexpr PhiloxBlock block(std::uint32_t step, std::uint32_t block) const {
        return philox4x32(counter(step, block), key_);
    }

    /// As many blocks as a batch has, from `first` on.
    [[nodiscard]] constexpr PhiloxBatch batch(std::uint32_t step, std::uint32_t first) const {
        return philox4x32_batch(counter(step, first), key_);
    }

private:
    PhiloxKey key_;
    std::uint32_t purpose_and_replica_;
};

/// N(0,1).
struct NormalLaw {
    template <std::floating_point T>
    [[nodiscard]] static constexpr std::array<T, lanes<T>> draw(const PhiloxBlock& block) {
        return normals<T>(block);
    }
};

/// U(0,1), ends excluded.
struct UniformLaw {
    template <std::floating_point T>
    [[nodiscard]] static constexpr std::array<T, lanes<T>> draw(const PhiloxBlock& block) {
        return uniforms<T>(block);
    }
};

/// Independent variates of one law, addressed by (step, element) and never by the order of calls.
/// Element i is lane i % lanes of block i / lanes. Size 16 bytes; work one block per `lanes<T>`
/// elements.
template <std::floating_point T, class Law>
class LawStream {
public:
    constexpr LawStream(std::uint64_t seed, Purpose purpose, std::uint32_t replica = 0)
        : blocks_{seed, purpose, replica} {}

    [[nodiscard]] constexpr std::array<T, lanes<T>> block(std::uint32_t step,
                                                          std::uint32_t block) const {
        return Law::template draw<T>(blocks_.block(step, block));
    }

    [[nodiscard]] constexpr T at(std::uint32_t step, std::uint32_t element) const {
        constexpr auto width = static_cast<std::uint32_t>(lanes<T>);
        return block(step, element / width)[element % width];
    }

    /// Calls use(element, variate) for elements 0 .. count-1 of a step, in ascending order.
    template <class Use>
    constexpr void for_each(std::uint32_t step, std::size_t count, Use&& use) const {
        for_each_from(0, step, count, use);
    }

    constexpr void fill(std::span<T> out, std::uint32_t step) const {
        std::size_t filled = 0;
        if constexpr (numeric::works_in_batches && std::is_same_v<T, float> &&
                      std::is_same_v<Law, NormalLaw>) {
            if (!std::is_constant_evaluated()) {
                filled = fill_in_batches(out, step);
            }
        }
        for_each_from(filled, step, out.size(),
                      [out](std::size_t i, T variate) { out[i] = variate; });
    }

private:
    /// `begin` is the first element of a block.
    template <class Use>
    constexpr void for_each_from(std::size_t begin, std::uint32_t step, std::size_t count,
                                 Use&& use) const {
        auto index = static_cast<std::uint32_t>(begin / lanes<T>);
        for (std::size_t first = begin; first < count; first += lanes<T>) {
            const std::array<T, lanes<T>> variates = block(step, index++);
            const std::size_t used = count - first < lanes<T> ? count - first : lanes<T>;
            for (std::size_t lane = 0; lane < used; ++lane) {
                use(first + lane, variates[lane]);
            }
        }
    }

    /// The elements of all whole batches; returns their number.
    std::size_t fill_in_batches(std::span<T> out, std::uint32_t step) const {
        constexpr std::size_t elements = numeric::batch_size * lanes<T>;
        std::size_t first = 0;
        for (; out.size() - first >= elements; first += elements) {
            const auto block = static_cast<std::uint32_t>(first / lanes<T>);
            fill_normals(blocks_.batch(step, block), out.data() + first);
        }
        return first;
    }

    BlockStream blocks_;
};

template <std::floating_point T>
using NormalStream = LawStream<T, NormalLaw>;

template <std::floating_point T>
using UniformStream = LawStream<T, UniformLaw>;

} // namespace tinymf::random
