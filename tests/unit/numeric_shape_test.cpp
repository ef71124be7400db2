// SPDX-License-Identifier: Apache-2.0
// What the elementary functions keep exactly: symmetry, order, range, limits.
#include "unit/numeric_sample.hpp"

#include "tinymf/numeric/erf.hpp"
#include "tinymf/numeric/exp.hpp"
#include "tinymf/numeric/log.hpp"
#include "tinymf/numeric/tanh.hpp"

#include <gtest/gtest.h>

namespace tinymf::numeric {
namespace {

constexpr std::uint32_t random_inputs = 1U << 18;

template <typename T>
class NumericShape : public testing::Test {
protected:
    static constexpr T infinity = from_bits<T>(infinity_bits<T>);
    static constexpr T nan = from_bits<T>(nan_bits<T>);
};
using Scalars = testing::Types<float, double>;
TYPED_TEST_SUITE(NumericShape, Scalars);

template <Scalar T, typename Function>
void expect_odd_and_bounded(Function function) {
    std::uint64_t breaks = 0;
    for_each_sample(random_inputs, T{8}, [&](T x) {
        breaks += to_bits(function(-x)) != (to_bits(function(x)) ^ sign_mask<T>) ? 1U : 0U;
        breaks += abs(function(x)) > T{1} ? 1U : 0U;
    });
    EXPECT_EQ(breaks, 0U);
}

/// Inputs in runs of neighbours, where a polynomial's rounding could step back.
template <Scalar T, typename Function>
void expect_never_decreasing(T lowest, T scale, Function function) {
    std::uint64_t breaks = 0;
    for_each_sample(random_inputs / 16, scale, [&](T start) {
        const T x = abs(start) < infinity_bits<T> && start >= lowest ? start : lowest;
        if (!is_finite(x)) {
            return;
        }
        T previous = function(x);
        for (Bits<T> step = 1; step <= 32; ++step) {
            const T neighbour = from_bits<T>(to_bits(x) + step);
            const T value = function(neighbour);
            breaks +=
                ((to_bits(x) & sign_mask<T>) != 0 ? value > previous : value < previous) ? 1U : 0U;
            previous = value;
            if (!is_finite(neighbour)) {
                break;
            }
        }
    });
    EXPECT_EQ(breaks, 0U);
}

TYPED_TEST(NumericShape, TanhAndErfAreOddAndBounded) {
    using T = TypeParam;
    expect_odd_and_bounded<T>([](T x) { return tanh(x); });
    expect_odd_and_bounded<T>([](T x) { return erf(x); });
}

TYPED_TEST(NumericShape, FunctionsNeverDecrease) {
    using T = TypeParam;
    expect_never_decreasing(-this->infinity, T{2}, [](T x) { return tanh(x); });
    expect_never_decreasing(-this->infinity, T{4}, [](T x) { return erf(x); });
    expect_never_decreasing(-this->infinity, T{4}, [](T x) { return exp(x); });
    expect_never_decreasing(T{0}, T{4}, [](T x) { return log(x); });
}

TYPED_TEST(NumericShape, TinyArgumentsOfTanhComeBack) {
    using T = TypeParam;
    T x = TanhLimits<T>::identity;
    while (x > from_bits<T>(1)) {
        x /= T{2};
        EXPECT_EQ(tanh(x), x);
        EXPECT_EQ(tanh(-x), -x);
    }
    EXPECT_EQ(to_bits(tanh(T{0})), Bits<T>{0});
    EXPECT_EQ(to_bits(tanh(-T{0})), sign_mask<T>);
}

TYPED_TEST(NumericShape, LargeArgumentsOfTanhAndErfSaturate) {
    using T = TypeParam;
    for (const T x : {T{20}, static_cast<T>(40.0057F), T{1000000}, static_cast<T>(1e30F),
                      std::numeric_limits<T>::max(), this->infinity}) {
        EXPECT_EQ(tanh(x), T{1}) << x;
        EXPECT_EQ(erf(x), T{1}) << x;
        EXPECT_EQ(tanh(-x), T{-1}) << x;
        EXPECT_EQ(erf(-x), T{-1}) << x;
    }
}

TYPED_TEST(NumericShape, ExpAndLogReachTheirLimits) {
    using T = TypeParam;
    for (const T x : {T{1000}, std::numeric_limits<T>::max(), this->infinity}) {
        EXPECT_EQ(exp(x), this->infinity);
        EXPECT_EQ(to_bits(exp(-x)), Bits<T>{0});
    }
    EXPECT_EQ(log(this->infinity), this->infinity);
    EXPECT_EQ(log(T{0}), -this->infinity);
    EXPECT_EQ(log(-T{0}), -this->infinity);
}

TYPED_TEST(NumericShape, FixedPointsAreExact) {
    using T = TypeParam;
    EXPECT_EQ(exp(T{0}), T{1});
    EXPECT_EQ(exp(-T{0}), T{1});
    EXPECT_EQ(to_bits(log(T{1})), Bits<T>{0});
    EXPECT_EQ(to_bits(erf(T{0})), Bits<T>{0});
    EXPECT_EQ(to_bits(erf(-T{0})), sign_mask<T>);
}

TYPED_TEST(NumericShape, NanStaysNan) {
    using T = TypeParam;
    for (const T x : {this->nan, -this->nan}) {
        const T results[] = {tanh(x), erf(x), exp(x), log(x)};
        EXPECT_TRUE(std::all_of(std::begin(results), std::end(results), is_nan<T>));
    }
}

TYPED_TEST(NumericShape, LogOfNegativeNumbersIsNan) {
    using T = TypeParam;
    EXPECT_TRUE(is_nan(log(T{-1})));
    EXPECT_TRUE(is_nan(log(-from_bits<T>(1))));
    EXPECT_TRUE(is_nan(log(-this->infinity)));
}

TYPED_TEST(NumericShape, SubnormalResultsOfExpAreRoundedOnce) {
    using T = TypeParam;
    const T smallest = from_bits<T>(1);
    const T logarithm = log(smallest);
    EXPECT_EQ(exp(logarithm), smallest);
    EXPECT_GT(exp(logarithm + T{1}), smallest);
}

TYPED_TEST(NumericShape, CompileTimeAndRunTimeAgree) {
    using T = TypeParam;
    constexpr T constants[] = {tanh(T{0.75}), erf(T{0.75}), erf(T{1.5}), exp(T{0.75}),
                               log(T{0.75})};
    volatile T opaque = T{0.75};
    const T x = opaque;
    EXPECT_EQ(tanh(x), constants[0]);
    EXPECT_EQ(erf(x), constants[1]);
    EXPECT_EQ(erf(x + x), constants[2]);
    EXPECT_EQ(exp(x), constants[3]);
    EXPECT_EQ(log(x), constants[4]);
}

} // namespace
} // namespace tinymf::numeric
