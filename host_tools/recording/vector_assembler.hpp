// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <utility>
#include <vector>

#include "recording/vector_trace.hpp"

namespace tinymf::host {

/// Consecutive elements of a vector, as one frame brings them.
struct VectorPiece {
    std::uint32_t step = 0;
    std::size_t size = 0;  ///< of the whole vector
    std::size_t first = 0; ///< element
    std::span<const double> values;
};

/// Puts the frames of one replica, or of one array, together. A vector whose frames did not all
/// come is counted, and its pieces stand apart.
class VectorAssembler {
public:
    /// Takes a whole vector, as soon as it is one.
    using Sink = std::function<void(std::uint32_t step, std::span<const double> vector)>;

    /// Keeps the steps of whole vectors from here on, and hands their elements out.
    void hand_out_to(Sink sink) { sink_ = std::move(sink); }

    /// False when the piece goes back in time or beyond the last element.
    [[nodiscard]] bool take(const VectorPiece& piece);

    /// No further piece comes.
    void finish() { close_vector(); }

    [[nodiscard]] std::uint64_t partial_vectors() const { return partial_vectors_; }
    [[nodiscard]] const std::vector<VectorFragment>& fragments() const { return fragments_; }
    [[nodiscard]] VectorTrace trace() && { return std::move(trace_); }

private:
    void add_whole_vector();
    void close_vector();

    Sink sink_; ///< none: vectors are kept
    VectorTrace trace_;
    std::vector<double> vector_;         ///< the one in the making, as far as it is without a gap
    std::vector<VectorFragment> pieces_; ///< of a vector with a gap
    std::vector<VectorFragment> fragments_;
    std::uint32_t step_ = 0;
    std::size_t next_ = 0; ///< element; 0: no vector is begun
    std::uint64_t partial_vectors_ = 0;
};

} // namespace tinymf::host
