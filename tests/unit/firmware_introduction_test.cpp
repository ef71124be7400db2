// SPDX-License-Identifier: Apache-2.0
// What a device says of itself, with more models than any board here has room for.
#include "app/introduction.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "port/host_port.hpp"
#include "tinymf/stream/byte_reader.hpp"
#include "tinymf/stream/frame.hpp"

namespace tinymf::firmware {
namespace {

using experiment::ModelKind;
using experiment::ProfileInfo;
using stream::Kind;

struct Frame {
    Kind kind;
    std::vector<std::uint8_t> payload;
};

/// Takes frames, or refuses every second offer.
struct TestOutbox {
    bool reluctant = false;
    std::vector<Frame> frames{};
    bool refuses = false;

    template <class Sent, class Add = stream::NothingAdded>
    bool answer(const Sent& frame, Add add = {}) {
        return answer(stream::kind_of<Sent>, [&](stream::ByteWriter& payload) {
            stream::put_fields(payload, frame, add);
        });
    }

    template <class Write>
    bool answer(Kind kind, Write&& write) {
        refuses = reluctant && !refuses;
        if (refuses) {
            return false;
        }
        std::array<std::uint8_t, stream::largest_payload> memory{};
        stream::ByteWriter payload(memory);
        write(payload);
        EXPECT_TRUE(payload.ok());
        frames.push_back({kind, {payload.written().begin(), payload.written().end()}});
        return true;
    }
};

constexpr FaultRecord no_record{};
constexpr BootFacts healthy{
    .reset_cause = ResetCause::pin,
    .float_mode = 5,
    .boots = 3,
    .last_fault = &no_record,
    .stack = {},
};

/// Every field of every profile has a value of its own.
std::vector<ProfileInfo> profiles(std::size_t count) {
    std::vector<ProfileInfo> list;
    for (std::size_t i = 0; i < count; ++i) {
        const auto n = static_cast<std::uint32_t>(i);
        list.push_back({
            .kind = i % 3 == 2 ? ModelKind::mean_field : ModelKind::network,
            .scalar =
                i % 2 == 1 ? experiment::ScalarKind::float64 : experiment::ScalarKind::float32,
            .coupling = static_cast<model::CouplingKind>(i % 3),
            .method = static_cast<mean_field::Method>(3 - i % 4),
            .replicas = static_cast<std::uint8_t>(1 + i % 7),
            .neurons = static_cast<std::uint16_t>(0x1000 + n),
            .points = static_cast<std::uint16_t>(0x2000 + n),
            .trajectories = 0x30405060 + n,
            .path_bits = static_cast<std::uint8_t>(32 - i % 17),
            .observables = static_cast<observe::ObservableSet>(i % 128),
            .lags = static_cast<std::uint16_t>(0x4000 + n),
            .bytes = 0x50607080 + n,
        });
    }
    return list;
}

std::vector<Frame> said(const std::vector<ProfileInfo>& list, const BootFacts& boot = healthy,
                        bool reluctant = false) {
    TestOutbox outbox{.reluctant = reluctant};
    Introduction introduction;
    std::size_t offers = 0;
    while (!introduction.finished(list.size())) {
        const bool queued = introduction.offer_next<HostPort<>>(outbox, boot, "board", list);
        EXPECT_TRUE(queued || outbox.refuses);
        if (++offers > 1000) {
            ADD_FAILURE() << "it never ends";
            break;
        }
    }
    return outbox.frames;
}

void expect_profile(stream::ByteReader& payload, const ProfileInfo& profile) {
    const bool network = profile.kind == ModelKind::network;
    EXPECT_EQ(payload.get<std::uint8_t>(), static_cast<std::uint8_t>(profile.kind));
    EXPECT_EQ(payload.get<std::uint8_t>(), static_cast<std::uint8_t>(profile.scalar));
    EXPECT_EQ(payload.get<std::uint8_t>(), network ? static_cast<std::uint8_t>(profile.coupling)
                                                   : static_cast<std::uint8_t>(profile.method));
    EXPECT_EQ(payload.get<std::uint8_t>(), profile.replicas);
    EXPECT_EQ(payload.get<std::uint16_t>(), network ? profile.neurons : profile.path_bits);
    EXPECT_EQ(payload.get<std::uint16_t>(), profile.points);
    EXPECT_EQ(payload.get<std::uint32_t>(), profile.trajectories);
    EXPECT_EQ(payload.get<std::uint8_t>(), profile.observables);
    EXPECT_EQ(payload.get<std::uint16_t>(), profile.lags);
    EXPECT_EQ(payload.get<std::uint32_t>(), profile.bytes);
}

TEST(Introduction, EveryProfileIsToldInFramesOfTwentyFour) {
    for (const std::size_t count : {1U, 23U, 24U, 25U, 48U, 49U, 255U}) {
        SCOPED_TRACE(count);
        const auto list = profiles(count);
        const auto frames = said(list);
        const std::size_t profile_frames = (count + 23) / 24;
        ASSERT_EQ(frames.size(), 1 + profile_frames + described_fields.size());
        EXPECT_EQ(frames.front().kind, Kind::hello);
        EXPECT_EQ(frames.front().payload.back(), count) << "HELLO tells how many follow";
        std::size_t next = 0;
        for (std::size_t f = 1; f <= profile_frames; ++f) {
            ASSERT_EQ(frames[f].kind, Kind::profile);
            stream::ByteReader payload(frames[f].payload);
            EXPECT_EQ(payload.get<std::uint8_t>(), next) << "the first in this frame";
            std::size_t in_frame = 0;
            for (; payload.remaining() > 0; ++next, ++in_frame) {
                ASSERT_LT(next, list.size());
                expect_profile(payload, list[next]);
            }
            EXPECT_TRUE(payload.finished());
            EXPECT_LE(in_frame, 24U);
        }
        EXPECT_EQ(next, count);
    }
}

TEST(Introduction, EveryRowOfTheTableFollowsAsItIsWrittenDown) {
    const auto frames = said(profiles(25));
    unsigned index = 0;
    for (std::size_t i = 0; i < described_fields.size(); ++i) {
        const Frame& frame = frames[3 + i];
        ASSERT_EQ(frame.kind, Kind::table);
        stream::ByteReader payload(frame.payload);
        EXPECT_EQ(payload.get<std::uint8_t>(),
                  static_cast<std::uint8_t>(described_fields[i].message));
        index =
            i > 0 && described_fields[i].message == described_fields[i - 1].message ? index + 1 : 0;
        EXPECT_EQ(payload.get<std::uint8_t>(), index);
        EXPECT_EQ(payload.get<std::uint8_t>(), static_cast<std::uint8_t>(described_fields[i].type));
        const auto shape = payload.get_text();
        EXPECT_EQ(shape, described_fields[i].count == 1                    ? ""
                         : described_fields[i].count == stream::to_the_end ? "[n]"
                                                                           : "[4]");
        EXPECT_EQ(payload.get_text(), described_fields[i].name);
        EXPECT_EQ(payload.get_text(), described_units[described_fields[i].unit]);
        EXPECT_TRUE(payload.finished());
    }
}

TEST(Introduction, AFrameWithoutRoomIsOfferedAgain) {
    FaultRecord record{};
    record.cause = FaultCause::bus_fault;
    seal(record);
    BootFacts boot = healthy;
    boot.last_fault = &record;
    const auto at_once = said(profiles(30), boot);
    const auto in_pieces = said(profiles(30), boot, true);
    ASSERT_EQ(at_once.size(), in_pieces.size());
    for (std::size_t i = 0; i < at_once.size(); ++i) {
        EXPECT_EQ(at_once[i].kind, in_pieces[i].kind);
        EXPECT_EQ(at_once[i].payload, in_pieces[i].payload);
    }
}

TEST(Introduction, AFaultRecordFollowsHelloWordForWord) {
    std::array<std::uint32_t, 16> words{};
    for (std::uint32_t i = 0; i < words.size(); ++i) {
        words[i] = 0x01020304U * (i + 1);
    }
    const auto record = std::bit_cast<FaultRecord>(words);
    BootFacts boot = healthy;
    boot.last_fault = &record;
    const auto frames = said(profiles(1), boot);
    ASSERT_EQ(frames.size(), 3 + described_fields.size());
    ASSERT_EQ(frames[1].kind, Kind::fault);
    stream::ByteReader payload(frames[1].payload);
    EXPECT_EQ(payload.get<std::uint8_t>(), static_cast<std::uint8_t>(words[2])) << "cause";
    EXPECT_EQ(payload.get<std::uint32_t>(), words[11]) << "step";
    EXPECT_EQ(payload.get<std::uint32_t>(), words[3]) << "detail";
    for (const std::uint32_t word : words) {
        EXPECT_EQ(payload.get<std::uint32_t>(), word);
    }
    EXPECT_TRUE(payload.finished());
}

TEST(Introduction, BeginsAgainWhenAsked) {
    const auto list = profiles(25);
    TestOutbox outbox;
    Introduction introduction;
    const auto say_all = [&] {
        while (!introduction.finished(list.size())) {
            EXPECT_TRUE(introduction.offer_next<HostPort<>>(outbox, healthy, "board", list));
        }
    };
    say_all();
    const std::size_t once = outbox.frames.size();
    say_all();
    EXPECT_EQ(outbox.frames.size(), once) << "nothing is left to say";
    introduction.begin();
    say_all();
    ASSERT_EQ(outbox.frames.size(), 2 * once);
    EXPECT_EQ(outbox.frames[once].kind, Kind::hello);
}

} // namespace
} // namespace tinymf::firmware
