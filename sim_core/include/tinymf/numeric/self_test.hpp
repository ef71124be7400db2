// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tinymf/numeric/circular.hpp"
#include "tinymf/numeric/erf.hpp"
#include "tinymf/numeric/exp.hpp"
#include "tinymf/numeric/log.hpp"
#include "tinymf/numeric/power.hpp"
#include "tinymf/numeric/sqrt.hpp"
#include "tinymf/numeric/tanh.hpp"

namespace tinymf::numeric {

/// Inputs of the self-test: a fixed sequence that visits both ends of every 256th part of the
/// exponent range, then 512 numbers spread evenly over (-16, 16).
template <Scalar T>
class SelfTestInputs {
public:
    static constexpr std::uint32_t count = 1024;

    constexpr T next() {
        const std::uint32_t i = index_++;
        scramble_ = scramble_ * 1664525U + 1013904223U;
        return i < count / 2 ? end_of_exponent_range(i) : moderate();
    }

private:
    constexpr T end_of_exponent_range(std::uint32_t i) const {
        constexpr int exponent_bits = sizeof(T) * 8 - 1 - Format<T>::fraction_bits;
        constexpr Bits<T> fraction_mask = (Bits<T>{1} << Format<T>::fraction_bits) - 1;
        const Bits<T> exponent = Bits<T>{i & 0xFFU} << (exponent_bits - 8);
        const Bits<T> fraction = i < count / 4 ? 0 : fraction_mask;
        const Bits<T> sign = (scramble_ >> 31U) != 0 ? sign_mask<T> : 0;
        return from_bits<T>(sign | exponent << Format<T>::fraction_bits | fraction);
    }

    constexpr T moderate() const {
        const auto integer = static_cast<std::int32_t>(scramble_ >> 7U) - (1 << 24);
        return static_cast<T>(integer) * power_of_two<T>(-20);
    }

    std::uint32_t index_ = 0;
    std::uint32_t scramble_ = 1;
};

/// FNV-1a over 32-bit words, low word first; every NaN counts as the same one.
class ResultDigest {
public:
    template <Scalar T>
    constexpr void add(T result) {
        Bits<T> bits = is_nan(result) ? nan_bits<T> : to_bits(result);
        for (std::size_t word = 0; word < sizeof(T) / 4; ++word) {
            value_ = (value_ ^ static_cast<std::uint32_t>(bits)) * 16777619U;
            bits = static_cast<Bits<T>>(std::uint64_t{bits} >> 32U);
        }
    }

    constexpr std::uint32_t value() const { return value_; }

private:
    std::uint32_t value_ = 2166136261U;
};

/// Digest of 1024 results of every elementary function: equal on all targets, compilers and
/// optimisation levels, or the build is not bit-exact. Needs 8 bytes beside the stack of one call.
template <Scalar T = float>
constexpr std::uint32_t numeric_self_test_digest() {
    SelfTestInputs<T> inputs;
    ResultDigest digest;
    for (std::uint32_t i = 0; i < SelfTestInputs<T>::count; ++i) {
        const T x = inputs.next();
        const auto exponent = static_cast<T>(static_cast<std::int32_t>(i % 64U)) * T(0.125);
        const auto circular = cos_sin_turn(to_bits(x));
        digest.add(sqrt(x));
        digest.add(exp(x));
        digest.add(log(x));
        digest.add(tanh(x));
        digest.add(erf(x));
        digest.add(power(abs(x), exponent));
        digest.add(circular.cos);
        digest.add(circular.sin);
    }
    return digest.value();
}

/// What numeric_self_test_digest must return.
template <Scalar T = float>
inline constexpr std::uint32_t numeric_self_test_expected = 0;
template <>
inline constexpr std::uint32_t numeric_self_test_expected<float> = 0xD22EE054U;
template <>
inline constexpr std::uint32_t numeric_self_test_expected<double> = 0xA2CDB6AFU;

} // namespace tinymf::numeric
