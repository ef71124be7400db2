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

/// The serial line is an inherited socket: no name in the file system to race for or clean up.
std::vector<std::string> command_line(const QemuBoard& board, int serial) {
    std::vector<std::string> words;
    std::istringstream command(board.command);
    for (std::string word; command >> word;) {
        words.push_back(word);
    }
    for (const char* word :
         {"-nographic", "-monitor", "none", "-no-reboot", "-serial", "chardev:line", "-chardev"}) {
        words.emplace_back(word);
    }
    words.push_back(fmt::format("socket,id=line,fd={}", serial));
    if (board.counted_time) {
        words.emplace_back("-icount");
        words.emplace_back("shift=0");
    }
    words.emplace_back("-kernel");
    words.push_back(board.image.string());
    return words;
}

/// In the child between fork and exec: only calls that are safe in a signal handler.
[[noreturn]] void become_qemu(char* const* words, int serial, int said, pid_t parent) {
#if defined(__linux__)
    // When this program is killed, the emulator must not stay behind.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
    const int nothing = ::open("/dev/null", O_RDWR);
    if (::getppid() == parent && nothing >= 0 && ::dup2(nothing, STDIN_FILENO) >= 0 &&
        ::dup2(nothing, STDOUT_FILENO) >= 0 && ::dup2(said, STDERR_FILENO) >= 0 &&
        ::fcntl(serial, F_SETFD, 0) == 0) {
        ::execvp(words[0], words);
    }
    const char* const reason = std::strerror(errno);
    static_cast<void>(::write(said, reason, std::strlen(reason)));
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
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        fail(name_, with_reason("socket", errno));
    }
    const Descriptor device_end(ends[1]);
    line_ = std::make_unique<DescriptorLink>(Descriptor(ends[0]), name_, HangUp::ends);
    start(board, device_end);
}

void QemuLink::start(const QemuBoard& board, const Descriptor& device_end) {
    std::vector<std::string> words = command_line(board, device_end.number());
    std::vector<char*> pointers;
    pointers.reserve(words.size() + 1);
    for (std::string& word : words) {
        pointers.push_back(word.data());
    }
    pointers.push_back(nullptr);
    const pid_t parent = ::getpid();
    process_ = ::fork();
    if (process_ == 0) {
        become_qemu(pointers.data(), device_end.number(), said_.number(), parent);
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
    const std::size_t count = line_->read(bytes, limit);
    if (count == 0 && line_->ended()) {
        expect_orderly_exit();
    }
    return count;
}

void QemuLink::write(std::span<const std::uint8_t> bytes) {
    line_->write(bytes);
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
