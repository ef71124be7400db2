// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace tinymf::model {

/// Which kind of number left the finite ones.
enum class Quantity : std::uint8_t {
    state,    ///< of a network; part: replica, element: neuron
    estimate, ///< or a sum it comes from; part: observe::ObservedArray, element: of that array
    row,      ///< or what it is made of; part: mean_field::TwoTimeArray, element: column
};

/// The first number of a step that is NaN or infinite, if any, and where it is.
struct NonFinite {
    bool found = false;
    Quantity quantity = Quantity::state;
    std::uint8_t part = 0;
    std::uint32_t element = 0; ///< below 2^24

    /// The place in one word, as in the stream.
    [[nodiscard]] constexpr std::uint32_t index() const {
        return std::uint32_t{part} << 24U | element;
    }
};

} // namespace tinymf::model
