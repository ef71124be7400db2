// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

#include "tinymf/assert.hpp"
#include "tinymf/numeric/batch.hpp"
#include "tinymf/numeric/erf.hpp"
#include "tinymf/numeric/exp.hpp"
#include "tinymf/numeric/magnitude.hpp"
#include "tinymf/numeric/power.hpp"
#include "tinymf/numeric/tanh.hpp"

namespace tinymf::model {

/// The nonlinearity phi that turns a neuron's input x into its output.
enum class ActivationKind : std::uint8_t { linear, relu, tanh, erf, power_law, pade };

/// What holds of an activation whatever its parameters.
struct ActivationTraits {
    std::string_view name;
    bool odd = true; ///< to the bit: phi(-x) = -phi(x)
};

/// By kind.
inline constexpr auto activation_traits = std::to_array<ActivationTraits>({
    {"linear"},
    {.name = "relu", .odd = false},
    {"tanh"},
    {"erf"},
    {"power_law"},
    {"pade"},
});

inline constexpr auto activation_names = [] {
    std::array<std::string_view, activation_traits.size()> names;
    for (std::size_t kind = 0; kind < names.size(); ++kind) {
        names[kind] = activation_traits[kind].name;
    }
    return names;
}();

/// Without a stimulus, flipping all signs then leaves the law of a network unchanged.
[[nodiscard]] constexpr bool is_odd(ActivationKind kind) {
    constexpr unsigned odd_kinds = [] {
        unsigned kinds = 0;
        for (std::size_t bit = 0; bit < activation_traits.size(); ++bit) {
            kinds |= activation_traits[bit].odd ? 1U << bit : 0U;
        }
        return kinds;
    }();
    return ((odd_kinds >> static_cast<unsigned>(kind)) & 1U) != 0;
}

// Every activation maps a finite x to phi(x) by operator() and to phi'(x) by slope(), element by
// element and without branches on the kind.

/// phi(x) = x.
template <std::floating_point T>
struct Linear {
    [[nodiscard]] constexpr T operator()(T x) const { return x; }
    [[nodiscard]] constexpr T slope(T /*x*/) const { return T(1); }
};

/// phi(x) = max(x, 0). Zero (of either sign) gives +0 and has slope 0.
template <std::floating_point T>
struct Relu {
    [[nodiscard]] constexpr T operator()(T x) const { return x > T(0) ? x : T(0); }
    [[nodiscard]] constexpr T slope(T x) const { return x > T(0) ? T(1) : T(0); }
};

/// phi(x) = tanh x. The slope 1 - phi^2 is accurate to an ulp of 1, not of itself.
template <std::floating_point T>
struct Tanh {
    [[nodiscard]] constexpr T operator()(T x) const { return numeric::tanh(x); }
    [[nodiscard]] constexpr T slope(T x) const {
        const T y = numeric::tanh(x);
        return (T(1) - y) * (T(1) + y);
    }
};

/// phi(x) = erf x, unscaled: slope 2/sqrt(pi) at 0.
template <std::floating_point T>
struct Erf {
    [[nodiscard]] constexpr T operator()(T x) const { return numeric::erf(x); }
    [[nodiscard]] constexpr T slope(T x) const {
        constexpr T two_over_root_pi = T(0x1.20dd750429b6dp+0);
        // Beyond 32 the slope is zero in either precision, and the square could overflow.
        const T magnitude = numeric::abs(x);
        const T bounded = magnitude < T(32) ? magnitude : T(32);
        return two_over_root_pi * numeric::exp(-(bounded * bounded));
    }
};

/// phi(x) = sgn(x) |x|^exponent, exponent > 0 (Mato, Rigatuso & Torroba 2025).
///
/// For an exponent below 1 the true slope diverges at 0. By convention it is 0 wherever |x| is
/// below the smallest normal number, which keeps it finite and a neuron at rest without response.
template <std::floating_point T>
struct PowerLaw {
    T exponent = T(1);

    [[nodiscard]] constexpr T operator()(T x) const {
        return numeric::copy_sign(numeric::power(numeric::abs(x), exponent), x);
    }
    [[nodiscard]] constexpr T slope(T x) const {
        const T magnitude = numeric::abs(x);
        const bool diverges = exponent < T(1) && magnitude < std::numeric_limits<T>::min();
        return diverges ? T(0) : exponent * numeric::power(magnitude, exponent - T(1));
    }
};

/// phi(x) = x P(x^2)/Q(x^2) with P(s) = a0 + a1 s + a2 s^2 + a3 s^3, Q(s) = 1 + b1 s + ... + b4
/// s^4, unused coefficients zero. This class is the project's convention, wide enough for the Pade
/// activations of Mato, Rigatuso & Torroba 2025; a0 = 1, b1 = 1/3 approximates tanh. Q must not
/// vanish on s >= 0, see numeric::positive_polynomial.
///
/// Finite as long as the powers of x that occur are: with a1 and b1 only, |x| < 2^63 in float.
template <std::floating_point T>
struct Pade {
    static constexpr std::size_t orders = 4;

