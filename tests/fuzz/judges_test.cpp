// SPDX-License-Identifier: Apache-2.0
// What the fuzzers judge by says no to the least that is wrong.
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <new>

#include <gtest/gtest.h>

#include "base/host_error.hpp"
#include "fuzz/capture_mutator.hpp"
#include "fuzz/execution_limits.hpp"
#include "fuzz/markup.hpp"
#include "fuzz/refusal.hpp"
#include "fuzz/small_captures.hpp"
#include "recording/recording.hpp"

namespace tinymf::fuzz {
namespace {

struct Free {
    void operator()(void* memory) const { std::free(memory); }
};
using Memory = std::unique_ptr<void, Free>;

/// One allocation of so many bytes inside an execution that may hold `data_bytes` of data.
void allocate(std::size_t bytes, std::size_t data_bytes) {
    const ExecutionLimits limits({.bytes = 0, .data_bytes = data_bytes});
    const Memory memory(std::malloc(bytes));
    ASSERT_NE(memory, nullptr);
}

void compute_for(std::chrono::milliseconds time, std::size_t bytes) {
    const ExecutionLimits limits({.bytes = bytes});
    const auto begin = std::clock();
    while (std::chrono::duration<double>(time).count() >
           static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC) {
    }
}

TEST(ExecutionLimits, AllowSixtyFourMebibytesAndNoByteMore) {
    constexpr std::size_t most = ExecutionLimits::most_heap_bytes;
    allocate(most, 0);
    EXPECT_DEATH(allocate(most + 1, 0), "holds 1 bytes more than it may");
    allocate(most + 1000, 1000);
    EXPECT_DEATH(allocate(most + 1001, 1000), "holds 1 bytes more than it may");
}

TEST(ExecutionLimits, CountWhatIsHeldAndNotWhatWasGivenBack) {
    const ExecutionLimits limits({});
    for (int i = 0; i < 10; ++i) {
        const Memory memory(std::malloc(ExecutionLimits::most_heap_bytes));
    }
}

TEST(ExecutionLimits, AllowTimeInProportionToTheBytes) {
    using namespace std::chrono_literals;
    compute_for(300ms, 0);
    EXPECT_DEATH(compute_for(1100ms, 0), "processor time, at most 1.000 s");
    compute_for(1100ms, 20000); // 20 us each
}

TEST(PlainText, IsPrintableLines) {
    EXPECT_TRUE(is_plain("run.tmf:1:2: one line"));
    EXPECT_TRUE(is_plain("two\nlines, \xCF\x84"));
    for (const char* const text :
         {"", "\n", "a\n", "\na", "a\n\nb", "a\tb", "a\x1B[31m", "a\x7F"}) {
        EXPECT_FALSE(is_plain(text)) << text;
    }
}

TEST(ExitCode, IsTheOneOfTheErrorAndItsTextIsPlain) {
    EXPECT_EQ(exit_code_of([] {}), 0);
    EXPECT_EQ(exit_code_of([] { throw host::HostError(3, "why"); }), 3);
    EXPECT_DEATH(static_cast<void>(exit_code_of([] { throw host::HostError(3, "a\x1B"); })),
                 "is_plain");
    EXPECT_DEATH(static_cast<void>(exit_code_of([] { throw host::HostError(5, "why"); })),
                 "exit_link_failed");
    EXPECT_THROW(static_cast<void>(exit_code_of([] { throw std::bad_alloc(); })), std::bad_alloc);
}

bool is_page(const std::string& body) {
    return MarkupReader("<!DOCTYPE html>\n" + body).is_well_formed();
}

TEST(Markup, IsWellFormed) {
    EXPECT_TRUE(
        is_page("<html xmlns=\"x\" lang=\"en\">\n<p>a &lt; b &#956; \xCE\xBC</p><br/></html>"));
    EXPECT_FALSE(MarkupReader("<html></html>").is_well_formed());
    for (const char* const body :
         {"<p>", "</p>", "<p></b>", "<p><b></p></b>", "<p>a < b</p>", "<p>a & b</p>", "<p>&x;</p>",
          "<p>&#;</p>", "<p>&#1a;</p>", "<p>&#12</p>", "<p>\x1B</p>", "<p>\x01</p>", "<>",
          "<p class=a></p>", "<p class=\"a></p>", "<p class=\"<b>\"></p>", "<p class></p>",
          "<p class=\"&\"></p>", "<script src=//x></script>"}) {
        EXPECT_FALSE(is_page(body)) << body;
    }
}

/// The fuzzer's own mutations, in small.
std::size_t flip_a_bit(std::uint8_t* data, std::size_t size, std::size_t /*most*/) {
    if (size > 0) {
        data[size / 2] ^= 1U;
    }
    return size;
}

TEST(CaptureMutator, KeepsChecksumsRight) {
    const auto& captures = small_captures();
    std::size_t changed = 0;
    for (unsigned seed = 0; seed < 400; ++seed) {
        CaptureMutator mutator(seed, flip_a_bit);
        const SmallCapture& capture = captures[seed % captures.size()];
        const auto bytes = seed % 4 == 0 ? mutator.crossed(capture.bytes, captures[seed % 3].bytes)
                                         : mutator.mutated(capture.bytes);
        const host::Recording judged = host::judge_capture(scratch_file("mutant.tmf", bytes));
        EXPECT_TRUE(judged.survey.counters.clean()) << seed;
        EXPECT_EQ(judged.survey.tail.size, 0U) << seed;
        changed += bytes != capture.bytes ? 1U : 0U;
    }
    EXPECT_GT(changed, 350U);
}

TEST(CaptureMutator, MakesCapturesOfWhatIsNone) {
    CaptureMutator mutator(7, flip_a_bit);
    for (const CaptureMutator::Bytes& bytes :
         {CaptureMutator::Bytes{}, CaptureMutator::Bytes{10}}) {
        const auto path = scratch_file("made.tmf", mutator.mutated(bytes));
        EXPECT_GT(host::judge_capture(path).survey.counters.frames, 10U);
    }
}

TEST(SmallCaptures, AreSoundAndSmall) {
    for (const SmallCapture& capture : small_captures()) {
        const host::Recording read = host::read_recording(scratch_file("small.tmf", capture.bytes));
        EXPECT_TRUE(read.judgement.sound()) << host::judgement_line(read);
        EXPECT_LT(capture.bytes.size(), 16384U) << read.metadata.experiment;
    }
}

} // namespace
} // namespace tinymf::fuzz
