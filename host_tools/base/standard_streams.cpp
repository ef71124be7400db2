// SPDX-License-Identifier: Apache-2.0
#include "base/standard_streams.hpp"

#include <cerrno>
#include <csignal>
#include <string>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "base/file_descriptor.hpp"
#include "base/host_error.hpp"
#include "base/json_text.hpp"
#include "base/terminal_text.hpp"

namespace tinymf::host {
namespace {

/// 0, or the reason why not everything was written.
int write_all(int descriptor, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
        if (count > 0) {
            bytes.remove_prefix(static_cast<std::size_t>(count));
        } else if (count < 0 && errno == EAGAIN) {
            pollfd room{descriptor, POLLOUT, 0};
            static_cast<void>(::poll(&room, 1, -1));
        } else if (count < 0 && errno != EINTR) {
            return errno;
        }
    }
    return 0;
}

} // namespace

void hold_standard_streams() {
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (::fcntl(stream, F_GETFD) < 0) {
            // The lowest free number is the stream's own, since those below it are open.
            const int wrong_way = stream == STDIN_FILENO ? O_WRONLY : O_RDONLY;
            static_cast<void>(::open("/dev/null", wrong_way));
        }
    }
    static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
}

void print_file(std::string_view bytes) {
    if (const int reason = write_all(STDOUT_FILENO, bytes); reason != 0) {
        throw HostError(exit_link_failed,
                        with_reason("tinymf: standard output cannot be written", reason));
    }
}

void print_result(std::string_view text) {
    print_file(terminal_text(text) + '\n');
}

void print_json(const nlohmann::json& object) {
    print_file(ascii_json_text(object) + '\n');
}

void say(std::string_view lines) noexcept {
    try {
        static_cast<void>(write_all(STDERR_FILENO, terminal_text(lines) + '\n'));
    } catch (...) {
        // Out of memory: nothing can be said.
        return;
    }
}

} // namespace tinymf::host
