// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/file_descriptor.hpp"
#include "experiment/live_input.hpp"

namespace tinymf::host {

/// Where a run that goes on from a checkpoint came from.
struct ResumedRun {
    std::string capture; ///< file that held the checkpoint
    std::uint32_t step = 0;
    std::vector<LiveInput> inputs; ///< that took effect before it

    friend bool operator==(const ResumedRun&, const ResumedRun&) = default;
};

/// What a capture says of itself besides the frames.
struct CaptureMetadata {
    std::string experiment;                       ///< text of the experiment file, as it was run
    std::string source;                           ///< what was given to --from, and --icount
    std::string delivery;                         ///< "lossless" or "realtime"
    std::map<std::string, std::string> host_tool; ///< build facts of the tool that recorded
    std::optional<ResumedRun> resumed{};

    friend bool operator==(const CaptureMetadata&, const CaptureMetadata&) = default;
};

/// Build facts of this tool, for CaptureMetadata::host_tool.
[[nodiscard]] std::map<std::string, std::string> host_tool_facts();

// A capture file: "TMFCAP", version u16, metadata length u32, metadata (JSON text), CRC-32C u32 of
// all before; then frames exactly as received. Integers are little-endian.

inline constexpr std::string_view capture_magic = "TMFCAP";
inline constexpr std::uint16_t capture_version = 1;
inline constexpr std::size_t largest_capture_metadata = 1U << 20U;

/// The header's bytes; names that are not UTF-8 are escaped. Throws HostError when the experiment
/// is not UTF-8 or the metadata too large.
[[nodiscard]] std::vector<std::uint8_t> encode_capture_header(const CaptureMetadata& metadata);

struct CaptureHeader {
    CaptureMetadata metadata;
    std::size_t size = 0; ///< bytes in the file: the frames start here
};

/// Reads the header from the start of a file and leaves it at the first frame. Sizes are checked
/// before memory is taken. Throws HostError that names `name`: exit_bad_input when it is no
/// capture or of another version, exit_unsound_stream when the header is damaged or cut.
[[nodiscard]] CaptureHeader read_capture_header(const FileDescriptor& file, std::string_view name);

/// True when the bytes begin as a capture file does.
[[nodiscard]] bool begins_as_capture(std::span<const std::uint8_t> bytes);

} // namespace tinymf::host
