// SPDX-License-Identifier: Apache-2.0
// What the fuzzers judge by says no to the least that is wrong.
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <new>

#include <gtest/gtest.h>

#include "diagnostics/host_error.hpp"
#include "fuzz/execution_limits.hpp"
#include "fuzz/refusal.hpp"

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

} // namespace
} // namespace tinymf::fuzz
