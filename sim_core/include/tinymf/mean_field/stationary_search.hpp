// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>

#include "tinymf/assert.hpp"
#include "tinymf/experiment/refusal.hpp"
#include "tinymf/mean_field/acceptance.hpp"
#include "tinymf/mean_field/output_average.hpp"
#include "tinymf/model/noise.hpp"
#include "tinymf/model/parameters.hpp"
#include "tinymf/numeric/exp.hpp"
#include "tinymf/numeric/magnitude.hpp"
#include "tinymf/numeric/power.hpp"
#include "tinymf/numeric/sqrt.hpp"

namespace tinymf::mean_field {

/// What a search for the stationary state found.
enum class StationaryRegime : std::uint8_t {
    none,        ///< no stationary state: the variance grows without bound
    silent,      ///< x = 0
    fixed_point, ///< frozen in time, by static noise
    fluctuating,
    unresolved, ///< a Pade activation of a variance too large for its Hermite series or quadrature
};

/// The search for the variance of the stationary state; what it means and how far it is good stands
/// with StationaryState, in stationary.hpp, which follows the correlation from there.
template <std::floating_point T, std::size_t terms>
class StationarySearch {
public:
    /// Longest step of the correlation, in time constants; shorter where it moves fast.
    static constexpr T substep = sizeof(T) == 4 ? T(1) / T(16) : T(1) / T(64);

    /// What it cannot solve, beyond the ranges of single parameters.
    [[nodiscard]] static constexpr experiment::Refusal refuse(const model::Parameters<T>& p) {
        using experiment::Field;
        if (p.reciprocity < T(0) || p.reciprocity > T(0)) {
            return impossible(Field::reciprocity);
        }
        if (p.stimulus != model::StimulusKind::none) {
            return impossible(Field::stimulus_kind);
        }
        if (p.activation == model::ActivationKind::relu &&
            p.noise_kind == model::NoiseKind::colored) {
            return impossible(Field::noise_kind);
        }
        if (p.activation == model::ActivationKind::power_law && !(p.exponent > T(0.5F)) &&
            p.noise_kind == model::NoiseKind::frozen && p.noise > T(0)) {
            return impossible(Field::exponent);
        }
        return {};
    }

    void solve(const model::Parameters<T>& p) {
        TINYMF_ASSERT(!refuse(p));
        parameters_ = p;
        output_.choose(p);
        gain_squared_ = p.gain * p.gain;
        strength_ = p.noise * p.noise;
        kind_ = strength_ > T(0) ? p.noise_kind : model::NoiseKind::white;
        frozen_ = T(0);
        variance_ = limit_ = T(0);
        regime_ = StationaryRegime::none;
        find_state();
    }

    [[nodiscard]] StationaryRegime regime() const { return regime_; }
    /// C_x(0); zero where there is no stationary state.
    [[nodiscard]] T variance() const { return variance_; }
    /// C_x at infinite lag: the square of a mean, or what is frozen.
    [[nodiscard]] T limit() const { return limit_; }
    [[nodiscard]] T output_variance() const { return output(variance_).value; }
    [[nodiscard]] T mean_slope() const {
        return regime_ != StationaryRegime::silent                     ? output_.slope()
               : parameters_.activation == model::ActivationKind::relu ? T(0.5F)
                                                                       : output_.slope_at_rest();
    }
    [[nodiscard]] OutputProduct<T> output(T covariance) const {
        const T slope = output_.slope_at_rest();
        return variance_ > T(0) ? output_.product(covariance)
                                : OutputProduct<T>{T(0), slope * slope, T(0)};
    }

protected:
    [[nodiscard]] bool is_conservative() const { return kind_ != model::NoiseKind::colored; }
    [[nodiscard]] T initial_speed() const {
        return kind_ == model::NoiseKind::white ? -strength_ / T(2) : T(0);
    }

    [[nodiscard]] T drive_at(T lag) const {
        return kind_ == model::NoiseKind::colored
                   ? strength_ * numeric::exp(-(lag / parameters_.noise_time))
                   : frozen_;
    }

