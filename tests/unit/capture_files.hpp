// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "tinymf/stream/byte_writer.hpp"
#include "tinymf/stream/frame.hpp"
#include "tinymf/stream/frame_kinds.hpp"

namespace tinymf::test {

using Bytes = std::vector<std::uint8_t>;

/// A folder of its own for one test, gone afterwards.
class TestFolder {
public:
    TestFolder() {
        std::string pattern =
            std::filesystem::temp_directory_path() / ("tinymf-" + std::string(6, 'X'));
        if (::mkdtemp(pattern.data()) == nullptr) {
            ADD_FAILURE() << "no temporary folder";
        }
        path_ = pattern;
    }
    TestFolder(const TestFolder&) = delete;
    TestFolder& operator=(const TestFolder&) = delete;
    ~TestFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    [[nodiscard]] std::filesystem::path operator/(const std::string& name) const {
        return path_ / name;
    }

private:
    std::filesystem::path path_;
};

inline Bytes read_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

inline void write_file(const std::filesystem::path& path, const Bytes& bytes) {
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file.write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
    ASSERT_TRUE(file.good());
}

/// Encodes frames with sequence numbers that go on by themselves.
class FrameSource {
public:
    explicit FrameSource(std::uint32_t first_sequence = 0) : sequence_(first_sequence) {}

    Bytes frame(stream::Kind kind, const Bytes& payload = {}) {
        Bytes wire(stream::wire_bound(payload.size()));
        wire.resize(stream::encode_frame(
            wire, {static_cast<std::uint8_t>(kind), stream::schema_id, sequence_++}, payload));
        return wire;
    }

    /// GAP, saying that `count` frames are missing before it.
    Bytes gap(std::uint32_t count) {
        Bytes payload(8);
        stream::ByteWriter writer(payload);
        writer.put(std::uint32_t{5});
        writer.put(count);
        return frame(stream::Kind::gap, payload);
    }

    void skip(std::uint32_t count) { sequence_ += count; }

private:
    std::uint32_t sequence_;
};

inline Bytes joined(const std::vector<Bytes>& pieces) {
    Bytes all;
    for (const Bytes& piece : pieces) {
        all.insert(all.end(), piece.begin(), piece.end());
    }
    return all;
}

} // namespace tinymf::test
