// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace tinymf::model {

/// The first element of a state that is NaN or infinite, if any.
struct NonFinite {
    bool found = false;
    std::uint8_t replica = 0;
    std::uint16_t neuron = 0;
};

} // namespace tinymf::model
