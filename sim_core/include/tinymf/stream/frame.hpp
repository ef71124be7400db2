// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include "tinymf/stream/cobs.hpp"
#include "tinymf/stream/crc32c.hpp"

namespace tinymf::stream {

// On the wire: COBS(kind u8, schema u8, sequence u32, payload, CRC-32C u32 of all before) 0x00,
// little-endian.

inline constexpr std::size_t frame_header_size = 6;
inline constexpr std::size_t frame_checksum_size = 4;
/// Keeps a frame inside the range where CRC-32C finds every error of up to 5 bits.
inline constexpr std::size_t largest_payload = 512;
inline constexpr std::size_t largest_frame =
    frame_header_size + largest_payload + frame_checksum_size;

/// Most bytes a frame with this payload takes on the wire, closing zero included.
[[nodiscard]] constexpr std::size_t wire_bound(std::size_t payload_size) {
    return cobs_bound(frame_header_size + payload_size + frame_checksum_size) + 1;
}

inline constexpr std::size_t largest_wire_frame = wire_bound(largest_payload);

struct FrameHeader {
    std::uint8_t kind = 0;
    std::uint8_t schema = 0;
    std::uint32_t sequence = 0;

    friend constexpr bool operator==(const FrameHeader&, const FrameHeader&) = default;
};

/// A decoded frame. The payload lives in the decoder and is valid until its next byte.
struct FrameView {
    FrameHeader header;
    std::span<const std::uint8_t> payload;
};

/// Writes one frame into a caller's memory, payload in as many pieces as the caller likes.
/// wire_bound(payload size) bytes always suffice. Size: a CobsEncoder + 2 words.
/// Work per byte: CRC and COBS, O(1).
class FrameEncoder {
public:
    constexpr FrameEncoder(std::span<std::uint8_t> out, const FrameHeader& header) : cobs_(out) {
        add_checked(header.kind);
        add_checked(header.schema);
        add_word(header.sequence);
    }

    constexpr void add(std::span<const std::uint8_t> bytes) {
        payload_size_ += bytes.size();
        for (const std::uint8_t byte : bytes) {
            add_checked(byte);
        }
    }

    /// Returns the bytes written; 0 when they did not fit or the payload is above largest_payload.
    [[nodiscard]] constexpr std::size_t finish() {
        add_word(crc_.value());
        const std::size_t written = cobs_.finish();
        return payload_size_ <= largest_payload ? written : 0;
    }

private:
    constexpr void add_checked(std::uint8_t byte) {
        crc_.add(byte);
        cobs_.add(byte);
    }

    constexpr void add_word(std::uint32_t word) {
        for (unsigned shift = 0; shift < 32; shift += 8) {
            add_checked(static_cast<std::uint8_t>(word >> shift));
        }
    }

    CobsEncoder cobs_;
    Crc32c crc_;
    std::size_t payload_size_ = 0;
};

/// One whole frame into `out`. Returns the bytes written, or 0 as FrameEncoder::finish.
[[nodiscard]] constexpr std::size_t encode_frame(std::span<std::uint8_t> out,
                                                 const FrameHeader& header,
                                                 std::span<const std::uint8_t> payload) {
    FrameEncoder encoder(out, header);
    encoder.add(payload);
    return encoder.finish();
}

/// What a decoder has seen; every counter saturates instead of wrapping.
struct FrameCounters {
    std::uint32_t frames = 0;        ///< accepted
    std::uint32_t crc_errors = 0;    ///< well formed, checksum disagrees
    std::uint32_t cobs_errors = 0;   ///< ended inside a block, or not as an encoder writes it
    std::uint32_t oversize = 0;      ///< more than largest_frame bytes before the zero
    std::uint32_t undersize = 0;     ///< too short to hold a header and a checksum
    std::uint32_t skipped_bytes = 0; ///< wire bytes of refused frames, their zeros included
    std::uint32_t idle_zeros = 0;    ///< zeros with nothing before them, allowed between frames

    [[nodiscard]] constexpr bool clean() const {
        return crc_errors == 0 && cobs_errors == 0 && oversize == 0 && undersize == 0;
    }

