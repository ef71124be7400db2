// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "equations/two_time_solution.hpp"
#include "recording/recording.hpp"

namespace tinymf::host {

// What the arithmetic of a run does to the rows of its mean field: bounds, computed from its
// scalar, its scheme and the size of the solution.

/// A random walk of the roundings in the longest sum, 2 n + 8 of them in n steps, at five standard
/// deviations (Higham & Mary 2019); relative.
[[nodiscard]] double rounding_of_sums(const Recording& recording);

/// What the scheme's coefficients do by row t: alpha, beta and nu are off by three units at most,
/// in each of the t steps that a state or a response has taken, and C is quadratic. The exponential
/// scheme's beta = 1 - alpha has alpha's error, so it is off by three units over beta: as much as
/// 1 / beta steps do. Relative.
[[nodiscard]] double coefficient_error(const Recording& recording, std::uint32_t t);

/// Absolute errors of 2 t + 8 operations whose results are subnormal.
[[nodiscard]] double subnormal_error(const Recording& recording, std::uint32_t t);

/// What these errors of both variances do to an average over outputs, which goes as a power of
/// them: for each row the most. A variance as small as its error leaves nothing of the average.
[[nodiscard]] std::vector<double> subnormal_output_errors(const Recording& recording,
                                                          const TwoTimeArrays& solved);

/// By how much each number of a sampled mean field may differ from `solved`, the whole solution,
/// for its arithmetic alone, whatever was drawn.
///
/// C: rounding and coefficients relative to the largest number of the row, and subnormal numbers.
/// R_phi(t,s): relative, and what slopes are off times R_x(t,s). A slope of tanh or erf has the
/// absolute error of a number near 1, so nothing is left of one deep in saturation; one of pade is
/// the difference of terms as large as phi/x; one of a power law is relative, but lost with its
/// variance. Novikov's theorem divides roundings of <phi z> by what white noise adds to the field.
/// R_x and the mean are not judged, and left empty.
///
/// Work: n^2.
[[nodiscard]] TwoTimeArrays arithmetic_bounds(const Recording& recording,
                                              const TwoTimeArrays& solved);

} // namespace tinymf::host
