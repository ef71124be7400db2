// SPDX-License-Identifier: Apache-2.0
#include "link/qemu_link.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <sstream>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#if defined(__linux__)
#include <sys/prctl.h>
#endif

#include "diagnostics/host_error.hpp"

namespace tinymf::host {
namespace {

constexpr int exit_not_started = 127;

[[noreturn]] void fail(const std::string& name, std::string_view reason) {
    throw HostError(exit_link_failed, fmt::format("{}: {}", name, reason));
}

/// The serial line is standard input and output: no name in the file system to race for or clean
/// up.
std::vector<std::string> command_line(const QemuBoard& board) {
    std::vector<std::string> words;
    std::istringstream command(board.command);
    for (std::string word; command >> word;) {
        words.push_back(word);
    }
    for (const char* word : {"-nographic", "-monitor", "none", "-no-reboot", "-serial", "stdio"}) {
        words.emplace_back(word);
    }
    if (board.counted_time) {
        words.emplace_back("-icount");
        words.emplace_back("shift=0,sleep=off");
    }
    words.emplace_back("-kernel");
    words.push_back(board.image.string());
    return words;
}

/// What becomes the emulator's standard input, output and error.
struct QemuEnds {
    int input = -1;
    int output = -1;
    int said = -1;
};

/// In the child between fork and exec: only calls that are safe in a signal handler.
[[noreturn]] void become_qemu(char* const* words, const QemuEnds& ends, pid_t parent) {
#if defined(__linux__)
    // When this program is killed, the emulator must not stay behind.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
    if (::getppid() == parent && ::dup2(ends.input, STDIN_FILENO) >= 0 &&
        ::dup2(ends.output, STDOUT_FILENO) >= 0 && ::dup2(ends.said, STDERR_FILENO) >= 0) {
        ::execvp(words[0], words);
    }
    const char* const reason = std::strerror(errno);
    static_cast<void>(::write(ends.said, reason, std::strlen(reason)));
    ::_exit(exit_not_started);
}

Descriptor nameless_file(const std::string& name) {
    std::FILE* const file = std::tmpfile();
    if (file == nullptr) {
        fail(name, with_reason("temporary file", errno));
    }
    Descriptor copy(::fcntl(::fileno(file), F_DUPFD_CLOEXEC, 0));
    std::fclose(file);
    return copy;
}

} // namespace

QemuLink::QemuLink(const QemuBoard& board)
    : name_("qemu:" + board.name), said_(nameless_file(name_)) {
    if (::access(board.image.c_str(), R_OK) != 0) {
        fail(name_, with_reason(board.image.string(), errno));
    }
    std::array<int, 2> commands{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, commands.data()) != 0) {
        fail(name_, with_reason("socket", errno));
    }
    const Descriptor input(commands[1]);
    to_board_ = std::make_unique<DescriptorLink>(Descriptor(commands[0]), name_, HangUp::ends);

    // A pipe, because boards send byte by byte: a socket is full after some 280 of them, and QEMU
    // raises no interrupt when a byte that it had to hold back leaves at last.
    std::array<int, 2> stream{};
    if (::pipe2(stream.data(), O_CLOEXEC) != 0) {
        fail(name_, with_reason("pipe", errno));
    }
    const Descriptor output(stream[1]);
    from_board_ = std::make_unique<DescriptorLink>(Descriptor(stream[0]), name_, HangUp::ends);
    start(board, input, output);
}

void QemuLink::start(const QemuBoard& board, const Descriptor& input, const Descriptor& output) {
    std::vector<std::string> words = command_line(board);
    std::vector<char*> pointers;
    pointers.reserve(words.size() + 1);
    for (std::string& word : words) {
        pointers.push_back(word.data());
    }
    pointers.push_back(nullptr);
    const pid_t parent = ::getpid();
    process_ = ::fork();
    if (process_ == 0) {
        become_qemu(pointers.data(), {input.number(), output.number(), said_.number()}, parent);
    }
    if (process_ < 0) {
        fail(name_, with_reason("cannot start a process", errno));
    }
}

QemuLink::~QemuLink() {
    if (process_ <= 0) {
        return;
    }
    ::kill(process_, SIGKILL);
    while (::waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
    }
}

std::size_t QemuLink::read(std::span<std::uint8_t> bytes, std::chrono::milliseconds limit) {
    const std::size_t count = from_board_->read(bytes, limit);
    if (count == 0 && from_board_->ended()) {
        expect_orderly_exit();
    }
    return count;
}

void QemuLink::write(std::span<const std::uint8_t> bytes) {
    to_board_->write(bytes);
}

void QemuLink::expect_orderly_exit() {
    if (process_ <= 0) {
        return;
    }
    int status = 0;
    while (::waitpid(process_, &status, 0) < 0) {
        if (errno != EINTR) {
            fail(name_, with_reason("waiting for QEMU", errno));
        }
    }
    process_ = -1;
    if (WIFSIGNALED(status)) {
        fail(name_, fmt::format("QEMU was ended by signal {}", WTERMSIG(status)));
    }
    if (WEXITSTATUS(status) == exit_not_started) {
        fail(name_, fmt::format("QEMU cannot be started: {}", said_on_stderr()));
    }
    if (WEXITSTATUS(status) != 0) {
        fail(name_,
             fmt::format("QEMU ended with status {}: {}", WEXITSTATUS(status), said_on_stderr()));
    }
}

/// The first line.
std::string QemuLink::said_on_stderr() const {
    std::array<char, 512> text{};
    const ssize_t count = ::pread(said_.number(), text.data(), text.size(), 0);
    const std::string_view all(text.data(), count > 0 ? static_cast<std::size_t>(count) : 0);
    return std::string(all.substr(0, all.find('\n')));
}

} // namespace tinymf::host
