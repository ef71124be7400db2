// SPDX-License-Identifier: Apache-2.0
// Errors in ulp on a stratified sample; the exhaustive program covers every float32 input.
#include "unit/numeric_sample.hpp"

#include "tinymf/numeric/erf.hpp"
#include "tinymf/numeric/exp.hpp"
#include "tinymf/numeric/log.hpp"
#include "tinymf/numeric/tanh.hpp"

#include <gtest/gtest.h>

namespace tinymf::numeric {
namespace {

constexpr std::uint32_t random_inputs = 1U << 19;

template <Scalar T>
struct LargestError {
    double ulps = 0.0;
    T input = 0;
};

template <Scalar T, typename Function, typename Truth>
LargestError<T> largest_error(T scale, Function function, Truth truth) {
    LargestError<T> largest;
    for_each_sample(random_inputs, scale, [&](T x) {
        const double ulps = ulp_error(function(x), truth(static_cast<Reference<T>>(x)));
        if (!(ulps <= largest.ulps)) {
            largest = {ulps, x};
        }
    });
    return largest;
}

template <typename T>
class NumericError : public testing::Test {};
using Scalars = testing::Types<float, double>;
TYPED_TEST_SUITE(NumericError, Scalars);

TYPED_TEST(NumericError, ExpStaysWithinOneUlp) {
    using T = TypeParam;
    const auto largest = largest_error(
        T{100}, [](T x) { return exp(x); }, [](Reference<T> x) { return std::exp(x); });
    EXPECT_LE(largest.ulps, 1.0) << "at " << largest.input;
}

TYPED_TEST(NumericError, LogStaysWithinOneUlp) {
    using T = TypeParam;
    const auto largest = largest_error(
        T{4}, [](T x) { return log(abs(x)); },
        [](Reference<T> x) { return std::log(std::fabs(x)); });
    EXPECT_LE(largest.ulps, 1.0) << "at " << largest.input;
}

TYPED_TEST(NumericError, TanhStaysWithinFourUlp) {
    using T = TypeParam;
    const auto largest = largest_error(
        T{2}, [](T x) { return tanh(x); }, [](Reference<T> x) { return std::tanh(x); });
    EXPECT_LE(largest.ulps, 4.0) << "at " << largest.input;
}

TYPED_TEST(NumericError, ErfStaysWithinTwoUlp) {
    using T = TypeParam;
    const auto largest = largest_error(
        T{4}, [](T x) { return erf(x); }, [](Reference<T> x) { return std::erf(x); });
    EXPECT_LE(largest.ulps, 2.0) << "at " << largest.input;
}

TYPED_TEST(NumericError, ErrorOfOneUlpIsMeasuredAsOne) {
    using T = TypeParam;
    const T next = from_bits<T>(to_bits(T{1.5}) + 1);
    EXPECT_EQ(ulp_error(next, static_cast<Reference<T>>(1.5)), 1.0);
    EXPECT_EQ(ulp_error(from_bits<T>(3), Reference<T>{0}), 3.0);
}

} // namespace
} // namespace tinymf::numeric
