// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "recording/recording.hpp"
#include "tinymf/observe/observable.hpp"

namespace tinymf::host {

/// Every array that a network observed of itself, of one block or averaged; empty where it was not
/// asked for.
struct ObservedMeans {
    std::array<std::vector<double>, observe::observed_arrays.size()> arrays;

    [[nodiscard]] const std::vector<double>& of(observe::ObservedArray array) const {
        return arrays[static_cast<std::size_t>(array)];
    }
};

/// The blocks of a run that sent all that was asked for, in their order.
[[nodiscard]] std::vector<ObservedMeans> observed_blocks(const Recording& recording);

/// Mean over all units but the one with the index `left_out`; over all where that is their number.
/// Needs one unit at least.
[[nodiscard]] ObservedMeans average(std::span<const ObservedMeans> units, std::size_t left_out);

} // namespace tinymf::host
