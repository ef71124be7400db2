// SPDX-License-Identifier: Apache-2.0
#include "reference/linear_instability.hpp"

#include <fmt/format.h>

#include "theory/gaussian_moments.hpp"

namespace tinymf::host {

std::string linear_instability(const experiment::Parameters<double>& parameters) {
    if (!is_linear(parameters) || parameters.gain * (1.0 + parameters.reciprocity) < 1.0) {
        return {};
    }
    return fmt::format("unstable linear point: gain {} is not below the critical gain "
                       "1/(1 + reciprocity) = {:.6g}, so activity grows without bound",
                       parameters.gain, 1.0 / (1.0 + parameters.reciprocity));
}

} // namespace tinymf::host
