// SPDX-License-Identifier: Apache-2.0
// The frames on docs/stream.md that no recorded run has: byte for byte as a device sends them, and
// as it takes them.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "device_bench.hpp"

namespace tinymf::firmware {
namespace {

/// The payload shown on the page below the heading of a frame.
std::vector<std::uint8_t> payload_on_page(const std::string& name) {
    const char* folder = std::getenv("TINYMF_SOURCE_DIR");
    std::ifstream file(std::string(folder == nullptr ? "." : folder) + "/docs/stream.md");
    std::stringstream page;
    page << file.rdbuf();
    const std::string text = page.str();
    const std::size_t heading = text.find("\n### " + name + ", ");
    EXPECT_NE(heading, std::string::npos) << name;
    const std::size_t begin = text.find("\n```\n", heading) + 5;
    std::istringstream bytes(text.substr(begin, text.find("```", begin) - begin));
    std::vector<std::uint8_t> payload;
    for (std::string byte; bytes >> byte;) {
        payload.push_back(static_cast<std::uint8_t>(std::stoul(byte, nullptr, 16)));
    }
    return payload;
}

TEST(StreamPage, ShowsTheAnswerToAGainBeyondItsRange) {
    Bench bench;
    (void)bench.settle();
    Parameters<float> parameters;
    parameters.gain = 200.0F;
    bench.configure(1, parameters);
    const auto nak = find(bench.settle(), Kind::nak);
    ASSERT_TRUE(nak.has_value());
    EXPECT_EQ(nak->payload, payload_on_page("NAK"));
}

TEST(StreamPage, ShowsWhatASelfTestGives) {
    Bench bench;
    (void)bench.settle();
    bench.use_session(0);
    bench.command(Kind::run_selftest, 1);
    const auto selftest = find(bench.settle(), Kind::selftest);
    ASSERT_TRUE(selftest.has_value());
    EXPECT_EQ(selftest->payload, payload_on_page("SELFTEST"));
}

/// The host takes no byte while a run of 20 000 steps fills the line.
TEST(StreamPage, ShowsWhatAFullLineLoses) {
    Bench bench;
    (void)bench.settle();
    Parameters<float> parameters;
    parameters.steps = 20000;
    parameters.state_every = 1;
    parameters.digest_every = 0;
    bench.configure(1, parameters, {.delivery = stream::Delivery::realtime});
    (void)bench.settle();
    bench.command(Kind::start, 2);
    bench.settle_unread();
    const auto gap = find(bench.settle(), Kind::gap);
    ASSERT_TRUE(gap.has_value());
    EXPECT_EQ(gap->payload, payload_on_page("GAP"));
}

using Sixteen = DeviceBench<network::Network<float, 16, model::CouplingKind::gaussian>>;

void send(Sixteen& bench, Kind kind, const std::string& name) {
    bench.send(kind, [&name](stream::ByteWriter& payload) { payload.put(payload_on_page(name)); });
}

/// What follows the command of this name; an ACK that names it is among it.
std::vector<ReceivedFrame> answers_to(Sixteen& bench, Kind kind, const std::string& name) {
    send(bench, kind, name);
    auto frames = bench.settle();
    auto command = payload_on_page(name);
    command.resize(8); // session and number
    EXPECT_TRUE(std::ranges::any_of(frames, [&command](const ReceivedFrame& frame) {
        return frame.kind == Kind::ack && frame.payload == command;
    })) << name;
    return frames;
}

TEST(StreamPage, ShowsCommandsThatADeviceFollows) {
    Sixteen bench;
    (void)bench.settle();
    EXPECT_TRUE(find(answers_to(bench, Kind::identify, "IDENTIFY"), Kind::hello));
    const auto echo = find(answers_to(bench, Kind::configure, "CONFIGURE"), Kind::configuration);
    ASSERT_TRUE(echo.has_value());
    auto asked = payload_on_page("CONFIGURE");
    asked.erase(asked.begin() + 4, asked.begin() + 8); // the number of the command
    asked.resize(asked.size() + 8);                    // without a tick, no counts and no clock
    EXPECT_EQ(echo->payload, asked);
    EXPECT_TRUE(find(answers_to(bench, Kind::restore, "RESTORE"), Kind::restored));
    EXPECT_EQ(bench.device().engine().step_index(), 2U);
    send(bench, Kind::credit, "CREDIT");
    EXPECT_TRUE(find(answers_to(bench, Kind::input, "INPUT"), Kind::input_taken));
    (void)answers_to(bench, Kind::step, "STEP");
    EXPECT_EQ(bench.device().engine().step_index(), 4U);
    EXPECT_EQ(bench.device().state(), RunState::paused);
    EXPECT_TRUE(find(answers_to(bench, Kind::snapshot, "SNAPSHOT"), Kind::checkpoint));
    EXPECT_TRUE(find(answers_to(bench, Kind::query_status, "QUERY_STATUS"), Kind::status));
    send(bench, Kind::start, "START");
    (void)answers_to(bench, Kind::pause, "PAUSE");
    EXPECT_EQ(bench.device().state(), RunState::paused);
    EXPECT_GT(bench.device().engine().step_index(), 4U);
    const auto end = find(answers_to(bench, Kind::stop, "STOP"), Kind::end);
    ASSERT_TRUE(end.has_value());
    EXPECT_EQ(end->payload.front(), static_cast<std::uint8_t>(stream::EndReason::stopped));
    EXPECT_TRUE(find(answers_to(bench, Kind::run_selftest, "RUN_SELFTEST"), Kind::selftest));
}

} // namespace
} // namespace tinymf::firmware
