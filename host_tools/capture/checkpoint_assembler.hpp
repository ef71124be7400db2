// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "tinymf/checkpoint/header.hpp"

namespace tinymf::host {

/// Puts the CHECKPOINT frames of one checkpoint after another together.
class CheckpointAssembler {
public:
    /// Far above every model's; a peer that announces more is not believed.
    static constexpr std::size_t most_bytes = std::size_t{64} << 20U;

    /// Takes the payload of a frame; false when it does not belong to its kind or
    /// announces more than `most_bytes`. A frame that does
    /// not follow the one before it begins another checkpoint, or is passed over.
    [[nodiscard]] bool take(std::span<const std::uint8_t> payload);

    /// The last frame completed a checkpoint, and its digest is right.
    [[nodiscard]] bool whole() const;

    [[nodiscard]] const std::vector<std::uint8_t>& bytes() const { return bytes_; }
    [[nodiscard]] std::size_t size() const { return bytes_.size(); }

    void forget() { *this = {}; }

private:
    std::vector<std::uint8_t> bytes_;
    std::uint32_t total_ = 0; ///< 0: nothing is begun
};

/// Digest of the evolving fields in a whole checkpoint, without its header.
[[nodiscard]] std::uint64_t digest_of_fields(std::span<const std::uint8_t> checkpoint);

/// The bits of a live input as a checkpoint of a run in that scalar holds them.
[[nodiscard]] std::uint64_t held_input_bits(double value, experiment::ScalarKind scalar);

} // namespace tinymf::host
