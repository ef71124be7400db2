// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace tinymf::stream {

// Consistent overhead byte stuffing (Cheshire & Baker 1999). Data are cut into blocks: a code byte
// c in 1..255, then c - 1 data bytes without a zero; a block with c < 255 stands for its data and
// one zero more, except the last. A zero byte on the wire therefore only ever ends a frame.

/// Most bytes that `size` data bytes become, without the closing zero: one more per 254.
[[nodiscard]] constexpr std::size_t cobs_bound(std::size_t size) {
    return size == 0 ? 1 : size + (size + 253) / 254;
}

/// Writes one COBS frame byte by byte into a caller's memory, so that no unencoded copy is needed.
/// Never writes outside; when the memory is too small, finish() returns 0.
/// Size: span + 2 words + 2 bytes. Work per byte O(1).
class CobsEncoder {
public:
    constexpr explicit CobsEncoder(std::span<std::uint8_t> out) : out_(out) { open_block(); }

    constexpr void add(std::uint8_t byte) {
        // A full block is closed only when more follows: data that end with it need no code byte.
        if (code_ == full_block) {
            close_block();
        }
        if (byte == 0) {
            close_block();
            return;
        }
        append(byte);
        ++code_;
    }

    constexpr void add(std::span<const std::uint8_t> bytes) {
        for (const std::uint8_t byte : bytes) {
            add(byte);
        }
    }

    /// Closes the frame with its zero. Returns the bytes written, or 0 when they did not fit.
    [[nodiscard]] constexpr std::size_t finish() {
        store_code();
        append(0);
        return overflow_ ? 0 : size_;
    }

private:
    static constexpr std::uint8_t full_block = 0xFF;

    constexpr void append(std::uint8_t byte) {
        if (size_ < out_.size()) {
            out_[size_++] = byte;
        } else {
            overflow_ = true;
        }
    }

    constexpr void open_block() {
        code_at_ = size_;
        code_ = 1;
        append(0); // replaced by the code once the block's length is known
    }

    constexpr void store_code() {
        if (code_at_ < out_.size()) {
            out_[code_at_] = code_;
        }
    }

    constexpr void close_block() {
        store_code();
        open_block();
    }

    std::span<std::uint8_t> out_;
    std::size_t size_ = 0;
    std::size_t code_at_ = 0;
    std::uint8_t code_ = 1;
    bool overflow_ = false;
};

/// What one wire byte meant.
struct CobsOutput {
    enum class Event : std::uint8_t {
        none,  ///< a code byte
        data,  ///< `byte` is the next decoded byte
        end,   ///< the frame closed in good order
        broken ///< the frame closed inside a block, empty, or in a form no encoder writes
    };
    Event event = Event::none;
    std::uint8_t byte = 0;
};

/// Decodes byte by byte without a buffer; every zero starts afresh. Accepts exactly the frames that
/// CobsEncoder writes: an empty block after a full one adds no data and counts as broken, so each
/// content has one wire form. Size 3 bytes. Work per byte O(1).
class CobsDecoder {
public:
    [[nodiscard]] constexpr CobsOutput feed(std::uint8_t wire) {
        if (wire == 0) {
            return close();
        }
        if (left_ != 0) {
            --left_;
            return {CobsOutput::Event::data, wire};
        }
        return open_block(wire);
    }

private:
    static constexpr std::uint8_t full_block = 0xFF;

    [[nodiscard]] constexpr CobsOutput open_block(std::uint8_t code) {
        const bool zero_between = code_ != 0 && code_ != full_block;
        after_full_block_ = code_ == full_block;
        code_ = code;
        left_ = static_cast<std::uint8_t>(code - 1U);
        return zero_between ? CobsOutput{CobsOutput::Event::data, 0} : CobsOutput{};
    }

    [[nodiscard]] constexpr CobsOutput close() {
        const bool redundant_block = code_ == 1 && after_full_block_;
        const bool whole = code_ != 0 && left_ == 0 && !redundant_block;
        *this = CobsDecoder{};
        return {whole ? CobsOutput::Event::end : CobsOutput::Event::broken, 0};
    }

    std::uint8_t code_ = 0; ///< code byte of the open block; 0 before the first
    std::uint8_t left_ = 0; ///< data bytes the open block still owes
    bool after_full_block_ = false;
};

} // namespace tinymf::stream
