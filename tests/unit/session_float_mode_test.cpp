// SPDX-License-Identifier: Apache-2.0
// The emulated board tells the mode that its thread computes in at the moment, and no session runs
// in a mode that would give other bits.
#include <cfenv>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#if defined(__SSE2__)
#include <immintrin.h>
#endif

#include "base/host_error.hpp"
#include "device/emulated_board.hpp"
#include "device/session.hpp"
#include "device_bench.hpp"
#include "port/boot_facts.hpp"

namespace tinymf::host {
namespace {

namespace float_mode = firmware::float_mode;

class FloatMode : public testing::Test {
protected:
    void TearDown() override { std::fesetenv(FE_DFL_ENV); }
};

std::string refusal_of(EmulatedBoard& board) {
    const Experiment experiment =
        parse_experiment("schema = 1\n[model]\nsteps = 5\n[network]\nneurons = 16\n", "mode.toml");
    bool recorded = false;
    Session session(experiment, board, {}, [&recorded](auto) { recorded = true; });
    try {
        static_cast<void>(session.run());
    } catch (const HostError& error) {
        EXPECT_EQ(error.exit_code(), exit_unsound_stream);
        EXPECT_FALSE(recorded);
        return error.what();
    }
    return "";
}

TEST_F(FloatMode, OfTheDefaultIsTaken) {
    EmulatedBoard board;
    EXPECT_EQ(refusal_of(board), "");
    EXPECT_EQ(firmware::HostPort<>::current_float_mode(), float_mode::hardware);
}

TEST_F(FloatMode, SetAfterTheBoardBootedIsSeen) {
    EmulatedBoard board;
    ASSERT_EQ(std::fesetround(FE_UPWARD), 0);
    EXPECT_EQ(refusal_of(board),
              "mode.toml: the floating-point mode of host would change results: rounding is not to "
              "nearest");
    std::fesetenv(FE_DFL_ENV);
    EXPECT_EQ(refusal_of(board), "");
}

#if defined(__SSE2__)
TEST_F(FloatMode, LosingSubnormalsEitherWayIsSeen) {
    for (const std::uint32_t mode : {0x8000U, 0x0040U, 0x8040U}) {
        EmulatedBoard board;
        _mm_setcsr(_mm_getcsr() | mode);
        EXPECT_EQ(refusal_of(board), "mode.toml: the floating-point mode of host would change "
                                     "results: subnormal numbers become zero");
        std::fesetenv(FE_DFL_ENV);
    }
}

std::uint32_t mode_told_in(const std::vector<firmware::ReceivedFrame>& frames) {
    const auto hello = firmware::find(frames, stream::Kind::hello);
    const auto device = hello ? read_hello(hello->payload) : std::nullopt;
    EXPECT_TRUE(device.has_value());
    return device ? device->float_mode : 0;
}

TEST_F(FloatMode, ThatChangedIsToldWhenAskedAndBeforeANetworkIsTried) {
    constexpr std::uint32_t flushing = float_mode::hardware | float_mode::flush_to_zero;
    firmware::Bench bench;
    EXPECT_EQ(mode_told_in(bench.settle()), float_mode::hardware);
    bench.use_session(0);
    bench.command(stream::Kind::run_selftest, 1);
    EXPECT_FALSE(firmware::find(bench.settle(), stream::Kind::hello)) << "nothing has changed";
    _mm_setcsr(_mm_getcsr() | 0x8000U);
    bench.command(stream::Kind::run_selftest, 2);
    const auto frames = bench.settle();
    EXPECT_EQ(mode_told_in(frames), flushing);
    EXPECT_EQ(firmware::find(frames, stream::Kind::selftest)->payload.front(), 0) << "not passed";
    std::fesetenv(FE_DFL_ENV);
    bench.command(stream::Kind::identify, 3);
    EXPECT_EQ(mode_told_in(bench.settle()), float_mode::hardware);
}
#endif

} // namespace
} // namespace tinymf::host