    friend constexpr bool operator==(const FrameCounters&, const FrameCounters&) = default;
};

/// Finds frames in a byte stream that may be damaged anywhere. Any zero resynchronises; a frame is
/// accepted only if its bytes are exactly what FrameEncoder writes for its content.
/// Size: largest_frame + 56 bytes at most. Work per byte O(1), independent of the content.
///
/// Example, a frame there and back:
///
///     const std::array<std::uint8_t, 3> payload{1, 2, 3};
///     std::array<std::uint8_t, tinymf::stream::largest_wire_frame> wire{};
///     const std::size_t size = tinymf::stream::encode_frame(wire, {0x7F, 1, 0}, payload);
///     tinymf::stream::FrameDecoder decoder;
///     std::size_t frames = 0;
///     decoder.feed(std::span(wire).first(size),
///                  [&frames](const tinymf::stream::FrameView&) { ++frames; });
///
/// Not a protection against a forger: CRC-32C finds accidents only.
class FrameDecoder {
public:
    /// True when this byte completed a frame: frame() is then valid until the next call.
    [[nodiscard]] constexpr bool feed(std::uint8_t wire) {
        count(wire_bytes_);
        const CobsOutput output = cobs_.feed(wire);
        if (output.event == CobsOutput::Event::data) {
            keep(output.byte);
        }
        return wire == 0 && close(output.event == CobsOutput::Event::end);
    }

    /// Calls `accept(const FrameView&)` for every frame that `bytes` completes.
    template <class Accept>
    constexpr void feed(std::span<const std::uint8_t> bytes, Accept&& accept) {
        for (const std::uint8_t byte : bytes) {
            if (feed(byte)) {
                accept(frame());
            }
        }
    }

    [[nodiscard]] constexpr FrameView frame() const {
        const std::uint32_t sequence = static_cast<std::uint32_t>(bytes_[2]) |
                                       static_cast<std::uint32_t>(bytes_[3]) << 8U |
                                       static_cast<std::uint32_t>(bytes_[4]) << 16U |
                                       static_cast<std::uint32_t>(bytes_[5]) << 24U;
        return {{bytes_[0], bytes_[1], sequence},
                std::span(bytes_).subspan(frame_header_size, payload_size_)};
    }

    /// Bytes since the last zero: the part of a frame that has not ended yet.
    [[nodiscard]] constexpr std::uint32_t pending_bytes() const { return wire_bytes_; }

    [[nodiscard]] constexpr const FrameCounters& counters() const { return counters_; }

private:
    static constexpr void count(std::uint32_t& counter, std::uint32_t by = 1) {
        constexpr std::uint32_t top = std::numeric_limits<std::uint32_t>::max();
        counter = by < top - counter ? counter + by : top;
    }

    constexpr void keep(std::uint8_t byte) {
        if (size_ == bytes_.size()) {
            too_long_ = true;
            return;
        }
        bytes_[size_++] = byte;
        crc_.add(byte);
    }

    /// The counter of what is wrong with the frame just ended, or of accepted frames.
    [[nodiscard]] constexpr std::uint32_t& verdict(bool well_formed) {
        if (wire_bytes_ == 1) {
            return counters_.idle_zeros;
        }
        if (too_long_) {
            return counters_.oversize;
        }
        if (!well_formed) {
            return counters_.cobs_errors;
        }
        if (size_ < frame_header_size + frame_checksum_size) {
            return counters_.undersize;
        }
        return crc_.value() == Crc32c::residue ? counters_.frames : counters_.crc_errors;
    }

    constexpr bool close(bool well_formed) {
        std::uint32_t& outcome = verdict(well_formed);
        count(outcome);
        const bool accepted = &outcome == &counters_.frames;
        if (accepted) {
            payload_size_ = size_ - frame_header_size - frame_checksum_size;
        } else if (&outcome != &counters_.idle_zeros) {
            count(counters_.skipped_bytes, wire_bytes_);
        }
        size_ = 0;
        wire_bytes_ = 0;
        too_long_ = false;
        crc_ = Crc32c{};
        return accepted;
    }

    std::array<std::uint8_t, largest_frame> bytes_{};
    std::size_t size_ = 0;
    std::size_t payload_size_ = 0;
    std::uint32_t wire_bytes_ = 0;
    Crc32c crc_;
    CobsDecoder cobs_;
    bool too_long_ = false;
    FrameCounters counters_;
};

} // namespace tinymf::stream
