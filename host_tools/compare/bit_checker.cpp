// SPDX-License-Identifier: Apache-2.0
#include "compare/bit_checker.hpp"

#include <algorithm>

#include "checkpoint/checkpoint_assembler.hpp"

namespace tinymf::host {

BitChecker::BitChecker(const Recording& recording) : recording_{recording} {
    for (std::uint8_t channel = 0; channel < recording.channels(); ++channel) {
        const auto& steps = recording.steps_of(channel);
        steps_.insert(steps_.end(), steps.begin(), steps.end());
    }
    for (const DigestMark& mark : recording.digests) {
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
    if (found == steps.end() || *found != step_ || result_.state_difference) {
        return;
    }
    const auto recorded =
        recording_.vector_of(channel, static_cast<std::size_t>(found - steps.begin()));
    TINYMF_ASSERT(recorded.size() == expected.size());
    for (std::uint32_t i = 0; i < expected.size(); ++i) {
        // Finite values differ in a bit exactly if they compare unequal; the sign of zero, which is
        // never sent, excepted.
        if (recorded[i] != expected[i]) {
            result_.state_difference = {
                .step = step_,
                .channel = channel,
                .element = i,
                .recorded = recorded[i],
                .expected = expected[i],
                .ulps = ulp_distance(recorded[i], expected[i], recording_.profile.scalar)};
            return;
        }
    }
    ++result_.states_checked;
    count_state();
}

void BitChecker::check_digest(std::uint64_t digest, std::uint64_t couplings_digest) {
    for (const DigestMark& mark :
         std::ranges::equal_range(recording_.digests, step_, {}, &DigestMark::step)) {
        result_.couplings_differ |= mark.couplings_digest != couplings_digest;
        if (mark.digest != digest && !result_.digest_difference) {
            result_.digest_difference = {
                .step = step_, .recorded = mark.digest, .expected = digest};
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
    return std::ranges::find(recording_.checkpoints, step_, &CheckpointMark::step) !=
           recording_.checkpoints.end();
}

void BitChecker::check_checkpoint(const CheckpointMark& expected) {
    for (const CheckpointMark& mark : recording_.checkpoints) {
        if (mark.step() != step_) {
            continue;
        }
        CheckpointMark given = mark;
        given.header.held_input = expected.header.held_input;
        if (given != expected || !could_hold(mark.header.held_input, expected.header.held_input)) {
            result_.checkpoint_difference = step_;
            return;
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

void BitChecker::check_fault(const std::optional<RecordedFault>& expected) {
    if (recording_.fault != expected) {
        result_.fault_difference = {.recorded = recording_.fault, .expected = expected};
    }
}

void BitChecker::count_state() {
    if (last_counted_ != step_) {
        last_counted_ = step_;
        ++result_.steps_checked;
    }
}

} // namespace tinymf::host
