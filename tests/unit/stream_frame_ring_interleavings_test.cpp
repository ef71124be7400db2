// SPDX-License-Identifier: Apache-2.0
// Every order in which producer and consumer of the ring can meet, at small sizes.
#include "tinymf/stream/frame_ring.hpp"

#include <array>
#include <cstdint>
#include <cstdio>
#include <vector>

#include <gtest/gtest.h>

#include "interleavings.hpp"

namespace tinymf::stream {
namespace {

using test::Interleavings;
using test::SharedWord;

/// A deliberate mistake, to show that the model sees one.
enum class Mistake { none, commit_before_writing, release_before_reading };

/// What happened over all orders.
struct Tally {
    std::size_t runs_with_drop = 0;
    std::size_t runs_without_drop = 0;
    std::size_t wrong_runs = 0;
};
Tally tally;

/// Puts `puts` frames of 2 and 3 bytes in turn while the other side takes `takes` times, whole or
/// by the byte, from an empty ring whose indices stand at `start`.
template <std::size_t capacity, std::size_t start, int puts, int takes, Mistake mistake>
class Exchange {
public:
    Exchange() {
        for (std::size_t at = 0; at < start; ++at) {
            static_cast<void>(ring_.reserve(1));
            ring_.commit(1);
            ring_.release(1);
        }
    }

    void first() {
        for (int put = 0; put < puts; ++put) {
            const auto slot = ring_.reserve(put % 2 == 0 ? 2 : 3);
            if (slot.empty()) {
                continue;
            }
            if (mistake == Mistake::commit_before_writing) {
                ring_.commit(slot.size());
            }
            for (std::uint8_t& byte : slot) {
                Interleavings::access();
                byte = static_cast<std::uint8_t>(++written_);
            }
            if (mistake != Mistake::commit_before_writing) {
                ring_.commit(slot.size());
            }
        }
    }

    void second() {
        for (int take = 0; take < takes; ++take) {
            const auto readable = ring_.peek();
            const auto bytes = readable.first(
                take % 2 == 0 ? readable.size() : std::min<std::size_t>(1, readable.size()));
            if (mistake == Mistake::release_before_reading) {
                ring_.release(bytes.size());
            }
            read(bytes);
            if (mistake != Mistake::release_before_reading) {
                ring_.release(bytes.size());
            }
        }
    }

    void check() {
        while (!ring_.empty()) {
            const auto rest = ring_.peek();
            for (const std::uint8_t byte : rest) {
                in_order_ &= byte == ++taken_;
            }
            ring_.release(rest.size());
        }
        ++(ring_.dropped() == 0 ? tally.runs_without_drop : tally.runs_with_drop);
        if (!in_order_ || taken_ != written_) {
            ++tally.wrong_runs;
        }
    }

private:
    void read(std::span<const std::uint8_t> bytes) {
        for (const std::uint8_t& byte : bytes) {
            Interleavings::access();
            Interleavings::learned(byte);
            in_order_ &= byte == ++taken_;
        }
    }

    FrameRing<capacity, 0, SharedWord> ring_;
    unsigned written_ = 0;
    unsigned taken_ = 0;
    bool in_order_ = true;
};

template <std::size_t capacity, std::size_t start, int puts, int takes,
          Mistake mistake = Mistake::none>
Interleavings::Extent explore() {
    return Interleavings::explore<Exchange<capacity, start, puts, takes, mistake>>();
}

template <std::size_t capacity, int puts, int takes, std::size_t... start>
std::size_t explore_from(std::index_sequence<start...>) {
    return (explore<capacity, start, puts, takes>().states + ...);
}

TEST(FrameRingInterleavings, LoseTearOrRepeatNothing) {
    tally = {};
    std::size_t states = explore_from<6, 4, 3>(std::make_index_sequence<7>{});
    states += explore_from<7, 4, 3>(std::make_index_sequence<8>{});
    states += explore_from<9, 4, 3>(std::make_index_sequence<10>{});
    RecordProperty("states", static_cast<int>(states));
    std::printf("%zu states, %zu complete orders with and %zu without a dropped frame\n", states,
                tally.runs_with_drop, tally.runs_without_drop);
    EXPECT_EQ(tally.wrong_runs, 0U);
    EXPECT_GT(tally.runs_with_drop, 0U);
    EXPECT_GT(tally.runs_without_drop, 0U);
    EXPECT_GT(states, 10'000U);
}

TEST(FrameRingInterleavings, ShowACommitBeforeTheBytesAreWritten) {
    tally = {};
    explore<7, 5, 2, 2, Mistake::commit_before_writing>();
    EXPECT_GT(tally.wrong_runs, 0U);
}

TEST(FrameRingInterleavings, ShowAReleaseBeforeTheBytesAreRead) {
    tally = {};
    explore<6, 3, 4, 3, Mistake::release_before_reading>();
    EXPECT_GT(tally.wrong_runs, 0U);
}

} // namespace
} // namespace tinymf::stream
