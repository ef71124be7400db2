// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "compare/bit_comparison.hpp"

namespace tinymf::host {

/// Those at `step` of marks whose steps ascend. (clang 14 refuses what ranges::equal_range
/// returns.)
template <class Mark>
std::span<const Mark> marks_at_step(const std::vector<Mark>& marks, std::uint32_t step) {
    const auto begin = std::ranges::lower_bound(marks, step, {}, &Mark::step);
    const auto end = std::ranges::upper_bound(marks, step, {}, &Mark::step);
    return {begin, end};
}

/// Walks through a recording step by step and holds what it reports against what a caller expects.
class BitChecker {
public:
    /// The recording must outlive the checker.
    explicit BitChecker(const Recording& recording);

    /// Moves to the next step of which the recording reports anything; nothing after the last.
    [[nodiscard]] std::optional<std::uint32_t> next_step();

    /// Expected state of a replica, or row of an array, at the present step; ignored where the
    /// recording has none.
    void check(std::uint8_t channel, std::span<const double> expected);

    /// A part of one, as another recording of the present step may hold it.
    void check_piece(std::uint8_t channel, const VectorFragment& expected);

    /// Expected digests at the present step; ignored where the recording has none.
    void check_digest(std::uint64_t digest, std::uint64_t couplings_digest);

    /// The same of another recording's digests of the present step, of which there may be several.
    void check_digests(std::span<const stream::DigestFrame> expected);

    /// True when the recording holds a checkpoint of the present step.
    [[nodiscard]] bool has_checkpoint() const;

    /// Expected checkpoint of the present step, where there is one; of the live input in effect
    /// only, that it is one that was given by then.
    void check_checkpoint(const CheckpointMark& expected);

    /// The same of another recording's checkpoints of the present step.
    void check_checkpoints(std::span<const CheckpointMark> expected);

    /// After the last step: what of the path histories was to saturate, or none.
    void check_saturation(const std::optional<stream::SaturationFrame>& expected);

    /// The fault that was to be expected, or none.
    void check_fault(const std::optional<RecordedFault>& expected);

    /// And how it ended there; nothing where a host or a clock stopped it.
    void check_end(const std::optional<stream::EndReason>& expected);

    [[nodiscard]] bool differs() const { return result_.differs(); }

    [[nodiscard]] const BitComparison& result() const { return result_; }

private:
    [[nodiscard]] bool equal(std::uint8_t channel, std::size_t first,
                             std::span<const double> recorded, std::span<const double> expected);
    void check_pieces(std::uint8_t channel, std::size_t first, std::span<const double> expected);
    void count_state();
    [[nodiscard]] bool could_hold(std::uint64_t input_bits, std::uint64_t before_step) const;

    const Recording& recording_;
    std::vector<std::uint32_t> steps_; ///< ascending, each once
    std::size_t next_ = 0;
    std::uint32_t step_ = 0;
    std::optional<std::uint32_t> last_counted_;
    BitComparison result_;
};

} // namespace tinymf::host
