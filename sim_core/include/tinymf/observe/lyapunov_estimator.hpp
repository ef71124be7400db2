// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include "tinymf/checkpoint/field_walk.hpp"
#include "tinymf/numeric/first_non_finite.hpp"
#include "tinymf/numeric/log.hpp"
#include "tinymf/numeric/sqrt.hpp"
#include "tinymf/observe/compensated_sum.hpp"
#include "tinymf/random/stream.hpp"

namespace tinymf::observe {

/// Largest Lyapunov exponent of a one-stage scheme, from the growth of a tangent vector,
///
///     delta <- alpha delta + beta g J (phi'(x) delta)
///
/// (Sompolinsky, Crisanti & Sommers 1988). The vector is scaled to length 1 at each sample, and
/// often enough in between that it neither overflows nor vanishes.
/// Size: 2 N + 5 scalars. Work per step: a matrix-vector product, N slopes, 3 N operations.
template <std::floating_point T, std::size_t N>
class LyapunovEstimator {
public:
    void start(std::uint64_t seed) {
        random::NormalStream<T>(seed, random::Purpose::tangent).fill(direction_, 0);
        scale_to_one();
        begin();
    }

    void begin() { growth_ = {}; }

    /// From x at `step` to the next step.
    template <class Activation, class Couplings, class Coefficients>
    void advance(const Activation& activation, const Couplings& couplings, T gain,
                 const Coefficients& one_step, std::span<const T, N> x, std::uint32_t step) {
        if (step % steps_between_scalings == 0) {
            scale();
        }
        activation.apply_slope(x, product_);
        for (std::size_t i = 0; i < N; ++i) {
            slope_times_direction_[i] = product_[i] * direction_[i];
        }
        couplings.multiply(slope_times_direction_, product_);
        for (std::size_t i = 0; i < N; ++i) {
            direction_[i] = one_step.alpha * direction_[i] + one_step.beta * (gain * product_[i]);
        }
    }

    /// Takes the vector's growth so far into account.
    void scale() { growth_.add(numeric::log(scale_to_one())); }

    /// Mean rate of growth over `duration`, in tau.
    void finish(T duration) { exponent_ = growth_.value() / duration; }

    [[nodiscard]] std::span<const T> values() const { return {&exponent_, 1}; }

    /// False when the vector or its growth so far has left the finite numbers.
    [[nodiscard]] bool is_finite() const {
        return numeric::first_non_finite(std::span<const T>(direction_)) == N &&
               numeric::is_finite(growth_.value());
    }

    void persist(checkpoint::FieldWalk& walk) {
        walk.over(std::span(direction_));
        growth_.persist(walk);
        walk.over(exponent_);
    }

private:
    static constexpr std::uint32_t steps_between_scalings = 32;

    /// Returns the length before.
    T scale_to_one() {
        T square = T(0);
        for (const T value : direction_) {
            square += value * value;
        }
        // A vector that vanished (dead ReLU neurons, dt = 1) decays at the fastest rate there is.
        const T length = std::max(numeric::sqrt(square), std::numeric_limits<T>::min());
        for (T& value : direction_) {
            value /= length;
        }
        return length;
    }

    std::array<T, N> direction_;
    std::array<T, N> slope_times_direction_;
    std::array<T, N> product_;
    CompensatedSum<T> growth_;
    T exponent_ = T(0);
};

} // namespace tinymf::observe
