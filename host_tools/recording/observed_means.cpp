// SPDX-License-Identifier: Apache-2.0
#include "recording/observed_means.hpp"

#include <algorithm>

#include "tinymf/assert.hpp"

namespace tinymf::host {
namespace {

/// Steps at which every array that the run sent has a vector.
std::vector<std::uint32_t> whole_blocks(const Recording& recording) {
    std::vector<std::uint32_t> steps;
    bool first = true;
    for (const VectorTrace& trace : recording.observed) {
        if (trace.empty()) {
            continue;
        }
        if (first) {
            steps = trace.steps();
            first = false;
        }
        std::erase_if(steps, [&trace](std::uint32_t step) {
            return !std::ranges::binary_search(trace.steps(), step);
        });
    }
    return steps;
}

} // namespace

std::vector<ObservedMeans> observed_blocks(const Recording& recording) {
    std::vector<ObservedMeans> blocks;
    for (const std::uint32_t step : whole_blocks(recording)) {
        ObservedMeans& block = blocks.emplace_back();
        for (std::size_t a = 0; a < recording.observed.size(); ++a) {
            const VectorTrace& trace = recording.observed[a];
            if (!trace.empty()) {
                const auto at = std::ranges::lower_bound(trace.steps(), step);
                const auto values = trace[static_cast<std::size_t>(at - trace.steps().begin())];
                block.arrays[a].assign(values.begin(), values.end());
            }
        }
    }
    return blocks;
}

ObservedMeans average(std::span<const ObservedMeans> units, std::size_t left_out) {
    const std::size_t count = units.size() - (left_out < units.size() ? 1 : 0);
    TINYMF_ASSERT(count > 0);
    ObservedMeans mean;
    for (std::size_t u = 0; u < units.size(); ++u) {
        if (u == left_out) {
            continue;
        }
        for (std::size_t a = 0; a < mean.arrays.size(); ++a) {
            const std::vector<double>& values = units[u].arrays[a];
            mean.arrays[a].resize(values.size());
            for (std::size_t i = 0; i < values.size(); ++i) {
                mean.arrays[a][i] += values[i] / static_cast<double>(count);
            }
        }
    }
    return mean;
}

} // namespace tinymf::host
