// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tinymf/numeric/magnitude.hpp"

#include <bit>
#include <type_traits>

namespace tinymf::numeric {

/// True where the compiler turns __builtin_sqrt into one instruction: the target has it and errno
/// (for negative arguments) is off. Everywhere else the integer algorithm runs, to the same bits.
template <Scalar T>
constexpr bool has_hardware_sqrt() {
#if !defined(__NO_MATH_ERRNO__)
    return false;
#elif defined(__SSE2_MATH__) || defined(__aarch64__)
    return true;
#elif defined(__ARM_FP)
    return (__ARM_FP & static_cast<int>(sizeof(T))) != 0;
#elif defined(__riscv_flen)
    return __riscv_flen >= static_cast<int>(sizeof(T)) * 8;
#else
    return false;
#endif
}

/// Square root, correctly rounded, by integers only: one bit of the root per turn, fraction_bits +
/// 2 turns. NaN for x < 0; sqrt(-0) = -0.
template <Scalar T>
constexpr T integer_sqrt(T x) {
    constexpr int fraction_bits = Format<T>::fraction_bits;
    constexpr Bits<T> implicit_one = Bits<T>{1} << fraction_bits;
    const Bits<T> bits = to_bits(x);
    if ((bits & ~sign_mask<T>) == 0 || bits == infinity_bits<T> || is_nan(x)) {
        return x;
    }
    if (bits > infinity_bits<T>) {
        return from_bits<T>(nan_bits<T>);
    }
    // x = significand 2^exponent with fraction_bits + 1 significant bits and an even exponent.
    Bits<T> significand = bits & (implicit_one - 1);
    auto exponent = static_cast<Integer<T>>(bits >> fraction_bits) - Format<T>::exponent_bias;
    if (bits < implicit_one) {
        const int shift =
            std::countl_zero(bits) - (static_cast<int>(sizeof(T)) * 8 - 1 - fraction_bits);
        significand = bits << shift;
        exponent = 1 - shift - Format<T>::exponent_bias;
    } else {
        significand |= implicit_one;
    }
    if ((exponent & 1) != 0) {
        significand <<= 1;
        exponent -= 1;
    }
    // After the digit 2^-j, remainder is 2^j (significand - root^2): it stays below 4 root.
    Bits<T> remainder = significand << 1;
    Bits<T> root = 0;
    for (Bits<T> digit = implicit_one << 1; digit != 0; digit >>= 1) {
        const Bits<T> trial = (root << 1) + digit;
        if (trial <= remainder) {
            remainder -= trial;
            root += digit;
        }
        remainder <<= 1;
    }
    // One bit more than the result holds, and never exactly halfway between two results.
    const Bits<T> rounded = (root + 1) >> 1;
    const auto biased = static_cast<Bits<T>>(exponent / 2 + Format<T>::exponent_bias - 1);
    return from_bits<T>((biased << fraction_bits) + rounded);
}

/// Square root, correctly rounded, the same bits on every target. NaN for x < 0; sqrt(-0) = -0.
template <Scalar T>
constexpr T sqrt(T x) {
    if (!std::is_constant_evaluated()) {
        if constexpr (has_hardware_sqrt<T>()) {
            if constexpr (std::same_as<T, float>) {
                return __builtin_sqrtf(x);
            } else {
                return __builtin_sqrt(x);
            }
        }
    }
    return integer_sqrt(x);
}

} // namespace tinymf::numeric
