// SPDX-License-Identifier: Apache-2.0
#include "device/terminal_link.hpp"

#include <cerrno>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "base/host_error.hpp"
#include "device/descriptor_link.hpp"
#include "device/serial_speed.hpp"

namespace tinymf::host {
namespace {

[[noreturn]] void fail(const std::string& name, int error_number) {
    throw HostError(exit_link_failed, with_reason(name, error_number));
}

/// Non-blocking from the start: a port without carrier would otherwise hold up open().
FileDescriptor open_terminal(const std::string& path, const std::string& name) {
    FileDescriptor line(::open(path.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
    if (!line.open()) {
        fail(name, errno);
    }
    if (::isatty(line.number()) == 0) {
        throw HostError(exit_link_failed, fmt::format("{}: not a terminal device", name));
    }
    return line;
}

/// Every byte passes as it is, in both directions; a read returns as soon as one byte is there.
termios raw_settings(const FileDescriptor& line, const std::string& name) {
    termios settings{};
    if (::tcgetattr(line.number(), &settings) != 0) {
        fail(name, errno);
    }
    ::cfmakeraw(&settings);
    settings.c_cflag &= ~static_cast<tcflag_t>(CSTOPB | PARENB | CRTSCTS | HUPCL);
    settings.c_cflag |= CLOCAL | CREAD | CS8;
    settings.c_cc[VMIN] = 1;
    settings.c_cc[VTIME] = 0;
    return settings;
}

void apply(const FileDescriptor& line, const termios& settings, const std::string& name) {
    if (::tcsetattr(line.number(), TCSANOW, &settings) != 0) {
        fail(name, errno);
    }
}

/// tcsetattr succeeds when it could do anything at all, so the speed is read back.
void set_speed(const FileDescriptor& line, unsigned baud, const std::string& name) {
    const speed_t speed = serial_speed(baud);
    termios settings = raw_settings(line, name);
    ::cfsetispeed(&settings, speed);
    ::cfsetospeed(&settings, speed);
    apply(line, settings, name);
    termios taken{};
    if (::tcgetattr(line.number(), &taken) != 0 || ::cfgetospeed(&taken) != speed) {
        throw HostError(exit_link_failed,
                        fmt::format("{}: the port cannot do {} baud", name, baud));
    }
}

} // namespace

std::unique_ptr<ByteLink> open_serial(const SerialSource& source) {
    const std::string name = "serial:" + source.path;
    FileDescriptor line = open_terminal(source.path, name);
    if (::ioctl(line.number(), TIOCEXCL) != 0) {
        fail(name, errno);
    }
    set_speed(line, source.baud, name);
    ::tcflush(line.number(), TCIOFLUSH);
    return std::make_unique<DescriptorLink>(std::move(line), name, HangUp::fails);
}

std::unique_ptr<ByteLink> open_pty(const PtySource& source) {
    const std::string name = "pty:" + source.path;
    FileDescriptor line = open_terminal(source.path, name);
    apply(line, raw_settings(line, name), name);
    return std::make_unique<DescriptorLink>(std::move(line), name, HangUp::ends);
}

} // namespace tinymf::host
