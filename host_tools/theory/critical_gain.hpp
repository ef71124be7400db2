// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "equations/time_scheme.hpp"
#include "theory/prediction.hpp"

namespace tinymf::host {

/// The gain at which the state of a nonlinear network without reciprocity loses stability:
///   no drive: where x = 0 does, 1 / phi'(0);
///   white or coloured drive: onset of chaos, the largest Lyapunov exponent is 0 (Schuecker,
///     Goedeke & Helias 2018);
///   static drive: where g^2 <phi'^2> = 1 at the fixed points;
///   ReLU: sqrt 2, and powers above 1 under static or white drive: where the variance ceases to be
///     finite.
[[nodiscard]] Quantity<double>
nonlinear_critical_gain(const experiment::Parameters<double>& parameters, const Drive& drive,
                        const TimeScheme& scheme);

} // namespace tinymf::host
