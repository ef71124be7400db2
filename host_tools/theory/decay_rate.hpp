// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Eigen/Dense>

#include "equations/time_scheme.hpp"
#include "theory/stage_filter.hpp"

namespace tinymf::host {

// The rate, per time constant, at which C_x ends exponentially at its plateau without reciprocity:
// there the field is `u` = g^2 dF/dc times C_x. Coloured noise that forgets more slowly sets the
// rate. 0 where C_x does not decay, infinite where one step ends it.

/// Continuum, sqrt(1 - u), or a scheme of one stage.
[[nodiscard]] double decay_rate(double u, const Drive& drive, const TimeScheme& scheme);

/// A scheme of any number of stages; `u` of every pair of stages.
[[nodiscard]] double decay_rate(const Eigen::VectorXd& u, const Drive& drive,
                                const StageFilter& filter, double dt);

} // namespace tinymf::host
