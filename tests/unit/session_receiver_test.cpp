// SPDX-License-Identifier: Apache-2.0
// From the bytes of a line to frames and to the record.
#include "device/frame_receiver.hpp"

#include <algorithm>
#include <chrono>
#include <deque>
#include <vector>

#include <gtest/gtest.h>

#include "tinymf/stream/frame_kinds.hpp"
#include "unit/capture_files.hpp"

namespace tinymf::host {
namespace {

using namespace std::chrono_literals;
using stream::Kind;
using test::Bytes;
using test::FrameSource;
using test::joined;

const SessionClock steady = std::chrono::steady_clock::now;

/// Gives what it holds, one piece a read, then waits for nothing.
class PieceLink : public ByteLink {
public:
    explicit PieceLink(std::deque<Bytes> pieces) : pieces_{std::move(pieces)} {}
    std::size_t read(std::span<std::uint8_t> bytes, std::chrono::milliseconds limit) override {
        limits.push_back(limit);
        if (pieces_.empty()) {
            return 0;
        }
        Bytes& piece = pieces_.front();
        const std::size_t count = std::min(bytes.size(), piece.size());
        std::copy_n(piece.begin(), count, bytes.begin());
        piece.erase(piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(count));
        if (piece.empty()) {
            pieces_.pop_front();
        }
        return count;
    }
    void write(std::span<const std::uint8_t>) override {}
    [[nodiscard]] bool ended() const override { return ends && pieces_.empty(); }

