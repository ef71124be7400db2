// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "base/file_descriptor.hpp"
#include "capture/capture_header.hpp"

namespace tinymf::host {

/// Records a stream. The file is written in place and only ever grows, so that whatever happens to
/// this process it reads up to its last whole frame. A kill loses at most what was appended since
/// the last flush: `flush_every_bytes`, `flush_every`, or what the caller did not flush when the
/// link went quiet.
///
/// An older capture of that name is replaced; any other file is left alone and refused, as is a
/// capture that another process is writing. Throws HostError: exit_bad_input when the file cannot
/// be used, exit_link_failed when it can no longer be written (disk full).
class CaptureWriter {
public:
    static constexpr std::size_t flush_every_bytes = 65536;
    static constexpr std::chrono::milliseconds flush_every{100};

    /// Opens the file and writes the header through to the operating system.
    CaptureWriter(const std::filesystem::path& path, const CaptureMetadata& metadata);
    CaptureWriter(const CaptureWriter&) = delete;
    CaptureWriter& operator=(const CaptureWriter&) = delete;
    /// Flushes if it can. Call close() to know.
    ~CaptureWriter();

    void append(std::span<const std::uint8_t> bytes);

    /// Hands everything to the operating system: it then outlives this process.
    void flush();

    /// Flushes, waits for the disk, closes.
    void close();

    /// Stream bytes appended so far, the header not counted.
    [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

private:
    std::string name_;
    FileDescriptor file_;
    std::vector<std::uint8_t> unflushed_;
    std::chrono::steady_clock::time_point last_flush_;
    std::uint64_t bytes_ = 0;
};

} // namespace tinymf::host
