// SPDX-License-Identifier: Apache-2.0
// What a device says of itself when it is asked, and when its arithmetic has become another.
#include "app/application.hpp"

#include <cfenv>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#if defined(__SSE2__)
#include <immintrin.h>
#endif

#include "device_bench.hpp"
#include "tinymf/experiment/self_test.hpp"
#include "tinymf/stream/byte_reader.hpp"

namespace tinymf::firmware {
namespace {

/// Passed, the digests, the generator's answers and the mode.
struct SelfTest {
    std::uint8_t passed = 0;
    std::uint32_t functions = 0;
    std::uint64_t network = 0;
    std::uint8_t generator = 0;
    std::uint32_t mode = 0;

    friend bool operator==(const SelfTest&, const SelfTest&) = default;
};

SelfTest self_test_in(const std::vector<ReceivedFrame>& frames) {
    const auto frame = find(frames, Kind::selftest);
    EXPECT_TRUE(frame.has_value());
    SelfTest result;
    if (frame) {
        stream::ByteReader payload(frame->payload);
        result.passed = payload.get<std::uint8_t>();
        result.functions = payload.get<std::uint32_t>();
        result.network = payload.get<std::uint64_t>();
        result.generator = payload.get<std::uint8_t>();
        result.mode = payload.get<std::uint32_t>();
        EXPECT_TRUE(payload.finished());
    }
    return result;
}

constexpr SelfTest sound_device{
    .passed = 1,
    .functions = experiment::SelfTestResult::expected_functions,
    .network = experiment::SelfTestResult::expected_network,
    .generator = 1,
    .mode = float_mode::hardware,
};

class SelfTests : public testing::Test {
protected:
    void TearDown() override { std::fesetenv(FE_DFL_ENV); }
};

TEST_F(SelfTests, TellEveryAnswer) {
    Bench bench;
    (void)bench.settle();
    bench.use_session(0);
    bench.command(Kind::run_selftest, 1);
    const auto frames = bench.settle();
    EXPECT_EQ(kinds(frames), (std::vector{Kind::ack, Kind::selftest})) << "the mode is as told";
    EXPECT_EQ(self_test_in(frames), sound_device);
}

#if defined(__SSE2__)
/// Subnormals that become zero: no network is run, and the host hears of the mode first.
TEST_F(SelfTests, OfAnotherArithmeticFailAndIntroduceItFirst) {
    Bench bench;
    (void)bench.settle();
    bench.use_session(0);
    _mm_setcsr(_mm_getcsr() | 0x8000U);
    bench.command(Kind::run_selftest, 1);
    const auto frames = bench.settle();
    EXPECT_EQ(frames.front().kind, Kind::hello);
    ASSERT_GE(frames.size(), 2U);
    EXPECT_EQ(frames[frames.size() - 2].kind, Kind::ack);
    const SelfTest result = self_test_in(frames);
    EXPECT_EQ(result.passed, 0);
    EXPECT_EQ(result.network, 0U);
    EXPECT_EQ(result.generator, 1);
    EXPECT_EQ(result.mode, float_mode::hardware | float_mode::flush_to_zero);
    bench.command(Kind::run_selftest, 2);
    EXPECT_EQ(kinds(bench.settle()), (std::vector{Kind::ack, Kind::selftest})) << "told by now";
    std::fesetenv(FE_DFL_ENV);
    bench.command(Kind::run_selftest, 3);
    const auto again = bench.settle();
    EXPECT_EQ(again.front().kind, Kind::hello);
    EXPECT_EQ(self_test_in(again), sound_device);
}

TEST_F(SelfTests, AConfigurationInAnotherModeIntroducesItToo) {
    Bench bench;
    (void)bench.settle();
    _mm_setcsr(_mm_getcsr() | 0x2000U | 0x8000U);
    Parameters<float> bad;
    bad.gain = -1.0F; // refused: no network is drawn
    bench.configure(1, bad);
    const auto frames = bench.settle();
    EXPECT_EQ(frames.front().kind, Kind::hello);
    EXPECT_EQ(answer_in(frames).field, Field::gain);
}
#endif

} // namespace
} // namespace tinymf::firmware
