// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "reference/drawn_network.hpp"
#include "reference/network_problem.hpp"

namespace tinymf::host {

/// The largest Lyapunov exponent of a finite run: the mean growth rate of a tangent vector, in
/// units of 1/tau, and its standard error from the scatter between blocks of the run.
struct LyapunovEstimate {
    double exponent = 0.0;
    double standard_error = 0.0;
    std::string_view absent{}; ///< why there is none; empty where there is
};

/// Carries a tangent vector along the run's own scheme in double precision, renormalising it at
/// every step (Benettin, Galgani, Giorgilli & Strelcyn 1980). The first quarter of the run, in
/// which the vector turns into the most unstable direction, is left out; a run of fewer than 32
/// steps has none, nor one whose activation forgets every perturbation. Work: two columns of the
/// scheme.
[[nodiscard]] LyapunovEstimate largest_lyapunov_exponent(const NetworkProblem& problem,
                                                         const DrawnNetwork& drawn,
                                                         std::uint32_t replica = 0);

} // namespace tinymf::host
