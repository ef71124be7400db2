// SPDX-License-Identifier: Apache-2.0
#include "base/child_process.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>
#include <thread>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>
#if defined(__linux__)
#include <sys/prctl.h>
#endif

#include "base/file_descriptor.hpp"

namespace tinymf::host {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (std::string& text : texts) {
        pointers.push_back(text.data());
    }
    pointers.push_back(nullptr);
    return pointers;
}

/// All that the child needs, made before the fork.
struct Start {
    char* const* words;
    char* const* environment;
    std::array<int, 3> streams;
    int reason; ///< pipe that tells the parent why there is no program
    pid_t parent;
};

/// In the child between fork and exec: only calls that are safe in a signal handler.
[[noreturn]] void become_program(const Start& start) {
    ::setpgid(0, 0);
#if defined(__linux__)
    // When this program is killed, the child must not stay behind.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
    struct sigaction standard {};
    standard.sa_handler = SIG_DFL;
    ::sigaction(SIGPIPE, &standard, nullptr);
    bool ready = ::getppid() == start.parent;
    for (int stream = 0; ready && stream < 3; ++stream) {
        const int given = start.streams[static_cast<std::size_t>(stream)];
        ready = given < 0 || ::dup2(given, stream) >= 0;
    }
    if (ready) {
        ::execvpe(start.words[0], start.words, start.environment);
    }
    const int reason = errno;
    static_cast<void>(::write(start.reason, &reason, sizeof reason));
    ::_exit(127);
}

/// 0 once the program runs, or the reason why it does not.
int reason_from(const FileDescriptor& pipe) {
    int reason = 0;
    ssize_t count = 0;
    do {
        count = ::read(pipe.number(), &reason, sizeof reason);
    } while (count < 0 && errno == EINTR);
    return count == sizeof reason ? reason : 0;
}

[[noreturn]] void fail(int reason, const std::string& what) {
    throw std::system_error(reason, std::generic_category(), what);
}

} // namespace

ChildProcess::ChildProcess(const ChildCommand& command) {
    std::vector<std::string> words = command.words;
    std::vector<std::string> environment = command.environment;
    if (words.empty()) {
        fail(EINVAL, "no program");
    }
    const std::vector<char*> word_pointers = pointers_to(words);
    const std::vector<char*> environment_pointers = pointers_to(environment);
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        fail(errno, "pipe");
    }
    const FileDescriptor reason(ends[0]);
    FileDescriptor theirs(ends[1]);
    const Start start{word_pointers.data(),
                      command.own_environment ? environ : environment_pointers.data(),
                      {command.input, command.output, command.errors},
                      theirs.number(),
                      ::getpid()};
    process_ = ::fork();
    if (process_ == 0) {
        become_program(start);
    }
    if (process_ < 0) {
        fail(errno, "cannot start a process");
    }
    theirs.reset();
    if (const int why = reason_from(reason); why != 0) {
        static_cast<void>(end(0ms));
        fail(why, words.front());
    }
}

ChildProcess::~ChildProcess() {
    static_cast<void>(end(0ms));
}

std::optional<int> ChildProcess::wait(std::chrono::milliseconds limit) {
    constexpr auto longest_nap = 20ms;
    const auto deadline = Clock::now() + limit;
    for (auto nap = 1ms; !status_; nap = std::min(2 * nap, longest_nap)) {
        int status = 0;
        const pid_t ended = ::waitpid(process_, &status, WNOHANG);
        if (ended == process_) {
            status_ = status;
        } else if (ended < 0 && errno != EINTR) {
            status_ = 0; // reaped by somebody else
        } else if (Clock::now() >= deadline) {
            break;
        } else {
            std::this_thread::sleep_for(nap);
        }
    }
    return status_;
}

int ChildProcess::end(std::chrono::milliseconds patience) {
    if (process_ <= 0) {
        return 0;
    }
    if (!wait(0ms) && patience > 0ms) {
        signal_all(SIGTERM);
        static_cast<void>(wait(patience));
    }
    signal_all(SIGKILL); // whatever it left behind too
    while (!wait(1000ms)) {
    }
    process_ = -1; // another process may get the number
    return *status_;
}

/// Both: the process may not have made its group yet.
void ChildProcess::signal_all(int number) const {
    ::kill(-process_, number);
    if (!status_) {
        ::kill(process_, number);
    }
}

std::string wait_status_text(int status) {
    return WIFSIGNALED(status) ? fmt::format("was ended by signal {}", WTERMSIG(status))
                               : fmt::format("ended with status {}", WEXITSTATUS(status));
}

} // namespace tinymf::host
