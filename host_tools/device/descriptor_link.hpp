// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include "base/file_descriptor.hpp"
#include "device/byte_link.hpp"

namespace tinymf::host {

/// What it means when the other end goes away.
enum class HangUp : std::uint8_t {
    ends, ///< the orderly end of the line
    fails ///< a device was unplugged
};

/// A line over one file descriptor: terminal, pseudo-terminal or socket. Errors are HostErrors
/// (exit code 4) that begin with `name`.
class DescriptorLink : public ByteLink {
public:
    /// How long a write may take: a command, which is a frame.
    static constexpr std::chrono::milliseconds default_write_limit{5000};

    /// Sets the descriptor to non-blocking.
    DescriptorLink(FileDescriptor line, std::string name, HangUp hang_up,
                   std::chrono::milliseconds write_limit = default_write_limit);

    std::size_t read(std::span<std::uint8_t> bytes, std::chrono::milliseconds limit) override;
    void write(std::span<const std::uint8_t> bytes) override;
    [[nodiscard]] bool ended() const override { return ended_; }

private:
    [[nodiscard]] bool wait_for(short events, std::chrono::milliseconds limit) const;
    [[nodiscard]] std::size_t take_available(std::span<std::uint8_t> bytes);
    void hang_up();
    [[noreturn]] void fail(int error_number) const;

    FileDescriptor line_;
    std::string name_;
    HangUp hang_up_;
    std::chrono::milliseconds write_limit_;
    bool is_socket_ = false;
    bool ended_ = false;
};

} // namespace tinymf::host
