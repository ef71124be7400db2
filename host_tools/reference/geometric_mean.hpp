// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>

namespace tinymf::host {

/// sqrt(a b) of two variances, whose product may leave the range of a double where its root does
/// not; exactly a where they are equal.
[[nodiscard]] inline double geometric_mean(double a, double b) {
    return a == b ? a : std::sqrt(a) * std::sqrt(b);
}

} // namespace tinymf::host
