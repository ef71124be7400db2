// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace toy {

/// Decimal digits; mutants of the loop may never end.
constexpr int digits(unsigned number) {
    int found = 1;
    while (number >= 10) {
        number /= 10;
        ++found;
    }
    return found;
}

} // namespace toy
