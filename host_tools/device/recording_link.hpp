// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/file_descriptor.hpp"
#include "device/byte_link.hpp"
#include "device/link_source.hpp"

namespace tinymf::host {

/// Plays what a device once said: the frames of a capture, its header passed over, or a file of
/// raw bytes. Throws HostError: exit code 2 when the file cannot be read, 3 for a damaged header.
class RecordingLink : public ByteLink {
public:
    explicit RecordingLink(const FileSource& source);

    std::size_t read(std::span<std::uint8_t> bytes, std::chrono::milliseconds limit) override;
    void write(std::span<const std::uint8_t>) override {}
    [[nodiscard]] bool ended() const override { return ended_; }
    [[nodiscard]] bool takes_commands() const override { return false; }

private:
    std::string path_;
    FileDescriptor file_;
    bool ended_ = false;
};

} // namespace tinymf::host
