// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "equations/two_time_solution.hpp"
#include "recording/recording.hpp"

namespace tinymf::host {

// What a recorded mean field found. With mean_field.row_every = k > 1 a run tells every k-th row;
// the arrays then hold those times only, as rows and as columns. Throw HostError (exit_bad_input)
// when the capture holds no row, or is of another method.

/// Rows that the population that sent the most has sent, ascending; a resumed run may begin in the
/// middle of one.
[[nodiscard]] std::vector<std::uint32_t> told_rows(const Recording& recording);

/// Each population that sent all of these rows, on its own.
struct RecordedPopulations {
    std::vector<double> times; ///< n, in units of tau
    std::vector<TwoTimeArrays> populations;
};

[[nodiscard]] RecordedPopulations recorded_populations(const Recording& recording);

/// Mean over the populations that sent all rows, with standard errors where there are several.
[[nodiscard]] TwoTimeSolution recorded_two_time(const Recording& recording);

[[nodiscard]] StationarySolution recorded_stationary(const Recording& recording);

} // namespace tinymf::host
