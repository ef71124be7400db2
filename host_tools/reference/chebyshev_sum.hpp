// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

namespace tinymf::host {

/// sum_k c_k T_k(x) of Chebyshev polynomials, at least one, by Clenshaw's recurrence.
[[nodiscard]] inline double chebyshev_sum(std::span<const double> coefficients, double x) {
    double next = 0.0;
    double after = 0.0;
    for (std::size_t k = coefficients.size(); k-- > 1;) {
        const double now = 2.0 * x * next - after + coefficients[k];
        after = next;
        next = now;
    }
    return x * next - after + coefficients[0];
}

} // namespace tinymf::host
