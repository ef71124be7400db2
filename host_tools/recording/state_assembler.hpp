// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "recording/frame_contents.hpp"
#include "recording/recording.hpp"

namespace tinymf::host {

/// Puts the STATE frames of one replica together. A state whose frames did not all come is counted
/// and left out.
class StateAssembler {
public:
    explicit StateAssembler(std::size_t neurons) : neurons_{neurons} {}

    /// False when the chunk goes back in time or beyond the last neuron.
    [[nodiscard]] bool take(const StateChunk& chunk);

    [[nodiscard]] std::uint64_t partial_states() const {
        return partial_states_ + (row_.empty() ? 0 : 1);
    }

    [[nodiscard]] StateTrace trace() &&;

private:
    std::size_t neurons_;
    std::vector<std::uint32_t> steps_;
    std::vector<double> values_; ///< whole rows
    std::vector<double> row_;    ///< the state in the making
    std::uint32_t row_step_ = 0;
    bool row_broken_ = false;
    std::uint64_t partial_states_ = 0;
};

} // namespace tinymf::host
