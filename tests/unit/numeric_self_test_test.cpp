// SPDX-License-Identifier: Apache-2.0
#include "tinymf/numeric/self_test.hpp"

#include <gtest/gtest.h>

namespace tinymf::numeric {
namespace {

TEST(NumericSelfTest, DigestIsTheRecordedOne) {
    EXPECT_EQ(numeric_self_test_digest<float>(), numeric_self_test_expected<float>);
    EXPECT_EQ(numeric_self_test_digest<double>(), numeric_self_test_expected<double>);
}

TEST(NumericSelfTest, DigestSeesOneBitAndIgnoresNanPayloads) {
    const auto digest_of = [](auto x) {
        ResultDigest digest;
        digest.add(x);
        return digest.value();
    };
    EXPECT_NE(digest_of(1.0F), digest_of(from_bits<float>(to_bits(1.0F) ^ 1U)));
    EXPECT_NE(digest_of(1.0), digest_of(from_bits<double>(to_bits(1.0) ^ (1ULL << 40U))));
    EXPECT_NE(digest_of(0.0F), digest_of(-0.0F));
    EXPECT_EQ(digest_of(from_bits<float>(0x7FC00001U)), digest_of(from_bits<float>(0xFFC00000U)));
}

TEST(NumericSelfTest, InputsReachBothEndsOfTheFormat) {
    SelfTestInputs<float> inputs;
    int infinities_and_nans = 0;
    int subnormals_and_zeros = 0;
    int moderate = 0;
    for (std::uint32_t i = 0; i < SelfTestInputs<float>::count; ++i) {
        const float magnitude = abs(inputs.next());
        infinities_and_nans += is_finite(magnitude) ? 0 : 1;
        subnormals_and_zeros += magnitude < 0x1p-126F ? 1 : 0;
        moderate += magnitude > 0.01F && magnitude < 16.0F ? 1 : 0;
    }
    EXPECT_EQ(infinities_and_nans, 2);
    EXPECT_EQ(subnormals_and_zeros, 2);
    EXPECT_GT(moderate, 500);
}

} // namespace
} // namespace tinymf::numeric
