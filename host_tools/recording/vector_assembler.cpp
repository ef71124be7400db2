// SPDX-License-Identifier: Apache-2.0
#include "recording/vector_assembler.hpp"

#include <iterator>
#include <utility>

namespace tinymf::host {

bool VectorAssembler::take(const VectorPiece& piece) {
    if (next_ != 0 && piece.step > step_) {
        close_vector();
    }
    const bool goes_on = next_ != 0 && piece.step == step_ && piece.first >= next_;
    const bool begins = next_ == 0 && (trace_.empty() || piece.step > trace_.steps().back()) &&
                        (fragments_.empty() || piece.step > fragments_.back().step);
    if ((!goes_on && !begins) || piece.first + piece.values.size() > piece.size) {
        return false;
    }
    step_ = piece.step;
    const bool gapless = piece.first == next_ && pieces_.empty();
    if (!gapless && pieces_.empty() && !vector_.empty()) {
        pieces_.push_back({step_, 0, std::exchange(vector_, {})});
    }
    if (gapless) {
        vector_.insert(vector_.end(), piece.values.begin(), piece.values.end());
    } else {
        pieces_.push_back({step_, piece.first, {piece.values.begin(), piece.values.end()}});
    }
    next_ = piece.first + piece.values.size();
    if (gapless && next_ == piece.size) {
        add_whole_vector();
        vector_.clear();
        next_ = 0;
    } else if (next_ == piece.size) {
        close_vector();
    }
    return true;
}

void VectorAssembler::add_whole_vector() {
    if (sink_) {
        sink_(step_, vector_);
    }
    trace_.add(step_, sink_ ? std::span<const double>() : vector_);
}

void VectorAssembler::close_vector() {
    if (!vector_.empty()) {
        pieces_.push_back({step_, 0, std::exchange(vector_, {})});
    }
    partial_vectors_ += pieces_.empty() ? 0 : 1;
    fragments_.insert(fragments_.end(), std::make_move_iterator(pieces_.begin()),
                      std::make_move_iterator(pieces_.end()));
    pieces_.clear();
    next_ = 0;
}

} // namespace tinymf::host
