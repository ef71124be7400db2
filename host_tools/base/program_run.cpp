// SPDX-License-Identifier: Apache-2.0
#include "base/program_run.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/file_descriptor.hpp"

namespace tinymf::host {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

struct Pipe {
    FileDescriptor read_end;
    FileDescriptor write_end;
};

Pipe new_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        throw std::system_error(errno, std::generic_category(), "pipe");
    }
    return {FileDescriptor(ends[0]), FileDescriptor(ends[1])};
}

/// As a pipe, but a reader that goes away is an error of the write and raises no signal.
Pipe new_input() {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        throw std::system_error(errno, std::generic_category(), "socket");
    }
    return {FileDescriptor(ends[0]), FileDescriptor(ends[1])};
}

void do_not_wait(const FileDescriptor& file) {
    ::fcntl(file.number(), F_SETFL, ::fcntl(file.number(), F_GETFL) | O_NONBLOCK);
}

/// Writes what there is room for; closes the pipe after the last byte, or when nobody reads it.
void feed(FileDescriptor& pipe, std::string_view& rest) {
    const ssize_t count = ::send(pipe.number(), rest.data(), rest.size(), MSG_NOSIGNAL);
    if (count > 0) {
        rest.remove_prefix(static_cast<std::size_t>(count));
    }
    if (rest.empty() || (count < 0 && errno != EAGAIN && errno != EINTR)) {
        pipe.reset();
    }
}

/// Takes what there is; closes the pipe at its end.
void drain(FileDescriptor& pipe, std::string& text, std::size_t most) {
    std::array<char, 65536> chunk{};
    const ssize_t count = ::read(pipe.number(), chunk.data(), chunk.size());
    if (count > 0) {
        text.append(chunk.data(), static_cast<std::size_t>(count));
    } else if (count == 0 || (errno != EAGAIN && errno != EINTR)) {
        pipe.reset();
    }
    if (text.size() > most) {
        throw std::system_error(std::make_error_code(std::errc::file_too_large));
    }
}

} // namespace

ProgramRun run_program(ChildCommand command, std::string_view input, const ProgramLimits& limits) {
    const auto deadline = Clock::now() + limits.time;
    Pipe to = new_input();
    Pipe from = new_pipe();
    Pipe said = new_pipe();
    command.input = to.read_end.number();
    command.output = from.write_end.number();
    command.errors = said.write_end.number();
    ChildProcess program(command);
    to.read_end.reset();
    from.write_end.reset();
    said.write_end.reset();
    do_not_wait(to.write_end);
    if (input.empty()) {
        to.write_end.reset();
    }
    ProgramRun run;
    while (from.read_end.open() || said.read_end.open()) {
        // A closed descriptor is -1, which poll passes over.
        std::array<pollfd, 3> waiting{{{to.write_end.number(), POLLOUT, 0},
                                       {from.read_end.number(), POLLIN, 0},
                                       {said.read_end.number(), POLLIN, 0}}};
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
        if (left <= 0ms) {
            throw std::system_error(std::make_error_code(std::errc::timed_out));
        }
        ::poll(waiting.data(), waiting.size(), static_cast<int>(std::min(left, 1000ms).count()));
        if (waiting[0].revents != 0) {
            feed(to.write_end, input);
        }
        if (waiting[1].revents != 0) {
            drain(from.read_end, run.output, limits.output_bytes);
        }
        if (waiting[2].revents != 0) {
            drain(said.read_end, run.errors, limits.output_bytes);
        }
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    if (!program.wait(std::max(left, 0ms))) {
        throw std::system_error(std::make_error_code(std::errc::timed_out));
    }
    run.status = *program.wait(0ms);
    return run;
}

} // namespace tinymf::host
