// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "equations/two_time_solution.hpp"

namespace tinymf::host {

// A mean field's drawings, as <svg> elements; `name` must differ between the drawings of a page.
// Bands are two standard errors to each side, where numbers were sampled. Two-time plots need at
// least two times.

/// C_x(t,t) and C_phi(t,t) over time.
[[nodiscard]] std::string plot_equal_times(std::string_view name, const TwoTimeSolution& solution);

/// C_x(t,t') as colours.
[[nodiscard]] std::string plot_two_time_correlation(std::string_view name,
                                                    const TwoTimeSolution& solution);

/// R_x(t,t') as colours.
[[nodiscard]] std::string plot_two_time_response(std::string_view name,
                                                 const TwoTimeSolution& solution);

/// R_x(t,t') and R_phi(t,t') over t - t' from a few late t.
[[nodiscard]] std::string plot_response_from(std::string_view name,
                                             const TwoTimeSolution& solution);

/// C_x(T, T - tau) and C_phi(T, T - tau) over tau, T the last time.
[[nodiscard]] std::string plot_last_correlation(std::string_view name,
                                                const TwoTimeSolution& solution);

/// C_x and C_phi of a stationary state over the lag.
[[nodiscard]] std::string plot_stationary(std::string_view name,
                                          const StationarySolution& solution);

} // namespace tinymf::host
