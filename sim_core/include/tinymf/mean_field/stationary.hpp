// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>

#include "tinymf/assert.hpp"
#include "tinymf/checkpoint/field_walk.hpp"
#include "tinymf/experiment/refusal.hpp"
#include "tinymf/mean_field/acceptance.hpp"
#include "tinymf/mean_field/output_average.hpp"
#include "tinymf/model/noise.hpp"
#include "tinymf/model/parameters.hpp"
#include "tinymf/numeric/exp.hpp"
#include "tinymf/numeric/sqrt.hpp"

namespace tinymf::mean_field {

/// What a search for the stationary state found.
enum class StationaryRegime : std::uint8_t {
    none,        ///< no stationary state: the variance grows without bound
    silent,      ///< x = 0
    fixed_point, ///< frozen in time, by static noise
    fluctuating,
};

/// The stationary state of the continuum mean field without reciprocity (Sompolinsky, Crisanti &
/// Sommers 1988; Schuecker, Goedeke & Helias 2018 with white noise).
///
/// C_x(tau) moves like a particle, C'' = -dV/dC with V(c) = -c^2/2 + g^2 int_0^c F, F(c) =
/// E[phi phi]. White noise starts it at the speed C'(0+) = -sigma^2/2, and it comes to rest on top
/// of the hill at C(infinity), so that the variance solves sigma^4/8 + V(C(0)) = V(C(inf)). Static
/// noise has C(tau) = C(0) = sigma^2 + g^2 F. Coloured noise pushes from outside, and the variance
/// is found by shooting.
///
/// Needs zero reciprocity, no stimulus, and for coloured noise an odd phi. Without noise the state
/// is the first one above silence.
/// Size: about 6 terms + 200 scalars. Work: `prepare` of the output average some 100 times; a step
/// of the correlation 24 terms operations; the exponent some 40 correlations.
template <std::floating_point T, std::size_t terms>
class StationaryState {
public:
    /// Length of one step of the correlation, in time constants.
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
        return {};
    }

    StationaryState() = default;
    explicit StationaryState(const model::Parameters<T>& p) { solve(p); }

    void solve(const model::Parameters<T>& p) {
        TINYMF_ASSERT(!refuse(p));
        output_.choose(p);
        gain_squared_ = p.gain * p.gain;
        strength_ = p.noise * p.noise;
        noise_time_ = p.noise_time;
        kind_ = strength_ > T(0) ? p.noise_kind : model::NoiseKind::white;
        if (grows_without_bound(p.activation)) {
            variance_ = limit_ = T(0);
            regime_ = StationaryRegime::none;
            return;
        }
        find_variance();
    }

    [[nodiscard]] StationaryRegime regime() const { return regime_; }
    /// C_x(0); zero where there is no stationary state.
    [[nodiscard]] T variance() const { return variance_; }
    /// C_x at infinite lag: the square of a mean, or what is frozen.
    [[nodiscard]] T limit() const { return limit_; }
    [[nodiscard]] T output_variance() const { return output_.product(variance_).value; }
    [[nodiscard]] T mean_slope() const { return output_.slope(); }
    [[nodiscard]] OutputProduct<T> output(T covariance) const {
        return output_.product(covariance);
    }

    /// C_x(tau), from tau = 0 on. With coloured noise the particle is balanced on the hill by hand:
    /// errors grow like e^tau, and beyond its first turning it is held at the limit.
    class Correlation {
    public:
        Correlation() = default;
        explicit Correlation(const StationaryState& state)
            : state_{&state}, value_{state.variance_}, speed_{state.kind_ == model::NoiseKind::white
                                                                  ? -state.strength_ / T(2)
                                                                  : T(0)} {}

        [[nodiscard]] T value() const { return value_; }
        [[nodiscard]] T speed() const { return speed_; }
        [[nodiscard]] T lag() const { return lag_; }

        /// Moves on by h time constants with the classical Runge-Kutta step.
        void advance(T h) {
            if (state_->regime_ == StationaryRegime::fluctuating && !at_rest_) {
                if (rolling_ && state_->is_conservative()) {
                    advance_by_energy(h);
                } else {
                    advance_by_force(h);
                }
            }
            lag_ += h;
        }

        void persist(checkpoint::FieldWalk& walk) {
            walk.over(value_);
            walk.over(speed_);
            walk.over(lag_);
            walk.over(rolling_);
            walk.over(at_rest_);
        }

