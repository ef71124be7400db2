// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "statistics/stationary_lags.hpp"
#include "theory/fluctuation_dissipation.hpp"
#include "theory/linear_correlation.hpp"

namespace tinymf::host {

// Fluctuation and dissipation in a mean field driven by white noise, as <svg> elements. Bands are
// two standard errors to each side, where there are several populations.

/// chi(tau) against C(tau), with the straight line of slope -1/T.
[[nodiscard]] std::string plot_susceptibility(std::string_view name,
                                              std::span<const StationaryLags> populations,
                                              const HeatBath& bath);

/// What the correlation loses more than equilibrium allows for that response, over the lag; see
/// excess_fluctuation.
[[nodiscard]] std::string plot_excess(std::string_view name,
                                      std::span<const StationaryLags> populations,
                                      const HeatBath& bath);

/// T_eff over T against the frequency, beside the theory of the scheme and of the continuum where
/// the network is linear and stable.
[[nodiscard]] std::string plot_effective_temperature(std::string_view name,
                                                     std::span<const StationaryLags> populations,
                                                     const HeatBath& bath,
                                                     const std::optional<LinearModel>& linear);

} // namespace tinymf::host