    std::array<T, orders> numerator{T(1)};
    std::array<T, orders> denominator{};

    [[nodiscard]] constexpr T operator()(T x) const {
        const T s = x * x;
        return x * (numerator_at(s) / denominator_at(s));
    }
    /// (P + 2 s P')/Q - 2 s (P/Q)(Q'/Q).
    [[nodiscard]] constexpr T slope(T x) const {
        const T s = x * x;
        const auto& a = numerator;
        const auto& b = denominator;
        const T p_growth = ((T(3) * a[3] * s + T(2) * a[2]) * s + a[1]) * s;
        const T q_growth = (((T(4) * b[3] * s + T(3) * b[2]) * s + T(2) * b[1]) * s + b[0]) * s;
        const T p = numerator_at(s);
        const T q = denominator_at(s);
        return (p + T(2) * p_growth) / q - T(2) * (p / q) * (q_growth / q);
    }

private:
    [[nodiscard]] constexpr T numerator_at(T s) const {
        const auto& a = numerator;
        return ((a[3] * s + a[2]) * s + a[1]) * s + a[0];
    }
    [[nodiscard]] constexpr T denominator_at(T s) const {
        const auto& b = denominator;
        return (((b[3] * s + b[2]) * s + b[1]) * s + b[0]) * s + T(1);
    }
};

/// An activation chosen at run time. Size: 10 scalars. The kind is looked at once per vector, so
/// that the loop over neurons is compiled for each function separately.
template <std::floating_point T>
struct Activation {
    ActivationKind kind = ActivationKind::tanh;
    PowerLaw<T> power_law{};
    Pade<T> pade{};

    /// Calls use(phi) with the concrete function object and returns its result.
    template <class Use>
    constexpr decltype(auto) visit(Use&& use) const {
        switch (kind) {
        case ActivationKind::linear:
            return use(Linear<T>{});
        case ActivationKind::relu:
            return use(Relu<T>{});
        case ActivationKind::erf:
            return use(Erf<T>{});
        case ActivationKind::power_law:
            return use(power_law);
        case ActivationKind::pade:
            return use(pade);
        case ActivationKind::tanh:
            break;
        }
        TINYMF_ASSERT(kind == ActivationKind::tanh);
        return use(Tanh<T>{});
    }

    [[nodiscard]] constexpr T operator()(T x) const {
        return visit([x](const auto& phi) { return phi(x); });
    }
    [[nodiscard]] constexpr T slope(T x) const {
        return visit([x](const auto& phi) { return phi.slope(x); });
    }

    /// output[i] = phi(input[i]); the spans have one length and are equal or disjoint.
    constexpr void apply(std::span<const T> input, std::span<T> output) const {
        TINYMF_ASSERT(input.size() == output.size());
        visit([input, output](const auto& phi) {
            transform(input, output, [&phi](T x) { return phi(x); });
        });
    }

    /// output[i] = phi'(input[i]); the spans have one length and are equal or disjoint.
    constexpr void apply_slope(std::span<const T> input, std::span<T> output) const {
        TINYMF_ASSERT(input.size() == output.size());
        visit([input, output](const auto& phi) {
            transform(input, output, [&phi](T x) { return phi.slope(x); });
        });
    }

private:
    /// Pointers of its own, which no store through `output` can change, and the test at the end:
    /// at -Os either of the two would cost a tenth of a tanh a value.
    template <class Function>
    static constexpr void transform(std::span<const T> input, std::span<T> output,
                                    Function function) {
        const T* next = input.data();
        T* result = output.data();
        std::size_t left = input.size();
        if constexpr (numeric::works_in_batches) {
            for (; left >= numeric::batch_size; left -= numeric::batch_size) {
                transform_batch(next, result, function);
                next += numeric::batch_size;
                result += numeric::batch_size;
            }
        }
        if (left == 0) {
            return;
        }
        do {
            *result++ = function(*next++);
        } while (--left != 0);
    }

    /// No value depends on an earlier store: `input` and `output` are equal or disjoint. Without
    /// this promise gcc would have to check, and makes no vectors at -O2.
    template <class Function>
    [[gnu::flatten]] static constexpr void transform_batch(const T* input, T* output,
                                                           Function function) {
#ifndef __clang__
#pragma GCC ivdep
#endif
        for (std::size_t i = 0; i < numeric::batch_size; ++i) {
            output[i] = function(input[i]);
        }
    }
};

} // namespace tinymf::model
