// SPDX-License-Identifier: Apache-2.0
#include "live_input/controller.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <utility>

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "diagnostics/host_error.hpp"

namespace tinymf::host {
namespace {

[[noreturn]] void fail(const std::string& command, std::string_view reason) {
    throw HostError(exit_bad_input, fmt::format("controller '{}': {}", command, reason));
}

/// In the child between fork and exec: only calls that are safe in a signal handler.
[[noreturn]] void become_controller(const char* command, int line) {
    if (::dup2(line, STDIN_FILENO) >= 0 && ::dup2(line, STDOUT_FILENO) >= 0) {
        ::execl("/bin/sh", "sh", "-c", command, nullptr);
    }
    ::_exit(127);
}

} // namespace

Controller::Controller(std::string command) : command_(std::move(command)) {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        fail(command_, with_reason("socket", errno));
    }
    line_ = Descriptor(ends[0]);
    const Descriptor theirs(ends[1]);
    process_ = ::fork();
    if (process_ == 0) {
        become_controller(command_.c_str(), theirs.number());
    }
    if (process_ < 0) {
        fail(command_, with_reason("cannot start a process", errno));
    }
}

Controller::~Controller() {
    if (process_ <= 0) {
        return;
    }
    ::kill(process_, SIGTERM);
    while (::waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
    }
}

double Controller::respond(std::uint32_t step, std::span<const double> state) {
    std::string line = fmt::format("{}", step);
    for (const double x : state) {
        line += fmt::format(" {}", x);
    }
    line += '\n';
    for (std::string_view rest = line; !rest.empty();) {
        const ssize_t sent = ::send(line_.number(), rest.data(), rest.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno != EINTR) {
            fail(command_, "has ended");
        }
        rest.remove_prefix(sent > 0 ? static_cast<std::size_t>(sent) : 0);
    }
    const std::string answer = next_line();
    double value = 0.0;
    const auto [end, error] = std::from_chars(answer.data(), answer.data() + answer.size(), value);
    if (error != std::errc{} || end != answer.data() + answer.size()) {
        fail(command_, fmt::format("answered '{}' to step {}, which is no number", answer, step));
    }
    return value;
}

std::string Controller::next_line() {
    for (;;) {
        if (const std::size_t end = read_.find('\n'); end != std::string::npos) {
            std::string line = read_.substr(0, end);
            read_.erase(0, end + 1);
            return line;
        }
        std::array<char, 256> bytes{};
        const ssize_t count = ::recv(line_.number(), bytes.data(), bytes.size(), 0);
        if (count == 0 || (count < 0 && errno != EINTR)) {
            fail(command_, "ended without an answer");
        }
        read_.append(bytes.data(), count > 0 ? static_cast<std::size_t>(count) : 0);
    }
}

} // namespace tinymf::host