    bool ends = true;
    std::vector<std::chrono::milliseconds> limits;

private:
    std::deque<Bytes> pieces_;
};

/// Everything that a line says, and what was recorded of it.
struct Heard {
    std::vector<std::uint8_t> kinds;
    Bytes record;
    bool flooded = false;
};

/// Begins the record behind the n-th frame.
Heard hear(std::deque<Bytes> pieces, std::size_t frames_before_record = 1000) {
    PieceLink link(std::move(pieces));
    Heard heard;
    FrameReceiver receiver(link, steady, [&heard](std::span<const std::uint8_t> bytes) {
        heard.record.insert(heard.record.end(), bytes.begin(), bytes.end());
    });
    while (const auto frame = receiver.next(1000ms)) {
        heard.kinds.push_back(frame->header.kind);
        if (heard.kinds.size() == frames_before_record) {
            receiver.begin_record();
        }
    }
    heard.flooded = receiver.flooded();
    return heard;
}

TEST(FrameReceiver, FindsFramesHoweverTheyAreCut) {
    FrameSource source;
    const Bytes line = joined({source.frame(Kind::hello, {1, 2}),
                               source.frame(Kind::state, Bytes(30, 7)), source.frame(Kind::end)});
    const std::vector<std::uint8_t> kinds{0x01, 0x10, 0x1F};
    EXPECT_EQ(hear({line}).kinds, kinds);
    std::deque<Bytes> single;
    for (const std::uint8_t byte : line) {
        single.push_back({byte});
    }
    EXPECT_EQ(hear(single).kinds, kinds);
    Bytes damaged = line;
    damaged[20] ^= 1U;
    EXPECT_EQ(hear({damaged}).kinds, (std::vector<std::uint8_t>{0x01, 0x1F}));
}

/// From the last HELLO on, damaged bytes too; nothing of what came before it.
TEST(FrameReceiver, RecordsFromTheLastHelloOn) {
    FrameSource source;
    const Bytes before = source.frame(Kind::state, Bytes(9, 1));
    const Bytes first = source.frame(Kind::hello, {1});
    const Bytes between = source.frame(Kind::profile);
    const Bytes second = source.frame(Kind::hello, {2});
    const Bytes profile = source.frame(Kind::profile, {3});
    Bytes damaged = source.frame(Kind::state, Bytes(9, 4));
    damaged[5] ^= 1U;
    const Bytes state = source.frame(Kind::state, {5});
    const Bytes line = joined({before, first, between, second, profile, damaged, state});
    const Bytes expected = joined({second, profile, damaged, state});
    EXPECT_EQ(hear({line}, 5).record, expected) << "begun behind the profile";
    const Bytes at_once = joined({first, damaged, profile});
    EXPECT_EQ(hear({at_once}, 2).record, at_once) << "the damaged frame is no HELLO";
    EXPECT_EQ(hear({line}, 4).record, expected) << "begun behind HELLO";
    EXPECT_EQ(hear({line}, 6).record, expected) << "begun behind the last frame";
    EXPECT_TRUE(hear({line}).record.empty()) << "never begun";
    EXPECT_EQ(hear({joined({before, state})}, 1).record, state) << "without a HELLO, what follows";
}

TEST(FrameReceiver, BeginsARecordOnce) {
    PieceLink link({FrameSource().frame(Kind::hello)});
    int calls = 0;
    FrameReceiver receiver(link, steady, [&calls](std::span<const std::uint8_t>) { ++calls; });
    static_cast<void>(receiver.next(10ms));
    receiver.begin_record();
    receiver.begin_record();
    EXPECT_EQ(calls, 1);
    EXPECT_EQ(receiver.counters().frames, 1U);
}

/// Noise without a zero is handed on in pieces of 64 KiB, and ends with the next zero.
TEST(FrameReceiver, HoldsNoMoreThanAPieceOfNoise) {
    PieceLink link({FrameSource().frame(Kind::hello), Bytes(70'000, 1), Bytes{0}});
    std::vector<std::size_t> sizes;
    FrameReceiver receiver(link, steady, [&sizes](std::span<const std::uint8_t> bytes) {
        sizes.push_back(bytes.size());
    });
    ASSERT_TRUE(receiver.next(1000ms));
    receiver.begin_record();
    const std::size_t hello = sizes.at(0);
    EXPECT_FALSE(receiver.next(1000ms));
    EXPECT_EQ(sizes, (std::vector<std::size_t>{hello, 65536, 70'001 - 65536}));
}

/// A mebibyte behind a HELLO that nobody asked to record: more is forgotten, and told.
TEST(FrameReceiver, IsFloodedByAMebibyteBeforeTheRecord) {
    FrameSource source;
    const Bytes hello = source.frame(Kind::hello);
    const auto flooded = [&hello](std::size_t bytes) {
        std::deque<Bytes> pieces{hello};
        for (std::size_t left = bytes - hello.size(); left > 0;) {
            const std::size_t size = std::min<std::size_t>(left, 60'000);
            Bytes piece(size, 1);
            piece.back() = 0;
            pieces.push_back(piece);
            left -= size;
        }
        return hear(pieces).flooded;
    };
    EXPECT_FALSE(flooded(1U << 20U));
    EXPECT_TRUE(flooded((1U << 20U) + 1));
    // No more than a piece of noise beyond it is held.
    std::deque<Bytes> flood(60, Bytes(60'000, 0));
    flood.push_front(hello);
    flood.push_back(source.frame(Kind::profile));
    EXPECT_LE(hear(flood, 2).record.size(), (1U << 20U) + 65536);
    // What came before a HELLO is not held, nor is a record.
    std::deque<Bytes> without(20, Bytes(60'000, 0));
    EXPECT_FALSE(hear(without).flooded);
    std::deque<Bytes> recorded(20, Bytes(60'000, 0));
    recorded.push_front(hello);
    EXPECT_FALSE(hear(recorded, 1).flooded);
}

TEST(FrameReceiver, WaitsAsLongAsItIsTold) {
    PieceLink link({});
    link.ends = false;
    FrameReceiver receiver(link, steady, [](std::span<const std::uint8_t>) {});
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_FALSE(receiver.next(30ms));
    EXPECT_GE(std::chrono::steady_clock::now() - begin, 30ms);
    ASSERT_FALSE(link.limits.empty());
    EXPECT_LE(link.limits.front(), 30ms);
    EXPECT_GE(link.limits.front(), 20ms) << "the time that is left";
    EXPECT_GE(link.limits.back(), 0ms);
    // Of a line that has ended, nobody waits for more.
    PieceLink ended({});
    FrameReceiver impatient(ended, steady, [](std::span<const std::uint8_t>) {});
    EXPECT_FALSE(impatient.next(10h));
    EXPECT_EQ(ended.limits.size(), 1U);
}

/// Without time, what is there is taken all the same: each call gives one frame.
TEST(FrameReceiver, TakesWhatHasComeAlready) {
    FrameSource source;
    const Bytes first = source.frame(Kind::state);
    const Bytes second = source.frame(Kind::digest);
    PieceLink link({joined({first, second})});
    link.ends = false;
    FrameReceiver receiver(link, steady, [](std::span<const std::uint8_t>) {});
    EXPECT_EQ(receiver.next(0ms)->header.kind, 0x10);
    EXPECT_EQ(receiver.next(0ms)->header.kind, 0x13);
    EXPECT_EQ(link.limits.size(), 1U) << "the second was there";
    EXPECT_FALSE(receiver.next(0ms));
}

} // namespace
} // namespace tinymf::host
