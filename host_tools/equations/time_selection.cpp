// SPDX-License-Identifier: Apache-2.0
#include "equations/time_selection.hpp"

namespace tinymf::host {

TwoTimeSolution at_times(const TwoTimeSolution& whole, std::span<const Eigen::Index> kept) {
    const auto thinned = [kept](const TwoTimeArrays& arrays) -> TwoTimeArrays {
        return {.Cx = arrays.Cx(kept, kept),
                .Cphi = arrays.Cphi(kept, kept),
                .Rx = arrays.Rx(kept, kept),
                .Rphi = arrays.Rphi(kept, kept),
                .mean = arrays.mean(kept)};
    };
    TwoTimeSolution part;
    for (const Eigen::Index index : kept) {
        part.times.push_back(whole.times[static_cast<std::size_t>(index)]);
    }
    part.value = thinned(whole.value);
    if (whole.sampled()) {
        part.standard_error = thinned(whole.standard_error);
    }
    return part;
}

} // namespace tinymf::host
