// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "tinymf/checkpoint/restoration.hpp"
#include "tinymf/checkpoint/snapshot.hpp"
#include "tinymf/experiment/engine.hpp"
#include "tinymf/stream/byte_reader.hpp"
#include "tinymf/stream/byte_writer.hpp"

namespace tinymf::checkpoint {

using Bytes = std::vector<std::uint8_t>;

/// Sets profile 0 of an engine up, as a CONFIGURE command would.
template <class Engine, std::floating_point T>
[[nodiscard]] experiment::Refusal configure(Engine& engine,
                                            const experiment::Parameters<T>& parameters) {
    std::array<std::uint8_t, 512> bytes{};
    stream::ByteWriter writer(bytes);
    experiment::write(writer, parameters);
    stream::ByteReader reader(writer.written());
    return engine.configure(0, reader);
}

template <class Engine>
void run_to(Engine& engine, std::uint32_t step) {
    while (engine.step_index() < step) {
        engine.step();
    }
}

/// The checkpoint of the present step, copied out in pieces of at most `size` bytes, which must
/// hold the header.
template <class Engine>
[[nodiscard]] Bytes take(const Engine& engine, std::size_t size) {
    Snapshot snapshot;
    snapshot.begin(engine);
    Bytes all;
    Bytes piece(size);
    TINYMF_ASSERT(size >= header_bytes);
    while (!snapshot.finished()) {
        stream::ByteWriter writer(piece);
        snapshot.write_next(engine, writer);
        snapshot.accept();
        all.insert(all.end(), writer.written().begin(), writer.written().end());
    }
    return all;
}

/// Puts a checkpoint in, the header alone and then pieces of at most `size` bytes, up to the first
/// that is refused.
template <class Engine>
[[nodiscard]] experiment::Refusal put(Engine& engine, std::span<const std::uint8_t> all,
                                      std::size_t size) {
    Restoration restoration;
    for (std::size_t at = 0; at < all.size();) {
        const std::size_t count =
            std::min<std::size_t>(at == 0 ? header_bytes : size, all.size() - at);
        if (const auto refusal =
                restoration.take(engine, static_cast<std::uint32_t>(at),
                                 static_cast<std::uint32_t>(all.size()), all.subspan(at, count))) {
            return refusal;
        }
        at += count;
    }
    return {};
}

} // namespace tinymf::checkpoint
