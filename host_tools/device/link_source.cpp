// SPDX-License-Identifier: Apache-2.0
#include "device/link_source.hpp"

#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "base/host_error.hpp"
#include "device/serial_speed.hpp"

namespace tinymf::host {
namespace {

[[noreturn]] void refuse(std::string_view text, std::string_view reason) {
    throw HostError(exit_bad_input, fmt::format("source '{}': {}", text, reason));
}

std::optional<unsigned> whole_number(std::string_view digits) {
    unsigned value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    const bool whole = error == std::errc{} && end == digits.data() + digits.size();
    return whole ? std::optional(value) : std::nullopt;
}

SerialSource parse_serial(std::string_view text, std::string_view rest) {
    const std::size_t at = rest.rfind('@');
    if (at == std::string_view::npos || at == 0) {
        refuse(text, "expected serial:DEV@BAUD, for example serial:/dev/ttyACM0@115200");
    }
    const auto baud = whole_number(rest.substr(at + 1));
    if (!baud || !is_serial_speed(*baud)) {
        refuse(text, fmt::format("baud rate must be one of {}", serial_speed_list()));
    }
    return {std::string(rest.substr(0, at)), *baud};
}

TcpSource parse_tcp(std::string_view text, std::string_view rest) {
    const std::size_t colon = rest.rfind(':');
    if (colon == std::string_view::npos || colon == 0) {
        refuse(text, "expected tcp:HOST:PORT, for example tcp:localhost:4000");
    }
    std::string_view host = rest.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) {
        host = host.substr(1, host.size() - 2);
    }
    const auto port = whole_number(rest.substr(colon + 1));
    if (!port || *port < 1 || *port > 65535) {
        refuse(text, "port must be a number from 1 to 65535");
    }
    if (host.empty()) {
        refuse(text, "the host is missing");
    }
    return {std::string(host), std::to_string(*port)};
}

std::string parse_rest(std::string_view text, std::string_view rest, std::string_view what) {
    if (rest.empty()) {
        refuse(text, fmt::format("the {} is missing", what));
    }
    return std::string(rest);
}

} // namespace

LinkSource parse_link_source(std::string_view text) {
    if (text.find('\0') != std::string_view::npos) {
        throw HostError(exit_bad_input, "source: a zero byte in its text");
    }
    const std::size_t colon = text.find(':');
    const std::string_view scheme = text.substr(0, colon);
    const std::string_view rest =
        colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1);
    if (scheme == "serial") {
        return parse_serial(text, rest);
    }
    if (scheme == "pty") {
        return PtySource{parse_rest(text, rest, "path")};
    }
    if (scheme == "tcp") {
        return parse_tcp(text, rest);
    }
    if (scheme == "file") {
        return FileSource{parse_rest(text, rest, "path")};
    }
    if (scheme == "qemu") {
        return QemuSource{parse_rest(text, rest, "board")};
    }
    refuse(text, "expected serial:DEV@BAUD, pty:PATH, tcp:HOST:PORT, file:PATH or qemu:BOARD");
}

} // namespace tinymf::host
