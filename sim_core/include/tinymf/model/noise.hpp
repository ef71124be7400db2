// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "tinymf/assert.hpp"
#include "tinymf/numeric/exp.hpp"
#include "tinymf/numeric/sqrt.hpp"
#include "tinymf/random/stream.hpp"

namespace tinymf::model {

/// The random drive xi_i(t), independent for each neuron, of strength sigma:
///
/// - white: <xi xi'> = sigma^2 delta(t - t');
/// - colored: Ornstein-Uhlenbeck, <xi xi'> = sigma^2 exp(-|t - t'|/noise_time);
/// - frozen ("static"): one draw of variance sigma^2, kept for ever, or drawn anew every `hold`
///   steps, for averages over the draws.
enum class NoiseKind : std::uint8_t { white, colored, frozen };

inline constexpr std::array<std::string_view, 3> noise_names{"white", "colored", "static"};

/// Exact sampling of the Ornstein-Uhlenbeck process at multiples of dt:
/// xi[t+1] = decay xi[t] + kick n[t+1], with xi[0] = sigma n[0].
template <std::floating_point T>
struct ColoredCoefficients {
    T sigma = T(0);
    T decay = T(0); ///< e^(-dt/noise_time)
    T kick = T(0);  ///< sigma sqrt(1 - decay^2)
};

/// `noise_time` and `dt` are positive. The kick belongs to the decay as rounded (1 - decay is exact
/// once decay >= 1/2): the variance is stationary to an ulp even where dt/noise_time is small,
/// while the correlation time is then off by a relative 2^-25 noise_time/dt (double: 2^-54).
template <std::floating_point T>
[[nodiscard]] constexpr ColoredCoefficients<T> colored_coefficients(T sigma, T noise_time, T dt) {
    TINYMF_ASSERT(sigma >= T(0));
    TINYMF_ASSERT(noise_time > T(0) && dt > T(0));
    const T decay = numeric::exp(-(dt / noise_time));
    return {sigma, decay, sigma * numeric::sqrt((T(1) - decay) * (T(1) + decay))};
}

/// The noise of all replicas of a network: coefficients, streams and update rules. The field
/// itself, one value per neuron, is the caller's. The field at step t is held over the whole step
/// from t to t+1, for every integrator and all of its stages. Size 32 bytes (float) or 40; work one
/// normal per neuron and step, except frozen.
template <std::floating_point T>
class Noise {
public:
    Noise() = default;
    Noise(NoiseKind kind, T sigma, T noise_time, T dt, std::uint64_t seed, std::uint32_t hold = 0)
        : seed_{seed}, colored_{colored_coefficients(sigma, noise_time, dt)}, hold_{hold},
          kind_{kind} {}

    /// sigma of the white increments sigma sqrt(dt) n, see one_step_coefficients; zero for the
    /// other kinds.
    [[nodiscard]] T white_sigma() const {
        return kind_ == NoiseKind::white ? colored_.sigma : T(0);
    }

    /// The standard normals n[step] of white noise.
    void white(std::span<T> normals, std::uint32_t step, std::uint32_t replica) const {
        TINYMF_ASSERT(kind_ == NoiseKind::white);
        stream(replica).fill(normals, step);
    }

    /// xi at step 0: stationary, or zero for white noise, which is no part of the field.
    void start(std::span<T> field, std::uint32_t replica) const {
        if (kind_ == NoiseKind::white) {
            for (T& value : field) {
                value = T(0);
            }
            return;
        }
        draw(field, 0, replica);
    }

    /// Replaces xi at `step` by xi at `step` + 1. The coloured field changes, and a frozen one that
    /// is drawn anew: from step k hold on it is draw number k.
    void advance(std::span<T> field, std::uint32_t step, std::uint32_t replica) const {
        if (kind_ == NoiseKind::frozen && hold_ != 0 && (step + 1) % hold_ == 0) {
            draw(field, (step + 1) / hold_, replica);
        }
        if (kind_ != NoiseKind::colored) {
            return;
        }
        const T decay = colored_.decay;
        const T kick = colored_.kick;
        stream(replica).for_each(step + 1, field.size(), [=](std::size_t i, T normal) {
            field[i] = decay * field[i] + kick * normal;
        });
    }

private:
    /// xi = sigma n[number].
    void draw(std::span<T> field, std::uint32_t number, std::uint32_t replica) const {
        const T sigma = colored_.sigma;
        stream(replica).for_each(number, field.size(),
                                 [=](std::size_t i, T normal) { field[i] = sigma * normal; });
    }

    [[nodiscard]] random::NormalStream<T> stream(std::uint32_t replica) const {
        return {seed_, purpose(), replica};
    }

    [[nodiscard]] random::Purpose purpose() const {
        switch (kind_) {
        case NoiseKind::white:
            return random::Purpose::white_noise;
        case NoiseKind::colored:
            return random::Purpose::colored_noise;
        case NoiseKind::frozen:
            break;
        }
        TINYMF_ASSERT(kind_ == NoiseKind::frozen);
        return random::Purpose::static_noise;
    }

    std::uint64_t seed_ = 0;
    ColoredCoefficients<T> colored_{};
    std::uint32_t hold_ = 0;
    NoiseKind kind_ = NoiseKind::white;
};

} // namespace tinymf::model
