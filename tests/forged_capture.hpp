// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "capture/capture_reader.hpp"
#include "tinymf/stream/frame.hpp"
#include "tinymf/stream/frame_kinds.hpp"

namespace tinymf::test {

/// One frame of a capture, taken apart.
struct ForgedFrame {
    std::uint8_t kind = 0;
    std::uint8_t schema = stream::schema_id;
    std::uint32_t sequence = 0;
    std::vector<std::uint8_t> payload;

    [[nodiscard]] bool is(stream::Kind other) const {
        return kind == static_cast<std::uint8_t>(other);
    }

    /// Little-endian number of `size` bytes at `offset`.
    [[nodiscard]] std::uint64_t get(std::size_t offset, std::size_t size) const {
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < size; ++i) {
            value |= std::uint64_t{payload.at(offset + i)} << (8 * i);
        }
        return value;
    }
    void put(std::size_t offset, std::size_t size, std::uint64_t value) {
        for (std::size_t i = 0; i < size; ++i) {
            payload.at(offset + i) = static_cast<std::uint8_t>(value >> (8 * i));
        }
    }

    friend bool operator==(const ForgedFrame&, const ForgedFrame&) = default;
};

/// A capture whose frames a test may change: whatever it does, checksums are right, and sequence
/// numbers after `renumber`.
class ForgedCapture {
public:
    explicit ForgedCapture(const std::filesystem::path& path) {
        host::CaptureReader reader(path);
        metadata = reader.metadata();
        while (const auto captured = reader.next()) {
            const auto& [header, payload] = captured->frame;
            frames.push_back({.kind = header.kind,
                              .schema = header.schema,
                              .sequence = header.sequence,
                              .payload = {payload.begin(), payload.end()}});
        }
    }

    /// Index of the n-th frame of a kind, counted from 0, or from the last backwards: -1.
    [[nodiscard]] std::size_t find(stream::Kind kind, int n = 0) const {
        std::vector<std::size_t> found;
        for (std::size_t i = 0; i < frames.size(); ++i) {
            if (frames[i].is(kind)) {
                found.push_back(i);
            }
        }
        const auto index =
            n >= 0 ? static_cast<std::size_t>(n) : found.size() - static_cast<std::size_t>(-n);
        return found.at(index);
    }
    [[nodiscard]] ForgedFrame& frame(stream::Kind kind, int n = 0) { return frames[find(kind, n)]; }

    [[nodiscard]] std::size_t count(stream::Kind kind) const {
        return static_cast<std::size_t>(
            std::ranges::count_if(frames, [kind](const auto& frame) { return frame.is(kind); }));
    }

    void erase(std::size_t index) {
        frames.erase(frames.begin() + static_cast<std::ptrdiff_t>(index));
    }
    void insert(std::size_t index, ForgedFrame frame) {
        frames.insert(frames.begin() + static_cast<std::ptrdiff_t>(index), std::move(frame));
    }

    /// Unbroken from the first on; a GAP stands for as many numbers as it says.
    void renumber() {
        std::uint32_t next = frames.front().sequence;
        for (ForgedFrame& frame : frames) {
            if (frame.is(stream::Kind::gap) && frame.payload.size() == 8) {
                next += static_cast<std::uint32_t>(frame.get(4, 4));
            }
            frame.sequence = next++;
        }
    }

    void write(const std::filesystem::path& path) const {
        std::vector<std::uint8_t> bytes = host::encode_capture_header(metadata);
        std::vector<std::uint8_t> wire(stream::largest_wire_frame);
        for (const ForgedFrame& frame : frames) {
            const std::size_t size = stream::encode_frame(
                wire, {frame.kind, frame.schema, frame.sequence}, frame.payload);
            bytes.insert(bytes.end(), wire.begin(),
                         wire.begin() + static_cast<std::ptrdiff_t>(size));
        }
        std::ofstream file(path, std::ios::binary | std::ios::trunc);
        file.write(reinterpret_cast<const char*>(bytes.data()),
                   static_cast<std::streamsize>(bytes.size()));
    }

    host::CaptureMetadata metadata;
    std::vector<ForgedFrame> frames;
};

} // namespace tinymf::test
