// SPDX-License-Identifier: Apache-2.0
#include "app/outbox.hpp"

#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include "tinymf/stream/byte_reader.hpp"

namespace tinymf::firmware {
namespace {

using stream::Delivery;
using stream::Kind;
using TestOutbox = Outbox<2048>;

struct Frame {
    Kind kind;
    std::uint32_t sequence;
    std::vector<std::uint8_t> payload;
};

std::vector<Frame> take_all(TestOutbox& outbox) {
    stream::FrameDecoder decoder;
    std::vector<Frame> frames;
    while (!outbox.unsent().empty()) {
        const auto bytes = outbox.unsent();
        decoder.feed(bytes, [&frames](const stream::FrameView& frame) {
            frames.push_back({static_cast<Kind>(frame.header.kind),
                              frame.header.sequence,
                              {frame.payload.begin(), frame.payload.end()}});
        });
        outbox.sent(bytes.size());
    }
    EXPECT_TRUE(decoder.counters().clean());
    return frames;
}

auto content(std::size_t size) {
    return [size](stream::ByteWriter& payload) {
        for (std::size_t at = 0; at < size; ++at) {
            payload.put(static_cast<std::uint8_t>(at));
        }
    };
}

TEST(Outbox, ADataFrameOfALosslessSessionTakesOneCredit) {
    TestOutbox outbox;
    outbox.open(Delivery::lossless);
    EXPECT_FALSE(outbox.data(Kind::state, 0, content(4))) << "no credit was given";
    outbox.grant(2);
    EXPECT_TRUE(outbox.data(Kind::state, 0, content(4)));
    EXPECT_TRUE(outbox.closing(Kind::end, content(4))) << "END counts as data";
    EXPECT_FALSE(outbox.data(Kind::state, 1, content(4)));
    EXPECT_FALSE(outbox.closing(Kind::end, content(4)));
    outbox.grant(1);
    EXPECT_FALSE(outbox.data(Kind::state, 1, content(4))) << "an older total changes nothing";
    outbox.grant(3);
    EXPECT_TRUE(outbox.data(Kind::state, 1, content(4)));
    EXPECT_FALSE(outbox.data(Kind::state, 1, content(4)));
    EXPECT_EQ(take_all(outbox).size(), 3U);
    EXPECT_EQ(outbox.dropped(), 0U);
}

TEST(Outbox, AnswersNeedNoCredit) {
    TestOutbox outbox;
    outbox.open(Delivery::lossless);
    EXPECT_TRUE(outbox.answer(Kind::ack, content(8)));
    outbox.grant(1);
    EXPECT_TRUE(outbox.answer(Kind::ack, content(8)));
    EXPECT_TRUE(outbox.data(Kind::state, 0, content(4))) << "nor do they take any";
}

TEST(Outbox, EveryFrameCarriesItsKindItsSchemaAndTheNextNumber) {
    TestOutbox outbox;
    outbox.open(Delivery::lossless);
    outbox.grant(10);
    EXPECT_TRUE(outbox.answer(Kind::ack, content(3)));
    EXPECT_TRUE(outbox.data(Kind::digest, 0, content(2)));
    EXPECT_TRUE(outbox.closing(Kind::end, content(1)));
    const auto frames = take_all(outbox);
    ASSERT_EQ(frames.size(), 3U);
    EXPECT_EQ(frames[0].kind, Kind::ack);
    EXPECT_EQ(frames[1].kind, Kind::digest);
    EXPECT_EQ(frames[2].kind, Kind::end);
    for (std::size_t i = 0; i < frames.size(); ++i) {
        EXPECT_EQ(frames[i].sequence, i);
        EXPECT_EQ(frames[i].payload.size(), 3 - i);
    }
}

TEST(Outbox, WithoutRoomALosslessSessionWaits) {
    TestOutbox outbox;
    outbox.open(Delivery::lossless);
    outbox.grant(1000);
    std::size_t queued = 0;
    while (outbox.data(Kind::state, 0, content(300))) {
        ++queued;
    }
    EXPECT_FALSE(outbox.answer(Kind::ack, content(300)));
    EXPECT_FALSE(outbox.closing(Kind::end, content(300)));
    EXPECT_EQ(outbox.dropped(), 0U);
    EXPECT_EQ(take_all(outbox).size(), queued);
    EXPECT_TRUE(outbox.data(Kind::state, 0, content(300)));
    const auto after = take_all(outbox);
    ASSERT_EQ(after.size(), 1U);
    EXPECT_EQ(after[0].sequence, queued) << "what was not taken has no number";
}

/// Puts a data frame of one step; true when it was dropped.
bool loses(TestOutbox& outbox, std::uint32_t step) {
    const std::uint32_t before = outbox.dropped();
    EXPECT_TRUE(outbox.data(Kind::state, step, content(300))) << "a tick never waits";
    EXPECT_LE(outbox.dropped(), before + 1);
    return outbox.dropped() != before;
}

/// Puts data frames of one step each until one is dropped; returns its step.
std::uint32_t first_loss(TestOutbox& outbox) {
    std::uint32_t step = 0;
    while (!loses(outbox, step)) {
        ++step;
    }
    return step;
}

void expect_gap(const Frame& frame, std::uint32_t first, std::uint32_t dropped) {
    EXPECT_EQ(frame.kind, Kind::gap);
    stream::ByteReader payload(frame.payload);
    EXPECT_EQ(payload.get<std::uint32_t>(), first);
    EXPECT_EQ(payload.get<std::uint32_t>(), dropped);
    EXPECT_TRUE(payload.finished());
}

TEST(Outbox, ARealtimeSessionDropsWholeFramesWithoutRoom) {
    TestOutbox outbox;
    outbox.open(Delivery::realtime);
    const std::uint32_t lost = first_loss(outbox);
    const auto frames = take_all(outbox);
    ASSERT_EQ(frames.size(), lost) << "one frame a step until there was no room";
    EXPECT_TRUE(outbox.data(Kind::state, lost + 1, content(4)));
    const auto after = take_all(outbox);
    ASSERT_EQ(after.size(), 2U);
    expect_gap(after[0], lost, 1);
    EXPECT_EQ(after[0].sequence, frames.back().sequence + 2) << "the frame that is missing";
    EXPECT_EQ(after[1].sequence, after[0].sequence + 1);
    EXPECT_TRUE(outbox.answer(Kind::ack, content(4)));
    EXPECT_EQ(take_all(outbox).size(), 1U) << "a gap is announced once";
}

/// The line takes everything now and then, more and more rarely.
TEST(Outbox, GapsStandWhereFramesAreMissingAndNameThemAll) {
    TestOutbox outbox;
    outbox.open(Delivery::realtime);
    std::vector<std::uint32_t> lost;
    std::vector<Frame> frames;
    std::uint32_t until_drained = 1;
    for (std::uint32_t step = 0, drained = 0; step < 2000; ++step) {
        if (loses(outbox, step)) {
            lost.push_back(step);
        }
        if (step == drained) {
            const auto more = take_all(outbox);
            frames.insert(frames.end(), more.begin(), more.end());
            drained += ++until_drained;
        }
    }
    ASSERT_GT(lost.size(), 1000U);
    EXPECT_EQ(outbox.dropped(), lost.size());
    std::size_t announced = 0;
    for (std::size_t i = 0; i < frames.size(); ++i) {
        std::uint32_t missing = 0;
        if (frames[i].kind == Kind::gap) {
            stream::ByteReader payload(frames[i].payload);
            ASSERT_LT(announced, lost.size());
            ASSERT_EQ(payload.get<std::uint32_t>(), lost[announced]);
            missing = payload.get<std::uint32_t>();
            ASSERT_GT(missing, 0U);
            announced += missing;
        }
        ASSERT_EQ(frames[i].sequence, (i == 0 ? 0 : frames[i - 1].sequence + 1) + missing);
    }
    ASSERT_GT(announced, 1000U);
}

TEST(Outbox, ClosingFramesAreNotDropped) {
    TestOutbox outbox;
    outbox.open(Delivery::realtime);
    (void)first_loss(outbox);
    EXPECT_FALSE(outbox.closing(Kind::end, content(300)));
    EXPECT_FALSE(outbox.answer(Kind::ack, content(300)));
    EXPECT_EQ(outbox.dropped(), 1U);
    (void)take_all(outbox);
    EXPECT_TRUE(outbox.closing(Kind::end, content(300)));
    EXPECT_EQ(take_all(outbox).back().kind, Kind::end);
}

TEST(Outbox, ANewSessionBeginsWithoutCreditAndStillAnnouncesEarlierLosses) {
    TestOutbox outbox;
    outbox.open(Delivery::realtime);
    const std::uint32_t first = first_loss(outbox);
    const std::uint32_t next = take_all(outbox).back().sequence + 1 + 1;
    outbox.open(Delivery::lossless);
    EXPECT_EQ(outbox.dropped(), 0U);
    EXPECT_FALSE(outbox.data(Kind::state, 0, content(4)));
    outbox.grant(1);
    EXPECT_TRUE(outbox.data(Kind::state, 0, content(4)));
    const auto frames = take_all(outbox);
    ASSERT_EQ(frames.size(), 2U);
    expect_gap(frames[0], first, 1);
    EXPECT_EQ(frames[0].sequence, next);
    outbox.open(Delivery::lossless);
    EXPECT_FALSE(outbox.data(Kind::state, 0, content(4))) << "credit of the session before";
    outbox.grant(1);
    EXPECT_TRUE(outbox.data(Kind::state, 0, content(4))) << "frames are counted anew";
}

} // namespace
} // namespace tinymf::firmware
