// SPDX-License-Identifier: Apache-2.0
// In place of cvode_solution.cpp in a build without SUNDIALS.
#include "reference/cvode_solution.hpp"

#include "base/host_error.hpp"

namespace tinymf::host {

bool has_cvode() {
    return false;
}

StateTable solve_ode_by_cvode(const NetworkProblem& /*problem*/, const DrawnNetwork& /*drawn*/,
                              std::uint32_t /*replica*/) {
    throw HostError(exit_bad_input, "solver cvode: this build has none; install libsundials-dev "
                                    "and configure with -DTINYMF_CVODE=ON");
}

} // namespace tinymf::host
