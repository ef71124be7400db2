// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

#include "equations/two_time_solution.hpp"

namespace tinymf::host {

/// What the scatter s of `populations` independent numbers is multiplied with to give the standard
/// error of their mean: sqrt((B-1)/(B-3)/B). Without the first quotient the deviation of the mean
/// in units of its error would follow Student's law with B - 1 degrees of freedom, whose standard
/// deviation is sqrt((B-1)/(B-3)), not 1; with 8 populations, 18 % too much. Student's law has no
/// standard deviation for B <= 3: the quotient is then left out, and such errors are too small.
[[nodiscard]] double error_of_scatter(std::size_t populations);

/// Mean of a forward sampler's independent populations and its standard errors, which are those of
/// sampling: the bias, proportional to 1/paths, is the same in all populations (see
/// mean_field::ForwardSampler). Needs one population; the errors of a single one are left empty.
/// `times` is the caller's to fill.
[[nodiscard]] TwoTimeSolution average_populations(std::span<const TwoTimeArrays> populations);

} // namespace tinymf::host