    [[nodiscard]] T force(T c, T lag) const {
        return c - gain_squared_ * output_.product(c).value - drive_at(lag);
    }

    /// V(c) over the variance.
    [[nodiscard]] T potential(T c) const {
        const T share = c / variance_;
        return gain_squared_ * output_.product(c).integral - c * share / T(2) + frozen_ * share;
    }

    /// A step of the classical Runge-Kutta method in C and C'.
    void fall(T& c, T& v, T lag, T h) const {
        const T half = h / T(2);
        const T a1 = force(c, lag);
        const T v2 = v + half * a1;
        const T a2 = force(c + half * v, lag + half);
        const T v3 = v + half * a2;
        const T a3 = force(c + half * v2, lag + half);
        const T v4 = v + h * a3;
        const T a4 = force(c + h * v3, lag + h);
        c += h / T(6) * (v + T(2) * (v2 + v3) + v4);
        v += h / T(6) * (a1 + T(2) * (a2 + a3) + a4);
    }

    /// A share of the time in which the particle, or the noise, moves.
    [[nodiscard]] T longest_step(T c, T lag) const {
        const T square = gain_squared_ * output(c).derivative;
        T step = square > T(1) ? substep / numeric::sqrt(square) : substep;
        if (kind_ == model::NoiseKind::colored) {
            const T fast = (parameters_.noise_time + lag / T(2)) * substep;
            step = fast < step ? fast : step;
        }
        return finer(step, lag);
    }

    /// F has a branch point where C exceeds the variance by the square of the width over which phi
    /// bends, about 1, or 0 for powers and rectifiers. White noise drives C away from it: a step is
    /// an eighth of the time since C would have been there.
    [[nodiscard]] T finer(T step, T lag) const {
        const T fine = (onset() + lag) / T(8);
        return fine < step ? fine : step;
    }

    /// Time from the branch point to lag 0 at the speed sigma^2/2, or one too short to matter.
    [[nodiscard]] T onset() const {
        using model::ActivationKind;
        constexpr T shortest = T(1) / T(4096);
        const ActivationKind phi = parameters_.activation;
        if (phi == ActivationKind::power_law || phi == ActivationKind::relu) {
            return shortest;
        }
        const bool fast = phi != ActivationKind::linear && initial_speed() < T(-0.5F);
        const T time = fast ? T(1) / strength_ : T(1);
        return time > shortest ? time : shortest;
    }

    OutputAverage<T, terms> output_;
    model::Parameters<T> parameters_{};
    T gain_squared_ = T(0);
    T strength_ = T(0); ///< sigma^2
    T frozen_ = T(0);   ///< the same in chaos under static noise, otherwise 0
    T variance_ = T(0);
    T limit_ = T(0);
    model::NoiseKind kind_ = model::NoiseKind::white;
    StationaryRegime regime_ = StationaryRegime::none;

private:
    /// Where c = s + g^2 F(c), s the strength of static noise: where the particle comes to rest.
    /// Zero for odd phi without static noise. From below: F is convex, and so the lowest solution
    /// is reached; false when it is the variance itself or there is none.
    bool find_limit() {
        limit_ = frozen_;
        if (output_.odd() && !(frozen_ > T(0))) {
            return true;
        }
        for (int i = 0; i < 60; ++i) {
            const auto product = output_.product(limit_);
            const T steepness = T(1) - gain_squared_ * product.derivative;
            const T missing = frozen_ + gain_squared_ * product.value - limit_;
            if (!(steepness > T(0))) {
                limit_ = variance_;
                return false;
            }
            const T next = limit_ + missing / steepness;
            if (!(next > limit_)) {
                return true;
            }
            if (!(next < variance_)) {
                limit_ = variance_;
                return false;
            }
            limit_ = next;
        }
        return true;
    }

