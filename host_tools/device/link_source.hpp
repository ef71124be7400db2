// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <variant>

namespace tinymf::host {

struct SerialSource {
    std::string path;
    unsigned baud = 0;
    friend bool operator==(const SerialSource&, const SerialSource&) = default;
};

struct PtySource {
    std::string path;
    friend bool operator==(const PtySource&, const PtySource&) = default;
};

struct TcpSource {
    std::string host; ///< name or address, IPv6 without its brackets
    std::string port; ///< 1..65535
    friend bool operator==(const TcpSource&, const TcpSource&) = default;
};

struct FileSource {
    std::string path;
    friend bool operator==(const FileSource&, const FileSource&) = default;
};

struct QemuSource {
    std::string board;
    friend bool operator==(const QemuSource&, const QemuSource&) = default;
};

/// Where a line leads, as written after --from.
using LinkSource = std::variant<SerialSource, PtySource, TcpSource, FileSource, QemuSource>;

/// Reads serial:DEV@BAUD, pty:PATH, tcp:HOST:PORT, file:PATH or qemu:BOARD. Nothing is opened.
/// Throws HostError (exit code 2) that says what is missing.
[[nodiscard]] LinkSource parse_link_source(std::string_view text);

} // namespace tinymf::host
