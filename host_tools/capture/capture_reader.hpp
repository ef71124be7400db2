// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/file_descriptor.hpp"
#include "capture/capture_header.hpp"
#include "capture/stream_ledger.hpp"
#include "tinymf/stream/frame.hpp"

namespace tinymf::host {

/// A range of bytes in a capture file.
struct ByteRange {
    std::uint64_t offset = 0; ///< from the start of the file
    std::uint64_t size = 0;

    friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

struct CapturedFrame {
    stream::FrameView frame; ///< valid until the next call of next()
    ByteRange place;
};

/// Reads a capture frame by frame in bounded memory, whatever its size and damage. Damaged frames
/// are skipped, counted and located; a frame cut off at the end of the file is the tail.
class CaptureReader {
public:
    /// How many damaged places are remembered; counters() counts them all.
    static constexpr std::size_t most_damage_remembered = 1000;

    /// Throws HostError as read_capture_header, or when the file cannot be read.
    explicit CaptureReader(const std::filesystem::path& path);

    [[nodiscard]] const CaptureMetadata& metadata() const { return metadata_; }

    /// The next whole frame; nothing at the end of the file.
    [[nodiscard]] std::optional<CapturedFrame> next();

    [[nodiscard]] const stream::FrameCounters& counters() const { return decoder_.counters(); }
    [[nodiscard]] const std::vector<ByteRange>& damage() const { return damage_; }
    /// The unfinished frame at the end of what was read so far.
    [[nodiscard]] ByteRange tail() const { return {frame_begin_, offset_ - frame_begin_}; }
    /// Sequence numbers and announced losses of the frames returned so far.
    [[nodiscard]] const StreamLedger& ledger() const { return ledger_; }
    /// Bytes read so far, header included.
    [[nodiscard]] std::uint64_t offset() const { return offset_; }

private:
    [[nodiscard]] bool fill();
    void note_damage(const ByteRange& place);

    std::string name_;
    FileDescriptor file_;
    CaptureMetadata metadata_;
    stream::FrameDecoder decoder_;
    StreamLedger ledger_;
    std::vector<ByteRange> damage_;
    std::vector<std::uint8_t> chunk_;
    std::size_t chunk_at_ = 0;
    std::uint64_t offset_ = 0;
    std::uint64_t frame_begin_ = 0;
};

/// What reading a whole capture showed.
struct CaptureSurvey {
    stream::FrameCounters counters;
    StreamLedger ledger;
    std::vector<ByteRange> damage;
    ByteRange tail;
    std::uint64_t bytes = 0; ///< of the file, header included

    /// Every frame came whole and every loss is accounted for; of what the frames hold, nothing is
    /// said.
    [[nodiscard]] bool intact() const { return counters.clean() && ledger.closes(); }
    /// The run came to its END and nothing is cut off.
    [[nodiscard]] bool complete() const { return ledger.ended() && tail.size == 0; }

    /// One line for each thing that is wrong; empty for an intact and complete capture.
    [[nodiscard]] std::vector<std::string> findings() const;
};

/// Reads on to the end of the file.
[[nodiscard]] CaptureSurvey survey(CaptureReader& reader);

} // namespace tinymf::host
