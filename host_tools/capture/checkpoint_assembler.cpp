// SPDX-License-Identifier: Apache-2.0
#include "capture/checkpoint_assembler.hpp"

#include <bit>

#include "tinymf/stream/byte_reader.hpp"
#include "tinymf/stream/frame_kinds.hpp"

namespace tinymf::host {
namespace {

constexpr std::size_t frame_of = checkpoint::header_bytes + checkpoint::digest_bytes;

std::uint64_t digest_of(std::span<const std::uint8_t> bytes) {
    observe::Digest digest;
    checkpoint::add_to(digest, bytes);
    return digest.value();
}

} // namespace

bool CheckpointAssembler::take(std::span<const std::uint8_t> payload) {
    stream::ByteReader reader(payload);
    const auto [first, total] = stream::get_fields<stream::CheckpointFrame>(reader);
    const auto piece = reader.get_bytes(reader.remaining());
    if (!reader.ok() || piece.empty() || total > most_bytes || first > total ||
        piece.size() > total - first) {
        return false;
    }
    if (first == 0) {
        bytes_.clear();
        total_ = total;
    }
    if (first == bytes_.size() && total == total_) {
        bytes_.insert(bytes_.end(), piece.begin(), piece.end());
    } else {
        forget();
    }
    return true;
}

bool CheckpointAssembler::whole() const {
    if (bytes_.size() != total_ || total_ < frame_of || !checkpoint::read_header(bytes_)) {
        return false;
    }
    const auto content = std::span(bytes_).first(total_ - checkpoint::digest_bytes);
    stream::ByteReader closing{std::span(bytes_).subspan(content.size())};
    return closing.get<std::uint64_t>() == digest_of(content);
}

std::uint64_t digest_of_fields(std::span<const std::uint8_t> checkpoint) {
    return digest_of(checkpoint.subspan(checkpoint::header_bytes, checkpoint.size() - frame_of));
}

std::uint64_t held_input_bits(double value, experiment::ScalarKind scalar) {
    return scalar == experiment::ScalarKind::float32
               ? std::bit_cast<std::uint32_t>(static_cast<float>(value))
               : std::bit_cast<std::uint64_t>(value);
}

} // namespace tinymf::host
