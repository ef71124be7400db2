// SPDX-License-Identifier: Apache-2.0
// The probe sees every mode of the processor that would change a bit, and nothing else.
#include <cfenv>
#include <cstdint>

#include <gtest/gtest.h>

#if defined(__SSE2__)
#include <immintrin.h>
#endif

#include "tinymf/experiment/self_test.hpp"
#include "tinymf/numeric/arithmetic_probe.hpp"

namespace tinymf::numeric {
namespace {

/// The default mode again, whatever a test did.
class ArithmeticProbe : public testing::Test {
protected:
    void TearDown() override { std::fesetenv(FE_DFL_ENV); }
};

bool both() {
    const bool narrow = computes_as_written<float>();
    EXPECT_EQ(narrow, computes_as_written<double>());
    return narrow;
}

TEST_F(ArithmeticProbe, IsContentWithTheDefaultMode) {
    EXPECT_TRUE(both());
    EXPECT_TRUE(experiment::run_self_test().passed());
}

TEST_F(ArithmeticProbe, SeesEveryOtherRounding) {
    for (const int mode : {FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO}) {
        ASSERT_EQ(std::fesetround(mode), 0);
        EXPECT_FALSE(both()) << mode;
        EXPECT_FALSE(experiment::run_self_test().passed()) << mode;
    }
}

#if defined(__SSE2__)
constexpr std::uint32_t flush_results = 0x8000;
constexpr std::uint32_t flush_operands = 0x0040;

TEST_F(ArithmeticProbe, SeesSubnormalsLostAsResultsOrAsOperands) {
    const std::uint32_t usual = _mm_getcsr();
    for (const std::uint32_t mode :
         {flush_results, flush_operands, flush_results | flush_operands}) {
        _mm_setcsr(usual | mode);
        EXPECT_FALSE(both()) << mode;
        EXPECT_FALSE(experiment::run_self_test().passed()) << mode;
    }
}

TEST_F(ArithmeticProbe, TheDefaultEnvironmentMendsEveryMode) {
    _mm_setcsr((_mm_getcsr() | flush_results | flush_operands | 0x2000U));
    EXPECT_FALSE(both());
    std::fesetenv(FE_DFL_ENV); // what the tool does at its start
    EXPECT_TRUE(both());
}

using Network = network::Network<float, 8, model::CouplingKind::gaussian>;

TEST_F(ArithmeticProbe, AModelIsNotConfiguredInAnotherMode) {
    testing::FLAGS_gtest_death_test_style = "threadsafe";
    Network network;
    EXPECT_DEATH(
        {
            _mm_setcsr(_mm_getcsr() | flush_results);
            network.configure({});
        },
        "arithmetic_is_trusted");
}
#endif

} // namespace
} // namespace tinymf::numeric
