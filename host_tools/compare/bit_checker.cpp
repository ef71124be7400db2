// SPDX-License-Identifier: Apache-2.0
#include "compare/bit_checker.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <vector>

#include "capture/checkpoint_assembler.hpp"

namespace tinymf::host {
BitChecker::BitChecker(const Recording& recording) : recording_{recording} {
    for (std::uint8_t channel = 0; channel < recording.channels(); ++channel) {
        const auto& steps = recording.steps_of(channel);
        steps_.insert(steps_.end(), steps.begin(), steps.end());
    }
    for (const auto& of_channel : recording.fragments) {
        for (const VectorFragment& fragment : of_channel) {
            steps_.push_back(fragment.step);
        }
    }
    for (const stream::DigestFrame& mark : recording.digests) {
        steps_.push_back(mark.step);
    }
    for (const CheckpointMark& mark : recording.checkpoints) {
        steps_.push_back(mark.step());
    }
    std::ranges::sort(steps_);
    steps_.erase(std::unique(steps_.begin(), steps_.end()), steps_.end());
}

std::optional<std::uint32_t> BitChecker::next_step() {
    if (next_ == steps_.size()) {
        return std::nullopt;
    }
    step_ = steps_[next_++];
    return step_;
}

void BitChecker::check(std::uint8_t channel, std::span<const double> expected) {
    const auto& steps = recording_.steps_of(channel);
    const auto found = std::ranges::lower_bound(steps, step_);
    if (found != steps.end() && *found == step_) {
        const auto recorded =
            recording_.vector_of(channel, static_cast<std::size_t>(found - steps.begin()));
        TINYMF_ASSERT(recorded.size() == expected.size());
        if (equal(channel, 0, recorded, expected)) {
            ++result_.states_checked;
            count_state();
        }
    }
    check_pieces(channel, 0, expected);
}

void BitChecker::check_piece(std::uint8_t channel, const VectorFragment& expected) {
    const auto& steps = recording_.steps_of(channel);
    const auto found = std::ranges::lower_bound(steps, step_);
    if (found != steps.end() && *found == step_) {
        const auto whole =
            recording_.vector_of(channel, static_cast<std::size_t>(found - steps.begin()));
        static_cast<void>(equal(channel, expected.first,
                                std::span(whole).subspan(expected.first, expected.values.size()),
                                expected.values));
    }
    check_pieces(channel, expected.first, expected.values);
}

/// Those elements of the recorded pieces of the present step that are among the expected ones.
void BitChecker::check_pieces(std::uint8_t channel, std::size_t first,
                              std::span<const double> expected) {
    if (channel >= recording_.fragments.size()) {
        return;
    }
    for (const VectorFragment& piece : marks_at_step(recording_.fragments[channel], step_)) {
        const std::size_t begin = std::max(first, piece.first);
        const std::size_t end =
            std::min(first + expected.size(), piece.first + piece.values.size());
        if (begin < end) {
            static_cast<void>(equal(
                channel, begin, std::span(piece.values).subspan(begin - piece.first, end - begin),
                expected.subspan(begin - first, end - begin)));
        }
    }
}

/// Notes the first difference of all.
bool BitChecker::equal(std::uint8_t channel, std::size_t first, std::span<const double> recorded,
                       std::span<const double> expected) {
    // Finite values differ in a bit exactly if they compare unequal; the sign of zero, which is
    // never sent, excepted.
    const auto [ours, theirs] = std::ranges::mismatch(recorded, expected);
    if (ours == recorded.end()) {
        return true;
    }
    if (!result_.state_difference) {
        const auto element = first + static_cast<std::size_t>(ours - recorded.begin());
        result_.state_difference = {.step = step_,
                                    .channel = channel,
                                    .element = static_cast<std::uint32_t>(element),
                                    .recorded = *ours,
                                    .expected = *theirs,
                                    .ulps =
                                        ulp_distance(*ours, *theirs, recording_.profile.scalar)};
    }
    return false;
}

void BitChecker::check_digest(std::uint64_t digest, std::uint64_t couplings_digest) {
    const std::array<stream::DigestFrame, 1> expected{
        {{.step = step_, .states_digest = digest, .couplings_digest = couplings_digest}}};
    check_digests(expected);
}

void BitChecker::check_digests(std::span<const stream::DigestFrame> expected) {
    if (expected.empty()) {
        return;
    }
    const auto note = [this](std::optional<DigestDifference>& difference, std::uint64_t recorded,
                             std::uint64_t wanted) {
        if (recorded != wanted && !difference) {
            difference = {.step = step_, .recorded = recorded, .expected = wanted};
        }
    };
    for (const stream::DigestFrame& mark : marks_at_step(recording_.digests, step_)) {
        for (const stream::DigestFrame& other : expected) {
            note(result_.couplings_difference, mark.couplings_digest, other.couplings_digest);
            note(result_.digest_difference, mark.states_digest, other.states_digest);
        }
        if (result_.differs()) {
            return;
        }
        ++result_.digests_checked;
        // A digest covers the states of all steps from 0 on.
        result_.steps_checked = std::uint64_t{step_} + 1;
        last_counted_ = step_;
    }
}

bool BitChecker::has_checkpoint() const {
    return !marks_at_step(recording_.checkpoints, step_).empty();
}

void BitChecker::check_checkpoint(const CheckpointMark& expected) {
    check_checkpoints(std::span(&expected, 1));
}

void BitChecker::check_checkpoints(std::span<const CheckpointMark> expected) {
    if (expected.empty()) {
        return;
    }
    const auto is_equal = [this](const CheckpointMark& mark, const CheckpointMark& other) {
        CheckpointMark given = mark;
        given.header.held_input = other.header.held_input;
        return given == other && could_hold(mark.header.held_input, other.header.held_input);
    };
    for (const CheckpointMark& mark : marks_at_step(recording_.checkpoints, step_)) {
        for (const CheckpointMark& other : expected) {
            if (!is_equal(mark, other)) {
                result_.checkpoint_difference = step_;
                return;
            }
        }
        ++result_.checkpoints_checked;
    }
}

/// An input given at the checkpoint's own step may have come before it or after.
bool BitChecker::could_hold(std::uint64_t input_bits, std::uint64_t before_step) const {
    return input_bits == before_step ||
           std::ranges::any_of(recording_.live_inputs, [&](const LiveInput& input) {
               return input.step == step_ &&
                      input_bits == held_input_bits(input.value, recording_.profile.scalar);
           });
}

void BitChecker::check_saturation(const std::optional<stream::SaturationFrame>& expected) {
    if (recording_.saturation != expected) {
        result_.saturation_difference = {.recorded = recording_.saturation, .expected = expected};
    }
}

void BitChecker::check_fault(const std::optional<RecordedFault>& expected) {
    if (recording_.fault != expected) {
        result_.fault_difference = {.recorded = recording_.fault, .expected = expected};
    }
}

void BitChecker::check_end(const std::optional<stream::EndReason>& expected) {
    using enum stream::EndReason;
    if (!recording_.end) {
        return;
    }
    const stream::EndReason reason = recording_.end->reason;
    const bool of_itself = reason == completed || reason == non_finite;
    if (expected ? reason != *expected : of_itself) {
        result_.end_difference = reason;
    }
}

void BitChecker::count_state() {
    if (last_counted_ != step_) {
        last_counted_ = step_;
        ++result_.steps_checked;
    }
}

} // namespace tinymf::host
