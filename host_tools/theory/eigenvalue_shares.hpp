// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

namespace tinymf::host {

/// A distribution of eigenvalues in points: places above 0 in ascending order, and the share of all
/// eigenvalues that each has. Shares sum to 1.
struct EigenvalueShares {
    std::vector<double> eigenvalues;
    std::vector<double> shares;
};

} // namespace tinymf::host