    /// Positive while the variance is too small.
    [[nodiscard]] T shortfall(T variance) {
        variance_ = variance;
        output_.prepare(variance);
        switch (kind_) {
        case model::NoiseKind::white: {
            find_limit();
            const T rest = limit_ > T(0) ? potential(limit_) : T(0);
            return strength_ * (strength_ / variance) / T(8) + potential(variance) - rest;
        }
        case model::NoiseKind::frozen:
            return strength_ + gain_squared_ * output_.product(variance).value - variance;
        case model::NoiseKind::colored:
            break;
        }
        output_.tabulate();
        return falls_short() ? T(1) : T(-1);
    }

    /// A share of the time in which a shot moves or parts from the state. That is long where the
    /// hill is flat, near a critical point, so that a shot takes about as many steps everywhere.
    [[nodiscard]] T shot_step(T c, T lag, T steepness_at_rest) const {
        const T here = numeric::abs(T(1) - gain_squared_ * output(c).derivative);
        const T rest = numeric::abs(steepness_at_rest);
        const T rate = numeric::sqrt(here > rest ? here : rest);
        const T by_noise = (parameters_.noise_time + lag / T(2)) * substep;
        const T step = rate * by_noise > substep ? substep / rate : by_noise;
        return parameters_.activation == model::ActivationKind::power_law ? finer(step, lag) : step;
    }

    /// Shoots: from too small a variance the particle crosses zero, from too large a one it turns.
    /// Shots part from the state by a factor e in the time of 1/substep steps, or a little more
    /// while the noise sets the pace.
    [[nodiscard]] bool falls_short() const {
        constexpr int most_steps = 64 * int(T(1) / substep);
        const T steepness_at_rest = T(1) - gain_squared_ * output(T(0)).derivative;
        T c = variance_;
        T v = T(0);
        T lag = T(0);
        for (int i = 0; i < most_steps; ++i) {
            const T h = shot_step(c, lag, steepness_at_rest);
            fall(c, v, lag, h);
            lag += h;
            if (c < T(0)) {
                return true;
            }
            if (v > T(0)) {
                return false;
            }
        }
        return false;
    }

    void find_state() {
        const bool driven = strength_ > T(0);
        const T slope = output_.slope_at_rest();
        const bool proportional = parameters_.activation == model::ActivationKind::linear ||
                                  parameters_.activation == model::ActivationKind::relu;
        // F(C) is then proportional to C: no variance is large enough, or none but 0 small enough.
        const bool grows = proportional && gain_squared_ * slope_share() >= T(1);
        const bool power = parameters_.activation == model::ActivationKind::power_law;
        const bool silent =
            !driven &&
            (!(gain_squared_ > T(0)) || (proportional && !grows) ||
             (power ? !(parameters_.exponent < T(1)) : !(parameters_.gain * slope > T(1))));
        if (grows) {
            return;
        }
        if (silent) {
            regime_ = StationaryRegime::silent;
            return;
        }
        if (parameters_.activation == model::ActivationKind::linear) {
            accept(linear_variance());
        } else if (power && !driven) {
            // sigma = 0 leaves g^2 int_0^v F = v^2/2.
            accept(numeric::power(T(2) * gain_squared_ * output_.power().whole_integral(),
                                  T(1) / (T(1) - parameters_.exponent)));
        } else if (!(gain_squared_ > T(0))) {
            accept(variance_without_coupling());
        } else {
            // Where the variance sets in it is of the order of gain slope - 1.
            const T onset = T(1e-6F) * (parameters_.gain * slope - T(1));
            find_variance(driven             ? variance_without_coupling()
                          : onset < T(1e-6F) ? onset
                                             : T(1e-6F));
        }
    }

    /// F(C)/C at full correlation.
    [[nodiscard]] T slope_share() const {
        return parameters_.activation == model::ActivationKind::relu ? T(0.5F) : T(1);
    }

    [[nodiscard]] T linear_variance() const {
        const T gap = (T(1) - parameters_.gain) * (T(1) + parameters_.gain);
        const T rate = numeric::sqrt(gap);
        switch (kind_) {
        case model::NoiseKind::white:
            return strength_ / (T(2) * rate);
        case model::NoiseKind::frozen:
            return strength_ / gap;
        case model::NoiseKind::colored:
            break;
        }
        return strength_ * parameters_.noise_time / (rate * (T(1) + rate * parameters_.noise_time));
    }

