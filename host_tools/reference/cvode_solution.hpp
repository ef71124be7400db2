// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "reference/ode_solution.hpp"

namespace tinymf::host {

/// Whether this build holds SUNDIALS CVODE (CMake option TINYMF_CVODE).
[[nodiscard]] bool has_cvode();

/// As solve_ode, by CVODE's Adams-Moulton methods of variable order: a second oracle, from other
/// authors and of another family. Throws std::runtime_error when it gets stuck, and HostError (exit
/// code 2) in a build without it.
[[nodiscard]] StateTable solve_ode_by_cvode(const NetworkProblem& problem,
                                            const DrawnNetwork& drawn, std::uint32_t replica);

} // namespace tinymf::host
