// SPDX-License-Identifier: Apache-2.0
#include "recording/vector_assembler.hpp"

namespace tinymf::host {

bool VectorAssembler::take(const VectorPiece& piece) {
    const bool begins = vector_.empty() || piece.step != step_;
    if (begins) {
        const bool backwards = (!trace_.empty() && piece.step <= trace_.steps().back()) ||
                               (!vector_.empty() && piece.step <= step_);
        if (backwards) {
            return false;
        }
        partial_vectors_ += vector_.empty() ? 0 : 1;
        vector_.clear();
        step_ = piece.step;
        broken_ = false;
    }
    if (piece.first < vector_.size() || piece.first + piece.values.size() > piece.size) {
        return false;
    }
    broken_ = broken_ || piece.first != vector_.size();
    vector_.resize(piece.first); // elements of a dropped frame: the vector is broken anyway
    vector_.insert(vector_.end(), piece.values.begin(), piece.values.end());
    if (vector_.size() == piece.size) {
        if (broken_) {
            ++partial_vectors_;
        } else {
            trace_.add(step_, vector_);
        }
        vector_.clear();
    }
    return true;
}

} // namespace tinymf::host