    [[nodiscard]] T variance_without_coupling() const {
        switch (kind_) {
        case model::NoiseKind::white:
            return strength_ / T(2);
        case model::NoiseKind::frozen:
            return strength_;
        case model::NoiseKind::colored:
            break;
        }
        return strength_ * parameters_.noise_time / (T(1) + parameters_.noise_time);
    }

    /// First change of sign upwards from `low`.
    void find_variance(T low) {
        const bool series = averaged_by_series(parameters_.activation);
        const T largest = series ? T(1e8F) : sizeof(T) == 4 ? T(1e15F) : T(1e140);
        T high = low;
        do {
            low = high;
            high *= T(1.1F);
            if (high > largest) {
                variance_ = limit_ = T(0);
                return;
            }
        } while (shortfall(high) > T(0));
        accept(bisected(low, high, [this](T variance) { return shortfall(variance) > T(0); }));
    }

    template <class Below>
    [[nodiscard]] static T bisected(T low, T high, const Below& below) {
        constexpr int bisections = sizeof(T) == 4 ? 24 : 52;
        for (int i = 0; i < bisections; ++i) {
            const T middle = (low + high) / T(2);
            (below(middle) ? low : high) = middle;
        }
        return (low + high) / T(2);
    }

    void accept(T variance) {
        variance_ = variance;
        output_.prepare(variance);
        regime_ = StationaryRegime::fluctuating;
        if (kind_ == model::NoiseKind::frozen) {
            limit_ = variance;
            regime_ = StationaryRegime::fixed_point;
            if (gain_squared_ * output_.product(variance).derivative > T(1)) {
                find_chaos(variance);
            }
        } else {
            find_limit();
        }
        output_.tabulate();
        if (!is_resolved()) {
            regime_ = StationaryRegime::unresolved;
        }
    }

    /// Whether the averages are as good as the state promises. What a series leaves out is made up
    /// for at lag 0, and a fifth of it at most is seen at other lags, which fixed points have not.
    [[nodiscard]] bool is_resolved() const {
        constexpr T of_inputs = sizeof(T) == 4 ? T(1e-6F) : T(1e-10);
        constexpr T of_outputs = sizeof(T) == 4 ? T(1e-5F) : T(1e-9);
        const T left_out = output_.unresolved();
        return gain_squared_ * left_out * output(variance_).value <= of_inputs * variance_ &&
               (regime_ == StationaryRegime::fixed_point || left_out <= T(5) * of_outputs) &&
               output_.quadrature_error() <= of_outputs;
    }

    /// Positive while the particle, at rest at the variance, would pass the plateau.
    [[nodiscard]] bool passes_plateau(T variance) {
        variance_ = variance;
        output_.prepare(variance);
        return !find_limit() || potential(variance) > potential(limit_);
    }

    /// Under static noise, from the variance of unstable fixed points downwards; the variance and
    /// the regime stay where it is that of the fixed points to a share of 1e-7 (double), 1e-4
    /// (float).
    void find_chaos(T fixed) {
        frozen_ = strength_;
        const T span = fixed - strength_;
        T share = sizeof(T) == 4 ? T(1e-4F) : T(1e-7F);
        T high = fixed;
        T low = fixed - span * share;
        if (!passes_plateau(low)) {
            do {
                high = low;
                share *= T(1.5F);
                low = fixed - span * share;
            } while (share < T(1) && !passes_plateau(low));
        } else if (parameters_.activation == model::ActivationKind::power_law) {
            // F is steep at full correlation only: chaos so small is the fixed point.
            frozen_ = T(0);
            variance_ = fixed;
            output_.prepare(fixed);
            return;
        }
        const T found =
            bisected(low, high, [this](T variance) { return passes_plateau(variance); });
        variance_ = found;
        output_.prepare(found);
        find_limit();
        regime_ = StationaryRegime::fluctuating;
    }
};

} // namespace tinymf::mean_field
