// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <csignal>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/child_process.hpp"
#include "base/command_words.hpp"
#include "base/program_run.hpp"

namespace tinymf::host {
namespace {

using namespace std::chrono_literals;
using Words = std::vector<std::string>;

TEST(CommandWords, ArePartedAsAShellPartsThem) {
    const std::vector<std::pair<std::string_view, Words>> cases{
        {"awk '{print 0.5}'", {"awk", "{print 0.5}"}},
        {"  python3 \t loop.py  ", {"python3", "loop.py"}},
        {"sed -uE 's/^[0-9]+ ([^ ]+) .*/\\1/'", {"sed", "-uE", "s/^[0-9]+ ([^ ]+) .*/\\1/"}},
        {"sh -c 'read x; echo \"$x\"'", {"sh", "-c", "read x; echo \"$x\""}},
        {R"(a "b c" d\ e)", {"a", "b c", "d e"}},
        {R"(a "q\"q\\ \$ \` \n")", {"a", "q\"q\\ $ ` \\n"}},
        {"'' \"\"", {"", ""}},
        {"one'two'\"three\"", {"onetwothree"}},
        {"a=b --c=d x#y x~y", {"a=b", "--c=d", "x#y", "x~y"}},
        {R"(a \$b \; '|')", {"a", "$b", ";", "|"}},
    };
    for (const auto& [line, words] : cases) {
        EXPECT_EQ(command_words(line), words) << line;
    }
}

TEST(CommandWords, RefuseWhatOnlyAShellUnderstands) {
    for (const std::string_view line :
         {"a | b", "a & b", "a; b", "a < b", "a > b", "(a)", "$a", "a`b`", "a *", "a?", "[a", "~/a",
          "a ~", "#a", "a\nb", "a \"$b\"", "a \"`b`\""}) {
        EXPECT_THROW(static_cast<void>(command_words(line)), std::invalid_argument) << line;
    }
    for (const std::string_view line : {"", "  \t", "a 'b", "a \"b", "a \\", "a \"b\\"}) {
        EXPECT_THROW(static_cast<void>(command_words(line)), std::invalid_argument) << line;
    }
}

ProgramRun run(const Words& words, std::string_view input = {}, const ProgramLimits& limits = {}) {
    ChildCommand command;
    command.words = words;
    return run_program(command, input, limits);
}

TEST(ProgramRun, TakesInputAndGivesBothStreamsAndTheStatus) {
    const std::string much(3'000'000, 'x'); // more than any pipe holds
    EXPECT_EQ(run({"cat"}, much).output, much);
    const ProgramRun failed = run({"sh", "-c", "echo out; echo why >&2; exit 3"});
    EXPECT_EQ(failed.output, "out\n");
    EXPECT_EQ(failed.errors, "why\n");
    EXPECT_EQ(wait_status_text(failed.status), "ended with status 3");
    EXPECT_EQ(wait_status_text(run({"sh", "-c", "kill -9 $$"}).status), "was ended by signal 9");
    EXPECT_EQ(run({"true"}, much).status, 0) << "a program need not read";
}

TEST(ProgramRun, PassesWordsAsTheyAre) {
    const std::string odd = "it's \"$HOME\" `date` ; * \\ \n";
    EXPECT_EQ(run({"printf", "%s", odd}).output, odd);
}

TEST(ProgramRun, GivesOnlyTheEnvironmentThatWasAsked) {
    ChildCommand command;
    command.words = {"env"};
    command.own_environment = false;
    command.environment = {"A=b c"};
    EXPECT_EQ(run_program(command, {}).output, "A=b c\n");
}

TEST(ProgramRun, EndsAtItsLimits) {
    const auto begin = std::chrono::steady_clock::now();
    try {
        static_cast<void>(run({"sleep", "100"}, {}, {.time = 100ms}));
        ADD_FAILURE();
    } catch (const std::system_error& error) {
        EXPECT_EQ(error.code(), std::errc::timed_out);
    }
    try {
        static_cast<void>(run({"yes"}, {}, {.output_bytes = 1'000'000}));
        ADD_FAILURE();
    } catch (const std::system_error& error) {
        EXPECT_EQ(error.code(), std::errc::file_too_large);
    }
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 60s);
}

TEST(ChildProcess, SaysWhyThereIsNone) {
    try {
        static_cast<void>(run({"/no/such/program"}));
        ADD_FAILURE();
    } catch (const std::system_error& error) {
        EXPECT_EQ(error.code(), std::errc::no_such_file_or_directory);
    }
    try {
        static_cast<void>(run({"/"}));
        ADD_FAILURE();
    } catch (const std::system_error& error) {
        EXPECT_EQ(error.code(), std::errc::permission_denied);
    }
}

TEST(ChildProcess, EndsEvenAgainstItsWillAndTakesItsChildrenAlong) {
    ChildCommand command;
    command.words = {"sh", "-c", "trap '' TERM; echo; while :; do sleep 100; done"};
    int ends[2]; // NOLINT: as pipe wants it
    ASSERT_EQ(::pipe(ends), 0);
    command.output = ends[1];
    {
        ChildProcess stubborn(command);
        ::close(ends[1]);
        char line = 0;
        ASSERT_EQ(::read(ends[0], &line, 1), 1); // the trap stands
        EXPECT_FALSE(stubborn.wait(10ms));
        const int status = stubborn.end(100ms);
        EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    }
    char nothing = 0;
    EXPECT_EQ(::read(ends[0], &nothing, 1), 0) << "the sleeping grandchild held the pipe";
    ::close(ends[0]);
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "nothing is left to be reaped";
}

TEST(ChildProcess, EndsPolitelyWhereItListens) {
    ChildCommand command;
    command.words = {"sleep", "100"};
    ChildProcess sleeper(command);
    const int status = sleeper.end(10s);
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
}

} // namespace
} // namespace tinymf::host
