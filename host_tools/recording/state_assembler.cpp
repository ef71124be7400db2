// SPDX-License-Identifier: Apache-2.0
#include "recording/state_assembler.hpp"

#include <utility>

namespace tinymf::host {

bool StateAssembler::take(const StateChunk& chunk) {
    const bool begins = row_.empty() || chunk.step != row_step_;
    if (begins) {
        const bool backwards = (!steps_.empty() && chunk.step <= steps_.back()) ||
                               (!row_.empty() && chunk.step <= row_step_);
        if (backwards) {
            return false;
        }
        partial_states_ += row_.empty() ? 0 : 1;
        row_.clear();
        row_step_ = chunk.step;
        row_broken_ = false;
    }
    if (chunk.first_neuron < row_.size() || chunk.first_neuron + chunk.values.size() > neurons_) {
        return false;
    }
    row_broken_ = row_broken_ || chunk.first_neuron != row_.size();
    row_.resize(chunk.first_neuron); // neurons of a dropped frame: the row is broken anyway
    row_.insert(row_.end(), chunk.values.begin(), chunk.values.end());
    if (row_.size() == neurons_) {
        if (row_broken_) {
            ++partial_states_;
        } else {
            steps_.push_back(row_step_);
            values_.insert(values_.end(), row_.begin(), row_.end());
        }
        row_.clear();
    }
    return true;
}

StateTrace StateAssembler::trace() && {
    using Table = decltype(StateTrace::x);
    const auto rows = static_cast<Eigen::Index>(steps_.size());
    const auto columns = static_cast<Eigen::Index>(neurons_);
    return {std::move(steps_), Eigen::Map<const Table>(values_.data(), rows, columns)};
}

} // namespace tinymf::host
