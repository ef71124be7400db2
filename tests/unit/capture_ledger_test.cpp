// SPDX-License-Identifier: Apache-2.0
#include "capture/stream_ledger.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <numeric>

#include <gtest/gtest.h>

#include "capture_files.hpp"

namespace tinymf::host {
namespace {

using stream::Kind;
using test::Bytes;
using test::FrameSource;
using test::joined;

StreamLedger ledger_of(const Bytes& wire) {
    StreamLedger ledger;
    stream::FrameDecoder decoder;
    decoder.feed(wire, [&ledger](const stream::FrameView& frame) { ledger.observe(frame); });
    return ledger;
}

TEST(StreamLedger, CountsAnUnbrokenRun) {
    FrameSource source(1000);
    const StreamLedger ledger = ledger_of(
        joined({source.frame(Kind::hello), source.frame(Kind::state), source.frame(Kind::end)}));
    EXPECT_EQ(ledger.frames(), 3U);
    EXPECT_EQ(ledger.lost(), 0U);
    EXPECT_TRUE(ledger.ended());
    EXPECT_TRUE(ledger.closes());
}

TEST(StreamLedger, GoesOnWhereTheSequenceWraps) {
    FrameSource source(0xFFFFFFFEU);
    Bytes wire;
    for (int count = 0; count < 5; ++count) {
        wire = joined({wire, source.frame(Kind::state)});
    }
    source.skip(2);
    const StreamLedger ledger = ledger_of(joined({wire, source.gap(2)}));
    EXPECT_TRUE(ledger.closes());
    EXPECT_EQ(ledger.lost(), 2U);
}

TEST(StreamLedger, AcceptsALossThatIsAnnouncedExactly) {
    FrameSource source;
    const Bytes before = source.frame(Kind::state);
    source.skip(7);
    const StreamLedger ledger = ledger_of(joined({before, source.gap(7)}));
    EXPECT_EQ(ledger.lost(), 7U);
    EXPECT_EQ(ledger.announced(), 7U);
    EXPECT_EQ(ledger.gaps(), 1U);
    EXPECT_TRUE(ledger.closes());
}

TEST(StreamLedger, RefusesALossThatIsNotAnnounced) {
    FrameSource source;
    const Bytes before = source.frame(Kind::state);
    source.skip(1);
    const StreamLedger ledger = ledger_of(joined({before, source.frame(Kind::state)}));
    EXPECT_EQ(ledger.lost(), 1U);
    EXPECT_EQ(ledger.disagreements(), 1U);
    EXPECT_FALSE(ledger.closes());
}

TEST(StreamLedger, RefusesAnAnnouncementThatIsWrong) {
    for (const std::uint32_t claimed : {0U, 6U, 8U}) {
        FrameSource source;
        const Bytes before = source.frame(Kind::state);
        source.skip(7);
        EXPECT_FALSE(ledger_of(joined({before, source.gap(claimed)})).closes()) << claimed;
    }
    FrameSource source;
    EXPECT_FALSE(ledger_of(joined({source.frame(Kind::state), source.gap(3)})).closes());
}

TEST(StreamLedger, RefusesAnAnnouncementThatCannotBeRead) {
    FrameSource source;
    EXPECT_FALSE(
        ledger_of(joined({source.frame(Kind::state), source.frame(Kind::gap, {1, 2})})).closes());
}

TEST(StreamLedger, ReportsARestart) {
    FrameSource before;
    FrameSource after;
    const StreamLedger ledger =
        ledger_of(joined({before.frame(Kind::hello), before.frame(Kind::state),
                          after.frame(Kind::hello), after.frame(Kind::state)}));
    EXPECT_EQ(ledger.restarts(), 1U);
    EXPECT_EQ(ledger.disagreements(), 0U);
    EXPECT_FALSE(ledger.closes());
}

TEST(StreamLedger, HelloOnRequestIsNoRestart) {
    FrameSource source;
    EXPECT_TRUE(ledger_of(joined({source.frame(Kind::hello), source.frame(Kind::state),
                                  source.frame(Kind::hello)}))
                    .closes());
}

TEST(StreamLedger, RefusesFramesAfterEnd) {
    FrameSource source;
    const StreamLedger ledger =
        ledger_of(joined({source.frame(Kind::end), source.frame(Kind::state)}));
    EXPECT_EQ(ledger.frames_after_end(), 1U);
    EXPECT_FALSE(ledger.closes());
}

TEST(StreamLedger, SeesEveryPermutationOfEightFrames) {
    FrameSource source;
    std::array<Bytes, 8> frames;
    std::ranges::generate(frames, [&source] { return source.frame(Kind::state); });
    std::array<std::size_t, 8> order{};
    std::iota(order.begin(), order.end(), 0U);
    std::size_t permutations = 0;
    std::size_t closing = 0;
    do {
        Bytes wire;
        for (const std::size_t index : order) {
            wire.insert(wire.end(), frames.at(index).begin(), frames.at(index).end());
        }
        ++permutations;
        closing += ledger_of(wire).closes() ? 1 : 0;
    } while (std::ranges::next_permutation(order).found);
    EXPECT_EQ(permutations, 40320U);
    EXPECT_EQ(closing, 1U);
}

TEST(StreamLedger, SeesEveryRepeatedFrame) {
    for (std::size_t repeated = 0; repeated < 8; ++repeated) {
        for (std::size_t place = repeated; place < 8; ++place) {
            FrameSource source;
            Bytes wire;
            Bytes again;
            for (std::size_t index = 0; index < 8; ++index) {
                const Bytes frame = source.frame(Kind::state);
                again = index == repeated ? frame : again;
                wire = joined({wire, frame, index == place ? again : Bytes{}});
            }
            EXPECT_EQ(ledger_of(wire).out_of_order(), 1U);
        }
    }
}

/// Numbers are counted modulo 2^32: what is less than half of that ahead is a loss, the rest came
/// late. A late frame changes nothing of what is expected next.
TEST(StreamLedger, TellsALossFromALateFrameByHalfOfAllNumbers) {
    FrameSource source;
    const Bytes first = source.frame(Kind::state);
    source.skip(0x7FFF'FFFFU);
    const StreamLedger loss = ledger_of(joined({first, source.frame(Kind::state)}));
    EXPECT_EQ(loss.lost(), 0x7FFF'FFFFU);
    EXPECT_EQ(loss.gaps(), 1U);
    EXPECT_EQ(loss.announced(), 0U);
    EXPECT_EQ(loss.out_of_order(), 0U);
    FrameSource next;
    const Bytes begin = next.frame(Kind::state);
    FrameSource far(1U + 0x8000'0000U);
    const StreamLedger late =
        ledger_of(joined({begin, far.frame(Kind::state), next.frame(Kind::state)}));
    EXPECT_EQ(late.out_of_order(), 1U);
    EXPECT_EQ(late.lost(), 0U);
    EXPECT_EQ(late.disagreements(), 0U);
    EXPECT_EQ(late.frames(), 3U);
}

/// From a restart on, its numbers count.
TEST(StreamLedger, GoesOnBehindARestart) {
    FrameSource before(5);
    FrameSource after(100);
    const Bytes hello = before.frame(Kind::hello);
    const StreamLedger ledger =
        ledger_of(joined({hello, after.frame(Kind::hello), after.frame(Kind::state)}));
    EXPECT_EQ(ledger.restarts(), 1U);
    EXPECT_EQ(ledger.lost(), 0U);
    EXPECT_EQ(ledger.out_of_order(), 0U);
}

TEST(StreamLedger, AddsUpLossesAndAnnouncements) {
    FrameSource source;
    Bytes wire = source.frame(Kind::state);
    source.skip(3);
    wire = joined({wire, source.gap(3)});
    source.skip(2);
    wire = joined({wire, source.gap(2)});
    source.skip(5);
    wire = joined({wire, source.gap(4)});
    const StreamLedger ledger = ledger_of(wire);
    EXPECT_EQ(ledger.lost(), 10U);
    EXPECT_EQ(ledger.announced(), 5U);
    EXPECT_EQ(ledger.gaps(), 3U);
    EXPECT_EQ(ledger.disagreements(), 1U);
}

TEST(StreamLedger, AGapHasOneLength) {
    for (const std::size_t size : {7U, 9U}) {
        FrameSource source;
        EXPECT_EQ(
            ledger_of(joined({source.frame(Kind::state), source.frame(Kind::gap, Bytes(size))}))
                .disagreements(),
            1U)
            << size;
    }
}

/// A question of the host may cross END; nothing else follows it.
TEST(StreamLedger, OnlyAnswersMayFollowEnd) {
    for (int kind = 0x01; kind <= 0x21; ++kind) {
        FrameSource source;
        Bytes first = source.frame(Kind::end);
        const StreamLedger ledger =
            ledger_of(joined({first, source.frame(static_cast<Kind>(kind), Bytes(8))}));
        const bool may = kind == 0x20 || kind == 0x21 || kind == 0x1A || kind == 0x04;
        EXPECT_EQ(ledger.frames_after_end(), may ? 0U : 1U) << kind;
    }
    FrameSource source;
    EXPECT_EQ(ledger_of(source.frame(Kind::end)).frames_after_end(), 0U);
    FrameSource many;
    Bytes wire = many.frame(Kind::end);
    wire = joined({wire, many.frame(Kind::state), many.frame(Kind::state)});
    EXPECT_EQ(ledger_of(wire).frames_after_end(), 2U);
}

TEST(StreamLedger, AnEarlierSessionsEndIsForgottenAtConfiguration) {
    FrameSource source;
    Bytes wire = source.frame(Kind::end);
    wire = joined({wire, source.frame(Kind::hello), source.frame(Kind::configuration)});
    EXPECT_FALSE(ledger_of(wire).ended());
    EXPECT_EQ(ledger_of(wire).frames_after_end(), 0U);
    EXPECT_TRUE(ledger_of(wire).closes());
    wire = joined({wire, source.frame(Kind::state), source.frame(Kind::end)});
    EXPECT_TRUE(ledger_of(wire).ended());
    EXPECT_TRUE(ledger_of(wire).closes());
}

} // namespace
} // namespace tinymf::host
