// SPDX-License-Identifier: Apache-2.0
#include "device/controller.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include "base/command_words.hpp"
#include "base/host_error.hpp"
#include "base/problem_list.hpp"
#include "base/standard_streams.hpp"
#include "experiment/written_number.hpp"

namespace tinymf::host {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto hint_after = 1000ms;
constexpr std::size_t longest_answer = 4096;

std::vector<std::string> words_of(const std::string& command) {
    try {
        return command_words(command);
    } catch (const std::invalid_argument& error) {
        throw HostError(exit_bad_input,
                        fmt::format("--controller '{}': {}", printable(command), error.what()));
    }
}

std::string line_of(std::uint32_t step, std::span<const double> state) {
    std::string line = fmt::format("{}", step);
    for (const double x : state) {
        line += fmt::format(" {}", x);
    }
    return line + '\n';
}

} // namespace

Controller::Controller(const std::string& command, std::chrono::milliseconds patience)
    : name_(printable(command)), patience_(patience) {
    ChildCommand program;
    program.words = words_of(command);
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()) != 0) {
        fail(with_reason("socket", errno));
    }
    line_ = FileDescriptor(ends[0]);
    const FileDescriptor theirs(ends[1]);
    // Only our end may say that there is nothing yet; to the program it is an ordinary pipe.
    ::fcntl(theirs.number(), F_SETFL, ::fcntl(theirs.number(), F_GETFL) & ~O_NONBLOCK);
    program.input = theirs.number();
    program.output = theirs.number();
    try {
        process_.emplace(program);
    } catch (const std::system_error& error) {
        fail(fmt::format("cannot be started: {}", error.code().message()));
    }
}

Controller::~Controller() {
    constexpr auto patience = 500ms;
    line_.reset(); // the end of its input is the orderly end
    if (process_ && !process_->wait(patience)) {
        static_cast<void>(process_->end(patience));
    }
}

double Controller::respond(std::uint32_t step, std::span<const double> state) {
    const auto begin = Clock::now();
    give(line_of(step, state), begin);
    const std::string answer = next_line(step, begin);
    const auto value = written_real(answer);
    if (!value) {
        fail(fmt::format("answered '{}' to step {}, which is no number", printable(answer), step));
    }
    return *value;
}

void Controller::give(std::string_view rest, Clock::time_point begin) {
    while (!rest.empty()) {
        const ssize_t sent = ::send(line_.number(), rest.data(), rest.size(), MSG_NOSIGNAL);
        if (sent > 0) {
            rest.remove_prefix(static_cast<std::size_t>(sent));
        } else if (sent < 0 && errno == EAGAIN) {
            if (!wait_until(POLLOUT, begin + patience_)) {
                fail(fmt::format("has read no state for {} ms", patience_.count()));
            }
        } else if (sent < 0 && errno != EINTR) {
            fail_as_ended();
        }
    }
}

std::string Controller::next_line(std::uint32_t step, Clock::time_point begin) {
    for (;;) {
        if (const std::size_t end = read_.find('\n'); end != std::string::npos) {
            std::string line = read_.substr(0, end);
            read_.erase(0, end + 1);
            return line;
        }
        if (read_.size() > longest_answer) {
            fail(fmt::format("answers step {} with a line of more than {} bytes: '{}'", step,
                             longest_answer, printable(read_)));
        }
        if (!wait_for_answer(begin)) {
            fail(fmt::format("has not answered step {} within {} ms{}{}", step, patience_.count(),
                             read_.empty() ? "" : ", and never ended its line",
                             hinted_ ? "" : "; does it keep its output in a buffer?"));
        }
        std::array<char, 256> bytes{};
        const ssize_t count = ::recv(line_.number(), bytes.data(), bytes.size(), 0);
        if (count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN)) {
            fail_as_ended();
        }
        read_.append(bytes.data(), count > 0 ? static_cast<std::size_t>(count) : 0);
    }
}

bool Controller::wait_for_answer(Clock::time_point begin) {
    if (!hinted_ && patience_ >= hint_after) {
        if (wait_until(POLLIN, begin + hint_after)) {
            return true;
        }
        hinted_ = true;
        say(fmt::format("note: controller '{}' has been silent for a second; does it keep its "
                        "output in a buffer? (python3 -u, sed -u, fflush() in awk, stdbuf -oL)",
                        name_));
    }
    return wait_until(POLLIN, begin + patience_);
}

/// False when the time is up.
bool Controller::wait_until(short events, Clock::time_point deadline) const {
    for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
        if (left.count() <= 0) {
            return false;
        }
        pollfd line{line_.number(), events, 0};
        const auto turn = std::min<std::chrono::milliseconds>(left, 60'000ms);
        if (::poll(&line, 1, static_cast<int>(turn.count())) > 0) {
            return true;
        }
    }
}

void Controller::fail_as_ended() {
    constexpr auto patience = 500ms;
    const auto status = process_->wait(patience);
    fail(status ? wait_status_text(*status) + " without an answer" : "closed its output");
}

void Controller::fail(const std::string& reason) const {
    throw HostError(exit_bad_input, fmt::format("controller '{}': {}", name_, reason));
}

} // namespace tinymf::host
