// SPDX-License-Identifier: Apache-2.0
// The frames with which the application announces a board, field by field.
#include "app/application.hpp"

#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include "device_bench.hpp"
#include "tinymf/build_facts.hpp"
#include "tinymf/stream/byte_reader.hpp"

namespace tinymf::firmware {
namespace {

TEST(Announcement, IsHelloProfilesAndTable) {
    Bench bench;
    const auto frames = bench.settle();
    ASSERT_EQ(frames.size(), 2 + described_fields.size());
    EXPECT_EQ(frames[0].kind, Kind::hello);
    EXPECT_EQ(frames[1].kind, Kind::profile);
    for (std::size_t i = 0; i < frames.size(); ++i) {
        EXPECT_EQ(frames[i].sequence, i);
    }
    EXPECT_EQ(frames[1].payload.size(), 1U + 19U);
}

TEST(Announcement, HelloNamesProtocolBuildBoardAndStart) {
    Bench bench;
    (void)bench.settle();
    bench.reset(); // the second start of two
    const auto frames = bench.settle();
    stream::ByteReader hello(frames.front().payload);
    EXPECT_EQ(hello.get<std::uint16_t>(), 1U) << "protocol";
    EXPECT_EQ(hello.get<std::uint16_t>(), 0U) << "incompatible features";
    EXPECT_EQ(hello.get_text(), build_facts.version);
    EXPECT_EQ(hello.get_text(), build_facts.git_hash);
    EXPECT_EQ(hello.get_text(), build_facts.compiler);
    EXPECT_EQ(hello.get<std::uint32_t>(), build_facts.flags_fingerprint);
    EXPECT_EQ(hello.get_text(), "host");
    EXPECT_EQ(hello.get<std::uint8_t>(), static_cast<std::uint8_t>(ResetCause::software));
    EXPECT_EQ(hello.get<std::uint32_t>(), 2U) << "starts";
    EXPECT_EQ(hello.get<std::uint32_t>(), float_mode::hardware);
    EXPECT_EQ(hello.get<std::uint32_t>(), HostPort<>::cycles_per_second);
    EXPECT_EQ(hello.get<std::uint8_t>(), static_cast<std::uint8_t>(HostPort<>::counter_unit));
    EXPECT_EQ(hello.get<std::uint8_t>(), 1U) << "profiles";
    EXPECT_TRUE(hello.finished());
}

TEST(Announcement, AProfileNamesModelAndSizes) {
    Bench bench;
    const auto frame = find(bench.settle(), Kind::profile);
    ASSERT_TRUE(frame.has_value());
    stream::ByteReader profile(frame->payload);
    EXPECT_EQ(profile.get<std::uint8_t>(), 0U) << "the first in this frame";
    EXPECT_EQ(profile.get<std::uint8_t>(), 0U) << "network";
    EXPECT_EQ(profile.get<std::uint8_t>(), 0U) << "float32";
    EXPECT_EQ(profile.get<std::uint8_t>(), 0U) << "gaussian";
    EXPECT_EQ(profile.get<std::uint8_t>(), 2U) << "replicas";
    EXPECT_EQ(profile.get<std::uint16_t>(), 24U) << "neurons";
    EXPECT_EQ(profile.get<std::uint16_t>(), 0U) << "points of a mean field";
    EXPECT_EQ(profile.get<std::uint32_t>(), 0U) << "trajectories of one";
    EXPECT_EQ(profile.get<std::uint8_t>(), 0U) << "observables";
    EXPECT_EQ(profile.get<std::uint16_t>(), 0U) << "lags";
    EXPECT_EQ(profile.get<std::uint32_t>(), sizeof(Model));
    EXPECT_TRUE(profile.finished());
}

TEST(Announcement, TheTableNamesEveryFieldInPayloadOrder) {
    Bench bench;
    std::uint8_t message = 0;
    std::uint8_t next = 0;
    std::size_t rows = 0;
    for (const auto& frame : bench.settle()) {
        if (frame.kind != Kind::table) {
            continue;
        }
        stream::ByteReader row(frame.payload);
        const auto of = row.get<std::uint8_t>();
        next = of == message ? static_cast<std::uint8_t>(next + 1) : std::uint8_t{0};
        message = of;
        EXPECT_EQ(row.get<std::uint8_t>(), next) << "field of message " << int{message};
        EXPECT_LE(row.get<std::uint8_t>(), static_cast<std::uint8_t>(stream::FieldType::scalar));
        const auto shape = row.get_text();
        EXPECT_TRUE(shape.empty() || shape == "[4]" || shape == "[n]");
        EXPECT_FALSE(row.get_text().empty()) << "a name";
        (void)row.get_text(); // the unit may be empty
        EXPECT_TRUE(row.finished());
        ++rows;
    }
    EXPECT_EQ(rows, described_fields.size());
}

} // namespace
} // namespace tinymf::firmware
