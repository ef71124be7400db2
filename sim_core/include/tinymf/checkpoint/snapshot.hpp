// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "tinymf/checkpoint/header.hpp"
#include "tinymf/checkpoint/model_state.hpp"
#include "tinymf/observe/digest.hpp"
#include "tinymf/stream/byte_writer.hpp"

namespace tinymf::checkpoint {

/// A checkpoint in the making: a cursor over its bytes, which come from the living state piece by
/// piece. The engine must not step before the last piece was accepted. Size 40 bytes.
///
/// Example, all pieces of at most 64 bytes:
///
///     using Net = tinymf::network::Network<float, 16, tinymf::model::CouplingKind::gaussian>;
///     static tinymf::experiment::Engine<Net> engine; // configured, see there
///     std::array<std::uint8_t, 256> configuration{};
///     tinymf::stream::ByteWriter writer(configuration);
///     tinymf::experiment::write(writer, tinymf::experiment::Parameters<float>{});
///     tinymf::stream::ByteReader wire(writer.written());
///     if (engine.configure(0, wire)) {
///         return;
///     }
///     tinymf::checkpoint::Snapshot snapshot;
///     snapshot.begin(engine);
///     std::size_t total = 0;
///     while (!snapshot.finished()) {
///         std::array<std::uint8_t, 64> piece{};
///         tinymf::stream::ByteWriter bytes(piece);
///         snapshot.write_next(engine, bytes);
///         total += bytes.size();
///         snapshot.accept();
///     }
///
/// Not for another model or other parameters than those that wrote it: Restoration refuses them.
class Snapshot {
public:
    /// The live input is taken down here: one that comes later belongs to the steps after.
    template <class Engine>
    void begin(const Engine& engine) {
        const Header header = header_of(engine);
        held_input_ = header.held_input;
        fields_end_ = header_bytes + header.state_bytes;
        position_ = next_ = 0;
        digest_ = observe::Digest{};
    }

    [[nodiscard]] bool finished() const { return position_ == total_bytes(); }
    [[nodiscard]] std::uint32_t total_bytes() const {
        return fields_end_ == 0 ? 0 : fields_end_ + digest_bytes;
    }
    /// Where the next piece belongs.
    [[nodiscard]] std::uint32_t position() const { return position_; }

    /// Writes as many of the next bytes as there is room for: the header at least, or 8. The same
    /// bytes come again until `accept`.
    template <class Engine>
    void write_next(const Engine& engine, stream::ByteWriter& writer) {
        next_digest_ = digest_;
        if (position_ == fields_end_) {
            writer.put(digest_.value());
            next_ = total_bytes();
            return;
        }
        const std::size_t begin = writer.size();
        if (position_ == 0) {
            write_header(engine, writer);
        }
        const std::size_t at = position_ == 0 ? 0 : position_ - header_bytes;
        const std::size_t left = fields_end_ - header_bytes - at;
        read_state(engine, at, writer.reserve(std::min(writer.room(), left)));
        const auto piece = writer.written().subspan(begin);
        add_to(next_digest_, piece);
        next_ = position_ + static_cast<std::uint32_t>(piece.size());
    }

    /// Moves on past what was written last.
    void accept() {
        position_ = next_;
        digest_ = next_digest_;
    }

private:
    template <class Engine>
    void write_header(const Engine& engine, stream::ByteWriter& writer) const {
        Header header = header_of(engine);
        header.held_input = held_input_;
        write(writer, header);
    }

    std::uint64_t held_input_ = 0;
    observe::Digest digest_;
    observe::Digest next_digest_;
    std::uint32_t fields_end_ = 0; ///< 0: no snapshot was ever begun
    std::uint32_t position_ = 0;
    std::uint32_t next_ = 0;
};

} // namespace tinymf::checkpoint
