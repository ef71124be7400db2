// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <span>

#include "tinymf/observe/observable.hpp"

namespace tinymf::observe {

/// One array of estimates of the block that has just ended; empty when it was not asked for.
template <std::floating_point T>
struct ObservedVector {
    ObservedArray array{};
    std::span<const T> values;
};

} // namespace tinymf::observe
