// SPDX-License-Identifier: Apache-2.0
#include "capture/capture_reader.hpp"

#include <cerrno>

#include <fcntl.h>
#include <fmt/format.h>

#include "base/host_error.hpp"

namespace tinymf::host {
namespace {

constexpr std::size_t chunk_size = 65536;

FileDescriptor open_capture(const std::string& name) {
    FileDescriptor file(::open(name.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.open()) {
        throw HostError(exit_bad_input, with_reason(name, errno));
    }
    return file;
}

void add_finding(std::vector<std::string>& findings, std::uint64_t count, std::string_view what) {
    if (count != 0) {
        findings.push_back(fmt::format("{} {}", count, what));
    }
}

} // namespace

CaptureReader::CaptureReader(const std::filesystem::path& path)
    : name_(path.string()), file_(open_capture(name_)) {
    CaptureHeader header = read_capture_header(file_, name_);
    metadata_ = std::move(header.metadata);
    offset_ = header.size;
    frame_begin_ = header.size;
}

bool CaptureReader::fill() {
    if (chunk_at_ < chunk_.size()) {
        return true;
    }
    chunk_.resize(chunk_size);
    chunk_.resize(read_fully(file_, chunk_, name_, exit_bad_input));
    chunk_at_ = 0;
    return !chunk_.empty();
}

std::optional<CapturedFrame> CaptureReader::next() {
    while (fill()) {
        const std::uint8_t byte = chunk_[chunk_at_++];
        ++offset_;
        const bool accepted = decoder_.feed(byte);
        if (byte != 0) {
            continue;
        }
        const ByteRange place = tail();
        frame_begin_ = offset_;
        if (accepted) {
            const stream::FrameView frame = decoder_.frame();
            ledger_.observe(frame);
            return CapturedFrame{frame, place};
        }
        note_damage(place);
    }
    return std::nullopt;
}

void CaptureReader::note_damage(const ByteRange& place) {
    const bool idle = place.size == 1; // a lone zero between frames
    if (!idle && damage_.size() < most_damage_remembered) {
        damage_.push_back(place);
    }
}

std::vector<std::string> CaptureSurvey::findings() const {
    std::vector<std::string> findings;
    add_finding(findings, counters.crc_errors, "frames with a wrong checksum");
    add_finding(findings, counters.cobs_errors, "frames broken in their framing");
    add_finding(findings, counters.oversize, "frames longer than allowed");
    add_finding(findings, counters.undersize, "frames too short for a checksum");
    if (!damage.empty()) {
        findings.push_back(fmt::format("first damage at byte {}, {} bytes long",
                                       damage.front().offset, damage.front().size));
    }
    add_finding(findings, ledger.disagreements(), "losses that no GAP frame accounts for");
    add_finding(findings, ledger.out_of_order(), "frames repeated or late");
    add_finding(findings, ledger.restarts(), "restarts of the device");
    add_finding(findings, ledger.frames_after_end(), "frames after END");
    if (!ledger.ended()) {
        findings.emplace_back("there is no END frame");
    }
    if (tail.size != 0) {
        findings.push_back(
            fmt::format("the last frame is cut off at byte {}, {} bytes", tail.offset, tail.size));
    }
    return findings;
}

CaptureSurvey survey(CaptureReader& reader) {
    while (reader.next()) {
    }
    return {.counters = reader.counters(),
            .ledger = reader.ledger(),
            .damage = reader.damage(),
            .tail = reader.tail(),
            .bytes = reader.offset()};
}

} // namespace tinymf::host
