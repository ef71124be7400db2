// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <string_view>

#include "tinymf/assert.hpp"
#include "tinymf/numeric/exp.hpp"
#include "tinymf/numeric/sqrt.hpp"

namespace tinymf::model {

/// How x' = -x + F(x, t) + white noise is advanced by one dt.
///
/// - euler: Euler-Maruyama; order 1 (strong order 1, the noise being additive).
/// - exponential_euler: the leak is exact, F is held over the step; order 1.
/// - heun: an Euler predictor, then the mean of both slopes, with the same noise increment; order 2
///   without noise.
/// - rk4: the classical four stages; order 4. It takes no white noise, which has no value between
///   the ends of a step.
///
/// Coloured and static noise are held over a step by all of them (see noise.hpp).
enum class IntegratorKind : std::uint8_t { euler, exponential_euler, heun, rk4 };

inline constexpr std::array<std::string_view, 4> integrator_names{"euler", "exponential_euler",
                                                                  "heun", "rk4"};

/// Evaluations of F, one matrix-vector product each, per step.
[[nodiscard]] constexpr int stages(IntegratorKind kind) {
    switch (kind) {
    case IntegratorKind::euler:
    case IntegratorKind::exponential_euler:
        return 1;
    case IntegratorKind::heun:
        return 2;
    case IntegratorKind::rk4:
        break;
    }
    TINYMF_ASSERT(kind == IntegratorKind::rk4);
    return 4;
}

[[nodiscard]] constexpr bool takes_white_noise(IntegratorKind kind) {
    return kind != IntegratorKind::rk4;
}

/// The step x[t+1] = alpha x[t] + beta F[t] + root_nu n[t], with n standard normal.
template <std::floating_point T>
struct OneStepCoefficients {
    T alpha = T(0);
    T beta = T(0);
    T root_nu = T(0);
};

/// Coefficients of the one-stage step that the integrator is, or, for Heun and RK4, starts from:
///
/// - euler, heun, rk4: 1 - dt, dt, sigma sqrt(dt);
/// - exponential_euler: e^-dt, 1 - e^-dt, sigma sqrt((1 - e^-2dt)/2).
///
/// `dt` lies in (0, 1]; `sigma` >= 0 is the strength of white noise, and zero when the noise is of
/// another kind. alpha + beta is 1 to half an ulp of 1, so that fixed points do not depend on dt;
/// the exponential step's noise belongs to alpha as rounded, so that the variance sigma^2/2 is
/// stationary at zero gain. Rounding alpha makes a small dt off by a relative 2^-25/dt (double:
/// 2^-54/dt).
template <std::floating_point T>
[[nodiscard]] constexpr OneStepCoefficients<T> one_step_coefficients(IntegratorKind kind, T dt,
                                                                     T sigma) {
    TINYMF_ASSERT(dt > T(0) && dt <= T(1));
    TINYMF_ASSERT(sigma >= T(0));
    TINYMF_ASSERT(takes_white_noise(kind) || !(sigma > T(0)));
    if (kind == IntegratorKind::exponential_euler) {
        const T alpha = numeric::exp(-dt);
        const T beta = T(1) - alpha;
        return {alpha, beta, sigma * numeric::sqrt(beta * (T(1) + alpha) / T(2))};
    }
    return {T(1) - dt, dt, sigma * numeric::sqrt(dt)};
}

} // namespace tinymf::model
