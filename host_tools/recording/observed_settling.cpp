// SPDX-License-Identifier: Apache-2.0
#include "recording/observed_settling.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "recording/observed_means.hpp"

namespace tinymf::host {

std::optional<ObservedSettling> settling_of(const Recording& recording) {
    using observe::SettlingStatistic;
    std::optional<ObservedSettling> found;
    for (const ObservedMeans& block : observed_blocks(recording)) {
        const std::vector<double>& values = block.of(observe::ObservedArray::settling);
        if (values.size() != static_cast<std::size_t>(SettlingStatistic::count)) {
            continue;
        }
        ObservedSettling& all = found ? *found : found.emplace();
        all.worst_residual =
            std::max(all.worst_residual,
                     values[static_cast<std::size_t>(SettlingStatistic::worst_residual)]);
        all.unsettled += values[static_cast<std::size_t>(SettlingStatistic::unsettled)];
    }
    return found;
}

std::string to_text(const ObservedSettling& settling) {
    return fmt::format("largest |dx/dt| at a sample {:.3g} per tau, {} states not settled (above "
                       "{:g})",
                       settling.worst_residual, settling.unsettled, observe::settled_below);
}

} // namespace tinymf::host
