// SPDX-License-Identifier: Apache-2.0
#include "tinymf/stream/frame.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "tinymf/random/philox.hpp"
#include "whole_frame.hpp"

namespace tinymf::stream {
namespace {

rc::Gen<Bytes> payloads() {
    // Many zeros and long stretches without one: both ends of what COBS does.
    const auto byte = rc::gen::weightedOneOf<std::uint8_t>(
        {{1, rc::gen::just<std::uint8_t>(0)}, {6, rc::gen::inRange<std::uint8_t>(1, 255)}});
    return rc::gen::mapcat(rc::gen::inRange<std::size_t>(0, largest_payload + 1),
                           [byte](std::size_t size) {
                               return rc::gen::oneOf(rc::gen::container<Bytes>(size, byte),
                                                     rc::gen::just(Bytes(size, 0x55)),
                                                     rc::gen::just(Bytes(size, 0x00)));
                           });
}

rc::Gen<WholeFrame> any_frame() {
    return rc::gen::map(rc::gen::tuple(rc::gen::arbitrary<std::uint8_t>(),
                                       rc::gen::arbitrary<std::uint32_t>(), payloads()),
                        [](const auto& parts) {
                            const auto& [kind, sequence, payload] = parts;
                            return WholeFrame{{kind, 1, sequence}, payload};
                        });
}

Bytes noise(std::uint32_t run, std::size_t size) {
    Bytes bytes;
    bytes.reserve(size + 16);
    for (std::uint32_t block = 0; bytes.size() < size; ++block) {
        for (const std::uint32_t word : random::philox4x32({block, run, 0, 0}, {9, 9})) {
            for (unsigned shift = 0; shift < 32; shift += 8) {
                bytes.push_back(static_cast<std::uint8_t>(word >> shift));
            }
        }
    }
    bytes.resize(size);
    return bytes;
}

/// A frame of 64 wire bytes in front of its zero.
WholeFrame frame_of_64_wire_bytes() {
    return {{0x10, 1, 0x00C0FFEE}, noise(1, 53)};
}

RC_GTEST_PROP(FrameProperty, ComesBackAsItWas, ()) {
    const auto frames = *rc::gen::container<std::vector<WholeFrame>>(any_frame());
    Bytes wire;
    for (const WholeFrame& frame : frames) {
        const Bytes encoded = encode(frame);
        RC_ASSERT(std::count(encoded.begin(), encoded.end(), 0) == 1);
        wire.insert(wire.end(), encoded.begin(), encoded.end());
    }
    FrameDecoder decoder;
    RC_ASSERT(decode(decoder, wire) == frames);
    RC_ASSERT(decoder.counters().clean());
}

RC_GTEST_PROP(FrameProperty, ALostAddedOrChangedByteCostsOnlyTheFramesItTouches, ()) {
    const auto frames = *rc::gen::container<std::vector<WholeFrame>>(5, any_frame());
    Bytes wire;
    std::vector<std::size_t> ends;
    for (const WholeFrame& frame : frames) {
        const Bytes encoded = encode(frame);
        wire.insert(wire.end(), encoded.begin(), encoded.end());
        ends.push_back(wire.size());
    }
    const auto place = *rc::gen::inRange<std::size_t>(0, wire.size());
    const auto touched =
        static_cast<std::size_t>(std::upper_bound(ends.begin(), ends.end(), place) - ends.begin());
    const auto at = wire.begin() + static_cast<std::ptrdiff_t>(place);
    const bool closing_zero = *at == 0;
    switch (*rc::gen::inRange(0, 3)) {
    case 0:
        wire.erase(at);
        break;
    case 1:
        wire.insert(at, *rc::gen::inRange<std::uint8_t>(1, 255));
        break;
    default:
        *at = static_cast<std::uint8_t>(*at ^ *rc::gen::inRange<std::uint8_t>(1, 255));
    }
    FrameDecoder decoder;
    const auto received = decode(decoder, wire);
    std::vector<WholeFrame> survivors = frames;
    const auto first = survivors.begin() + static_cast<std::ptrdiff_t>(touched);
    survivors.erase(first, first + (closing_zero && touched + 1 < frames.size() ? 2 : 1));
    // A byte put in front of the closing zero leaves the frame behind that zero alone.
    for (const WholeFrame& survivor : survivors) {
        RC_ASSERT(std::ranges::find(received, survivor) != received.end());
    }
    for (const WholeFrame& frame : received) {
        RC_ASSERT(std::ranges::find(frames, frame) != frames.end());
    }
    RC_ASSERT(received.size() < frames.size() || !decoder.counters().clean());
}

RC_GTEST_PROP(FrameProperty, EveryWireByteIsAccountedFor, (Bytes garbage)) {
    Bytes wire = garbage;
    std::uint64_t accepted_bytes = 0;
    for (const WholeFrame& frame : *rc::gen::container<std::vector<WholeFrame>>(2, any_frame())) {
        const Bytes encoded = encode(frame);
        wire.push_back(0);
        wire.insert(wire.end(), encoded.begin(), encoded.end());
        wire.insert(wire.end(), garbage.begin(), garbage.end());
    }
    FrameDecoder decoder;
    std::uint64_t since_zero = 0;
    for (const std::uint8_t byte : wire) {
        ++since_zero;
        if (decoder.feed(byte)) {
            accepted_bytes += since_zero;
        }
        since_zero = byte == 0 ? 0 : since_zero;
    }
    const FrameCounters& counters = decoder.counters();
    RC_ASSERT(accepted_bytes + counters.skipped_bytes + counters.idle_zeros +
                  decoder.pending_bytes() ==
              wire.size());
    RC_ASSERT(static_cast<std::size_t>(std::count(wire.begin(), wire.end(), 0)) ==
              counters.frames + counters.crc_errors + counters.cobs_errors + counters.oversize +
                  counters.undersize + counters.idle_zeros);
}

/// Calls `visit` with every string over `alphabet` of up to `longest` letters.
template <class Visit>
void for_each_string(const Bytes& alphabet, std::size_t longest, Bytes& string, Visit&& visit) {
    visit(string);
    if (longest == 0) {
        return;
    }
    for (const std::uint8_t letter : alphabet) {
        string.push_back(letter);
        for_each_string(alphabet, longest - 1, string, visit);
        string.pop_back();
    }
}

TEST(CobsExhaustive, AcceptsOnlyWhatTheEncoderWrites) {
    Bytes full_block(255, 0x33);
    full_block.front() = 0xFF;
    for (const Bytes& start : {Bytes{}, full_block}) {
        std::size_t accepted = 0;
        Bytes wire = start;
        for_each_string({1, 2, 3, 6}, 8, wire, [&accepted](const Bytes& block) {
            CobsDecoder decoder;
            Bytes data;
            for (const std::uint8_t byte : block) {
                const CobsOutput output = decoder.feed(byte);
                if (output.event == CobsOutput::Event::data) {
                    data.push_back(output.byte);
                }
            }
            Bytes again(cobs_bound(data.size()) + 1);
            CobsEncoder encoder(again);
            encoder.add(data);
            again.resize(encoder.finish() - 1);
            const bool well_formed = decoder.feed(0).event == CobsOutput::Event::end;
            ASSERT_EQ(well_formed, again == block);
            accepted += well_formed ? 1 : 0;
        });
        EXPECT_GT(accepted, 1000U);
    }
}

/// Feeds the bytes and a zero, because an error may have hit the closing one.
bool accepts_any(FrameDecoder& decoder, std::span<const std::uint8_t> wire) {
    const std::uint32_t before = decoder.counters().frames;
    for (const std::uint8_t byte : wire) {
        static_cast<void>(decoder.feed(byte));
    }
    static_cast<void>(decoder.feed(0));
    return decoder.counters().frames != before;
}

struct FlipCount {
    std::uint64_t cases = 0;
    std::uint64_t accepted = 0;
};

/// Tries every way to flip `flips` bits of `wire` from `first_bit` on. `before` has read the bytes
/// in front of the one that holds `first_bit`.
void try_flips(FrameDecoder before, Bytes& wire, std::size_t first_bit, int flips,
               FlipCount& count) {
    for (std::size_t bit = first_bit; bit < 8 * wire.size(); ++bit) {
        const std::size_t place = bit / 8;
        const auto mask = static_cast<std::uint8_t>(1U << (bit % 8));
        wire[place] ^= mask;
        if (flips == 1) {
            FrameDecoder decoder = before;
            ++count.cases;
            count.accepted += accepts_any(decoder, std::span(wire).subspan(place)) ? 1 : 0;
        } else {
            FrameDecoder ahead = before;
            if (bit % 8 == 7) {
                static_cast<void>(ahead.feed(wire[place]));
            }
            try_flips(ahead, wire, bit + 1, flips - 1, count);
        }
        wire[place] ^= mask;
        if (bit % 8 == 7) {
            static_cast<void>(before.feed(wire[place]));
        }
    }
}

// COBS spreads an error over the frame, so the CRC's Hamming distance says nothing by itself about
// the wire: every flip is tried.
TEST(FrameExhaustive, NoOneTwoOrThreeFlippedBitsAreAccepted) {
    Bytes wire = encode(frame_of_64_wire_bytes());
    ASSERT_EQ(wire.size(), 65U);
    FlipCount count;
    for (const int flips : {1, 2, 3}) {
        try_flips(FrameDecoder{}, wire, 0, flips, count);
    }
    EXPECT_EQ(count.cases, 520U + 134'940U + 23'299'640U);
    EXPECT_EQ(count.accepted, 0U);
}

TEST(FrameExhaustive, ACutCostsOnlyTheFramesThatTouchIt) {
    const std::vector<WholeFrame> frames{{{1, 1, 0}, noise(2, 20)},
                                         {{1, 1, 1}, noise(3, 300)},
                                         {{1, 1, 2}, {}},
                                         {{1, 1, 3}, noise(4, 9)}};
    Bytes wire;
    std::vector<std::size_t> begins;
    for (const WholeFrame& frame : frames) {
        const Bytes encoded = encode(frame);
        begins.push_back(wire.size());
        wire.insert(wire.end(), encoded.begin(), encoded.end());
    }
    begins.push_back(wire.size());
    for (std::size_t from = 0; from < wire.size(); ++from) {
        for (std::size_t to = from + 1; to <= wire.size(); ++to) {
            Bytes cut(wire.begin(), wire.begin() + static_cast<std::ptrdiff_t>(from));
            cut.insert(cut.end(), wire.begin() + static_cast<std::ptrdiff_t>(to), wire.end());
            FrameDecoder decoder;
            const auto received = decode(decoder, cut);
            auto next = received.begin();
            for (std::size_t index = 0; index < frames.size(); ++index) {
                const bool arrived = next != received.end() && *next == frames[index];
                const bool away = begins[index + 1] <= from || begins[index] > to;
                ASSERT_TRUE(arrived || !away) << "cut " << from << ".." << to;
                next += arrived ? 1 : 0;
            }
            ASSERT_EQ(next, received.end()) << "cut " << from << ".." << to;
        }
    }
}

// 3 / 10^8 is the 95 % bound on the share of accepted noise that this shows.
TEST(FrameNoise, NothingIsAccepted) {
    FrameDecoder decoder;
    std::uint64_t bytes = 0;
    for (std::uint32_t run = 0; run < 1526; ++run) {
        for (const std::uint8_t byte : noise(100 + run, 65536)) {
            ++bytes;
            ASSERT_FALSE(decoder.feed(byte));
        }
    }
    EXPECT_GE(bytes, 100'000'000U);
    EXPECT_GT(decoder.counters().crc_errors, 0U);
    EXPECT_GT(decoder.counters().cobs_errors, 0U);
    EXPECT_GT(decoder.counters().oversize, 0U);
}

TEST(FrameNoise, AStuckLineIsBoundedWorkAndLeavesNoTrace) {
    const WholeFrame frame = frame_of_64_wire_bytes();
    for (const std::uint8_t stuck : Bytes{0x00, 0x01, 0x55, 0xFF}) {
        FrameDecoder decoder;
        for (int count = 0; count < 2'500'000; ++count) {
            ASSERT_FALSE(decoder.feed(stuck));
        }
        static_cast<void>(decoder.feed(0));
        EXPECT_EQ(decode(decoder, encode(frame)), std::vector{frame});
    }
}

} // namespace
} // namespace tinymf::stream
