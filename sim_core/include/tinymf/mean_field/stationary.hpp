// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstddef>

#include "tinymf/checkpoint/field_walk.hpp"
#include "tinymf/mean_field/stationary_search.hpp"
#include "tinymf/model/parameters.hpp"
#include "tinymf/numeric/magnitude.hpp"
#include "tinymf/numeric/root_of_product.hpp"
#include "tinymf/numeric/sqrt.hpp"

namespace tinymf::mean_field {

/// The stationary state of the continuum mean field without reciprocity (Sompolinsky, Crisanti &
/// Sommers 1988; Schuecker, Goedeke & Helias 2018 with white noise).
///
/// C_x(tau) moves like a particle, C'' = -dV/dC with V(c) = -c^2/2 + g^2 int_0^c F, F(c) =
/// E[phi phi]; static noise of strength s adds s c to V. White noise starts it at the speed
/// C'(0+) = -sigma^2/2, and it comes to rest on top of the hill at C(infinity), so that the
/// variance solves C'(0+)^2/2 + V(C(0)) = V(C(inf)). Static noise has the fixed points C(tau) =
/// C(0) = s + g^2 F while they are stable, g^2 <phi'^2> < 1, and chaos on a plateau beyond.
/// Coloured noise pushes from outside, and the variance is found by shooting.
///
/// Needs zero reciprocity, no stimulus, for coloured noise an odd phi, and for static noise a power
/// law, if any, above 1/2. Without noise the state is the first one above silence.
///
/// Error relative to C(0): 1e-9 e^tau (double), 1e-5 e^tau (float), within 1e-6 (1e-3) of a
/// critical gain as much larger as it is closer. In the chaos of a power law below 1 under static
/// noise twenty times as much: the errors of look-ups decide between nearly equal potentials. A
/// Pade activation whose series leaves more out, or whose poles are too near, is unresolved. Size:
/// that of the output average and about 20 scalars. Work: `prepare` of the output average some 200
/// times; a step of the correlation 30 look-ups; the exponent some 40 correlations.
template <std::floating_point T, std::size_t terms>
class StationaryState : public StationarySearch<T, terms> {
    using Search = StationarySearch<T, terms>;
    using Search::fall;
    using Search::force;
    using Search::frozen_;
    using Search::gain_squared_;
    using Search::is_conservative;
    using Search::kind_;
    using Search::limit_;
    using Search::longest_step;
    using Search::output_;
    using Search::potential;
    using Search::regime_;
    using Search::variance_;

public:
    using Search::output;

    StationaryState() = default;
    explicit StationaryState(const model::Parameters<T>& p) { this->solve(p); }

    /// C_x(tau), from tau = 0 on. With coloured noise the particle is balanced on the hill by hand:
    /// errors grow like e^tau, and beyond its first turning it follows the hill's top, which moves
    /// with the noise.
    class Correlation {
    public:
        Correlation() = default;
        explicit Correlation(const StationaryState& state)
            : state_{&state}, value_{state.variance_}, speed_{state.initial_speed()} {}

        [[nodiscard]] T value() const { return value_; }
        [[nodiscard]] T speed() const { return speed_; }
        [[nodiscard]] T lag() const { return lag_; }

        /// Moves on by h time constants with classical Runge-Kutta steps.
        void advance(T h) {
            if (state_->regime_ != StationaryRegime::fluctuating) {
                lag_ += h;
                return;
            }
            T left = h;
            while (left > T(0)) {
                const T step = state_->longest_step(value_, lag_);
                const T taken = step < left ? step : left;
                move(taken);
                lag_ += taken;
                left = step < left ? left - step : T(0);
            }
        }

        /// `lag`: where a run is by its steps. A sum of up to 2^17 parts of it errs by 1/64 at
        /// most; another lag may have no step that leads on.
        void persist(checkpoint::FieldWalk& walk, T lag) {
            walk.over(value_);
            walk.over(speed_);
            walk.over(lag_, [lag](T found) {
                return numeric::abs(found - lag) <= lag / T(64); // no NaN
            });
            walk.over(rolling_);
            walk.over(at_rest_);
        }

    private:
        void move(T h) {
            if (at_rest_) {
                value_ = state_->top_of_hill(value_, lag_ + h);
            } else if (rolling_ && state_->is_conservative()) {
                roll(h);
            } else {
                state_->fall(value_, speed_, lag_, h);
                const T span = state_->variance_ - state_->limit_;
                rolling_ = value_ - state_->limit_ < T(0.75F) * span;
                if (speed_ > T(0) || value_ < state_->limit_) {
                    at_rest_ = true;
                    value_ = state_->top_of_hill(value_, lag_ + h);
                }
            }
        }

        /// Once it rolls the speed follows from the energy, which is stable.
        void roll(T h) {
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
        const T deepest = gain_squared_ * output(variance_).derivative;
        if (regime_ != StationaryRegime::fluctuating) {
            return numeric::sqrt(deepest) - T(1);
        }
        T low = numeric::sqrt(gain_squared_ * output(limit_).derivative);
        T high = numeric::sqrt(deepest);
        constexpr int bisections = sizeof(T) == 4 ? 20 : 34; // to 1e-6, 1e-10
        for (int i = 0; i < bisections; ++i) {
            const T middle = (low + high) / T(2);
            (crosses_zero(middle) ? low : high) = middle;
        }
        return (low + high) / T(2) - T(1);
    }

private:
    /// C'(tau) < 0 by the conservation of energy.
    [[nodiscard]] T speed(T c) const {
        const T left = (limit_ > T(0) ? potential(limit_) : T(0)) - potential(c);
        return left > T(0) ? -numeric::root_of_product(T(2) * left, variance_) : T(0);
    }

    /// Where the particle would rest if the noise stood still: by Newton's method.
    [[nodiscard]] T top_of_hill(T c, T lag) const {
        if (is_conservative()) {
            return limit_;
        }
        const T drive = this->drive_at(lag);
        for (int i = 0; i < 8; ++i) {
            const auto product = output_.product(c);
            const T steepness = T(1) - gain_squared_ * product.derivative;
            if (!(steepness > T(0))) {
                break;
            }
            const T next = c - (c - gain_squared_ * product.value - drive) / steepness;
            c = next < T(0) ? T(0) : next > variance_ ? variance_ : next;
        }
        return c;
    }

    /// Even solution of psi'' = (k^2 - g^2 F'(C)) psi, until the well has become flat.
    [[nodiscard]] bool crosses_zero(T k) const {
        constexpr T flat = sizeof(T) == 4 ? T(1e-7F) : T(1e-12);
        constexpr T longest = T(400);
        const T floor = gain_squared_ * output(limit_).derivative;
        Correlation correlation(*this);
        T psi = T(1);
        T rate = T(0);
        T stiffness = k * k - gain_squared_ * output(variance_).derivative;
        while (k * k - floor - stiffness > flat && correlation.lag() < longest) {
            const T half = longest_step(correlation.value(), correlation.lag());
            correlation.advance(half);
            const T middle = k * k - gain_squared_ * output(correlation.value()).derivative;
            correlation.advance(half);
            const T end = k * k - gain_squared_ * output(correlation.value()).derivative;
            runge_kutta(psi, rate, T(2) * half, stiffness, middle, end);
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
};

} // namespace tinymf::mean_field