    private:
        /// Close to the start, where the speed may vanish: the equation of second order.
        void advance_by_force(T h) {
            const auto force = [this](T c, T later) { return state_->force(c, lag_ + later); };
            const T half = h / T(2);
            const T a1 = force(value_, T(0));
            const T v2 = speed_ + half * a1;
            const T a2 = force(value_ + half * speed_, half);
            const T v3 = speed_ + half * a2;
            const T a3 = force(value_ + half * v2, half);
            const T v4 = speed_ + h * a3;
            const T a4 = force(value_ + h * v3, h);
            value_ += h / T(6) * (speed_ + T(2) * (v2 + v3) + v4);
            speed_ += h / T(6) * (a1 + T(2) * (a2 + a3) + a4);
            const T span = state_->variance_ - state_->limit_;
            rolling_ = value_ - state_->limit_ < T(0.75F) * span;
            if (speed_ > T(0) || value_ < state_->limit_) {
                value_ = state_->limit_;
                at_rest_ = true;
            }
        }

        /// From there on the speed follows from the energy, which is stable.
        void advance_by_energy(T h) {
            const T half = h / T(2);
            const T v1 = state_->speed(value_);
            const T v2 = state_->speed(value_ + half * v1);
            const T v3 = state_->speed(value_ + half * v2);
            const T v4 = state_->speed(value_ + h * v3);
            value_ += h / T(6) * (v1 + T(2) * (v2 + v3) + v4);
        }

        const StationaryState* state_ = nullptr;
        T value_ = T(0);
        T speed_ = T(0);
        T lag_ = T(0);
        bool rolling_ = false;
        bool at_rest_ = false;
    };

    [[nodiscard]] Correlation correlation() const { return Correlation(*this); }

    /// Largest Lyapunov exponent, per time constant: -1 + k, where -k^2 is the ground state energy
    /// of -d^2/dtau^2 - g^2 F'(C(tau)) on the line. Bisection in k on the even solution, which
    /// crosses zero if and only if k is too small.
    [[nodiscard]] T lyapunov_exponent() const {
        const T deepest = gain_squared_ * slope_product(variance_);
        if (regime_ != StationaryRegime::fluctuating) {
            return numeric::sqrt(deepest) - T(1);
        }
        T low = numeric::sqrt(gain_squared_ * slope_product(limit_));
        T high = numeric::sqrt(deepest);
        constexpr int bisections = sizeof(T) == 4 ? 22 : 44;
        for (int i = 0; i < bisections; ++i) {
            const T middle = (low + high) / T(2);
            (crosses_zero(middle) ? low : high) = middle;
        }
        return (low + high) / T(2) - T(1);
    }

private:
    [[nodiscard]] bool is_conservative() const { return kind_ == model::NoiseKind::white; }

    /// F' where the variance may be zero.
    [[nodiscard]] T slope_product(T covariance) const {
        return output_.product(covariance).derivative;
    }

    [[nodiscard]] T force(T c, T lag) const {
        const T drive = kind_ == model::NoiseKind::colored
                            ? strength_ * numeric::exp(-(lag / noise_time_))
                            : T(0);
        return c - gain_squared_ * output_.product(c).value - drive;
    }

    [[nodiscard]] T potential(T c) const {
        return gain_squared_ * output_.product(c).integral - c * c / T(2);
    }

    /// C'(tau) < 0 by the conservation of energy.
    [[nodiscard]] T speed(T c) const {
        const T left = (output_.odd() ? T(0) : potential(limit_)) - potential(c);
        return left > T(0) ? -numeric::sqrt(T(2) * left) : T(0);
    }

    /// Even solution of psi'' = (k^2 - g^2 F'(C)) psi, until the well has become flat.
    [[nodiscard]] bool crosses_zero(T k) const {
        constexpr T flat = sizeof(T) == 4 ? T(1e-7F) : T(1e-12);
        constexpr T longest = T(400);
        const T floor = gain_squared_ * slope_product(limit_);
        Correlation correlation(*this);
        T psi = T(1);
        T rate = T(0);
        T stiffness = k * k - gain_squared_ * slope_product(variance_);
        while (k * k - floor - stiffness > flat && correlation.lag() < longest) {
            const T h = T(2) * substep;
            correlation.advance(substep);
            const T middle = k * k - gain_squared_ * slope_product(correlation.value());
            correlation.advance(substep);
            const T end = k * k - gain_squared_ * slope_product(correlation.value());
            runge_kutta(psi, rate, h, stiffness, middle, end);
            stiffness = end;
            if (!(psi > T(0))) {
                return true;
            }
            if (psi > T(1e18F)) {
                psi *= T(1e-18F);
                rate *= T(1e-18F);
            }
        }
        return rate + numeric::sqrt(stiffness > T(0) ? stiffness : T(0)) * psi < T(0);
    }

