// SPDX-License-Identifier: Apache-2.0
#include "device/descriptor_link.hpp"

#include <algorithm>
#include <cerrno>
#include <limits>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/host_error.hpp"

namespace tinymf::host {
namespace {

using Clock = std::chrono::steady_clock;

int poll_timeout(Clock::time_point deadline) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    return static_cast<int>(std::clamp<long long>(left, 0, std::numeric_limits<int>::max()));
}

/// What a terminal answers once its other end is closed.
bool means_hang_up(int error_number) {
    return error_number == EIO || error_number == ENXIO || error_number == ENODEV;
}

} // namespace

DescriptorLink::DescriptorLink(FileDescriptor line, std::string name, HangUp hang_up,
                               std::chrono::milliseconds write_limit)
    : line_(std::move(line)), name_(std::move(name)), hang_up_(hang_up), write_limit_(write_limit) {
    const int flags = ::fcntl(line_.number(), F_GETFL);
    struct stat facts {};
    if (flags < 0 || ::fcntl(line_.number(), F_SETFL, flags | O_NONBLOCK) < 0 ||
        ::fstat(line_.number(), &facts) < 0) {
        fail(errno);
    }
    is_socket_ = S_ISSOCK(facts.st_mode);
}

std::size_t DescriptorLink::read(std::span<std::uint8_t> bytes, std::chrono::milliseconds limit) {
    const auto deadline = Clock::now() + limit;
    while (!ended_ && !bytes.empty()) {
        const std::size_t count = take_available(bytes);
        if (count != 0) {
            return count;
        }
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
        if (ended_ || left.count() <= 0) {
            break;
        }
        static_cast<void>(wait_for(POLLIN, left));
    }
    return 0;
}

void DescriptorLink::write(std::span<const std::uint8_t> bytes) {
    const auto deadline = Clock::now() + write_limit_;
    while (!bytes.empty()) {
        const ssize_t count = is_socket_
                                  ? ::send(line_.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL)
                                  : ::write(line_.number(), bytes.data(), bytes.size());
        if (count >= 0) {
            bytes = bytes.subspan(static_cast<std::size_t>(count));
        } else if (errno == EAGAIN) {
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
            if (left.count() <= 0 || !wait_for(POLLOUT, left)) {
                throw HostError(exit_link_failed, fmt::format("{}: did not take all bytes in {} ms",
                                                              name_, write_limit_.count()));
            }
        } else if (errno != EINTR) {
            fail(errno);
        }
    }
}

bool DescriptorLink::wait_for(short events, std::chrono::milliseconds limit) const {
    const auto deadline = Clock::now() + limit;
    for (;;) {
        pollfd line{line_.number(), events, 0};
        const int ready = ::poll(&line, 1, poll_timeout(deadline));
        if (ready > 0) {
            return true;
        }
        if (ready < 0 && errno != EINTR) {
            fail(errno);
        }
        if (Clock::now() >= deadline) {
            return false;
        }
    }
}

std::size_t DescriptorLink::take_available(std::span<std::uint8_t> bytes) {
    const ssize_t count = ::read(line_.number(), bytes.data(), bytes.size());
    if (count > 0) {
        return static_cast<std::size_t>(count);
    }
    if (count == 0 || means_hang_up(errno)) {
        hang_up();
    } else if (errno != EAGAIN && errno != EINTR) {
        fail(errno);
    }
    return 0;
}

void DescriptorLink::hang_up() {
    if (hang_up_ == HangUp::fails) {
        throw HostError(exit_link_failed, fmt::format("{}: the device is gone", name_));
    }
    ended_ = true;
}

void DescriptorLink::fail(int error_number) const {
    throw HostError(exit_link_failed, with_reason(name_, error_number));
}

} // namespace tinymf::host
