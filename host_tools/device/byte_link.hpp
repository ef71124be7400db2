// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>

namespace tinymf::host {

/// A line to a device: bytes in order, in both directions. Failures (device gone, line closed) are
/// HostErrors with exit code 4 that name the source.
class ByteLink {
public:
    ByteLink() = default;
    ByteLink(const ByteLink&) = delete;
    ByteLink& operator=(const ByteLink&) = delete;
    virtual ~ByteLink() = default;

    /// Waits until a byte has come, at most `limit`, and takes what is there. Returns how many
    /// bytes: 0 when the time was up or, once ended() is true, when nothing will ever come again.
    virtual std::size_t read(std::span<std::uint8_t> bytes, std::chrono::milliseconds limit) = 0;

    /// Hands all bytes over.
    virtual void write(std::span<const std::uint8_t> bytes) = 0;

    /// The other end has closed the line, and everything it sent was read.
    [[nodiscard]] virtual bool ended() const = 0;

    /// False for a recording: it plays what a device once said, and what is written is lost.
    [[nodiscard]] virtual bool takes_commands() const { return true; }
};

} // namespace tinymf::host
