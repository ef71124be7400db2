// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace tinymf::host {

/// A live input: the value that acts on the step from `step` to `step` + 1 and on all later ones.
struct LiveInput {
    std::uint32_t step = 0;
    double value = 0.0;

    friend bool operator==(const LiveInput&, const LiveInput&) = default;
};

} // namespace tinymf::host