    static void runge_kutta(T& psi, T& rate, T h, T begin, T middle, T end) {
        const T half = h / T(2);
        const T a1 = begin * psi;
        const T v2 = rate + half * a1;
        const T a2 = middle * (psi + half * rate);
        const T v3 = rate + half * a2;
        const T a3 = middle * (psi + half * v2);
        const T v4 = rate + h * a3;
        const T a4 = end * (psi + h * v3);
        psi += h / T(6) * (rate + T(2) * (v2 + v3) + v4);
        rate += h / T(6) * (a1 + T(2) * (a2 + a3) + a4);
    }

    /// c = g^2 F(c): where the particle comes to rest. Zero for odd phi.
    void find_limit() {
        limit_ = T(0);
        if (output_.odd()) {
            return;
        }
        for (int i = 0; i < 400; ++i) {
            const T next = gain_squared_ * output_.product(limit_).value;
            const bool settled = !(next > limit_);
            limit_ = next < variance_ ? next : variance_;
            if (settled) {
                return;
            }
        }
    }

    /// Positive while the variance is too small.
    [[nodiscard]] T shortfall(T variance) {
        variance_ = variance;
        output_.prepare(variance);
        find_limit();
        switch (kind_) {
        case model::NoiseKind::white:
            return strength_ * strength_ / T(8) + potential(variance) - potential(limit_);
        case model::NoiseKind::frozen:
            return strength_ + gain_squared_ * output_.product(variance).value - variance;
        case model::NoiseKind::colored:
            break;
        }
        return falls_short() ? T(1) : T(-1);
    }

    /// Shoots: from too small a variance the particle crosses zero, from too large a one it turns.
    [[nodiscard]] bool falls_short() const {
        T c = variance_;
        T v = T(0);
        constexpr int substeps = 40 * (sizeof(T) == 4 ? 16 : 64);
        for (int i = 0; i < substeps; ++i) {
            const T h = substep;
            const T lag = h * static_cast<T>(i);
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
            if (c < T(0)) {
                return true;
            }
            if (v > T(0)) {
                return false;
            }
        }
        return false;
    }

    /// Where F(C) is proportional to C, g^2 F(C) >= C means that no variance is large enough; far
    /// out, rounding would make the search believe it found one.
    [[nodiscard]] bool grows_without_bound(model::ActivationKind activation) const {
        switch (activation) {
        case model::ActivationKind::linear:
            return gain_squared_ >= T(1);
        case model::ActivationKind::relu:
            return gain_squared_ >= T(2);
        default:
            return false;
        }
    }

    /// First change of sign upwards from the variance without coupling.
    void find_variance() {
        constexpr T smallest = sizeof(T) == 4 ? T(1e-4F) : T(1e-6F);
        constexpr T largest = T(1e6F);
        const bool driven = strength_ > T(0);
        T low = !driven                            ? smallest
                : kind_ == model::NoiseKind::white ? strength_ / T(2)
                : kind_ == model::NoiseKind::colored
                    ? strength_ * noise_time_ / (T(1) + noise_time_)
                    : strength_;
        limit_ = T(0);
        if (!(gain_squared_ > T(0))) {
            settle(low, driven);
            return;
        }
        if (!driven && !(shortfall(low) > T(0))) {
            settle(T(0), false);
            return;
        }
        T high = low;
        do {
            low = high;
            high *= T(1.1F);
            if (high > largest) {
                variance_ = limit_ = T(0);
                regime_ = StationaryRegime::none;
                return;
            }
        } while (shortfall(high) > T(0));
        constexpr int bisections = sizeof(T) == 4 ? 24 : 52;
        for (int i = 0; i < bisections; ++i) {
            const T middle = (low + high) / T(2);
            (shortfall(middle) > T(0) ? low : high) = middle;
        }
        settle((low + high) / T(2), true);
    }

    void settle(T variance, bool alive) {
        variance_ = variance;
        output_.prepare(alive ? variance : T(1e-12F));
        find_limit();
        if (kind_ == model::NoiseKind::frozen) {
            limit_ = variance;
        }
        regime_ = !alive                              ? StationaryRegime::silent
                  : kind_ == model::NoiseKind::frozen ? StationaryRegime::fixed_point
                                                      : StationaryRegime::fluctuating;
    }

    OutputAverage<T, terms> output_;
    T gain_squared_ = T(0);
    T strength_ = T(0); ///< sigma^2
    T noise_time_ = T(1);
    T variance_ = T(0);
    T limit_ = T(0);
    model::NoiseKind kind_ = model::NoiseKind::white;
    StationaryRegime regime_ = StationaryRegime::none;
};

} // namespace tinymf::mean_field
