// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "equations/time_scheme.hpp"
#include "theory/bivariate_average.hpp"
#include "theory/output_spectrum.hpp"

namespace tinymf::host {

/// A stationary state without reciprocity in which neurons keep moving: driven by noise or chaotic,
/// with static noise only the latter.
struct FluctuatingState {
    BivariateAverage average; ///< at the stationary variance
    double plateau;           ///< where C_x ends; 0 for odd activations without static noise
    double decay_rate;        ///< at which it gets there, per time constant
    /// C_x at lags in ascending order; on a time grid at multiples of dt.
    std::function<std::vector<double>(std::span<const double>)> correlation;
    /// C_x until it has become the plateau.
    std::function<CorrelationTable()> input_table;
    std::function<double()> lyapunov_exponent;
    /// Has the opposite sign of the exponent and the same zero; where finding it is much cheaper.
    std::function<double()> stability_margin{};

    /// C_x at lags in any order.
    [[nodiscard]] std::vector<double> correlation_at(std::span<const double> tau) const;
    /// C_phi at the lags of the input table.
    [[nodiscard]] CorrelationTable output_table() const;
};

/// Continuum with white, static or no drive, from the energy of the particle.
[[nodiscard]] std::optional<FluctuatingState>
continuum_state(const experiment::Parameters<double>& parameters, const Drive& drive);

/// Coloured drive in the continuum, the fixed point of
///   C_x = response to (g^2 F(C_x; C_x(0)) + drive)
/// on panels of lags that end where C_x has decayed (lag_panels.hpp).
[[nodiscard]] std::optional<FluctuatingState>
colored_state(const experiment::Parameters<double>& parameters, const Drive& drive);

/// Any moving drive, or chaos under static noise, on a time grid (exact): the fixed point of the
/// same equation at each lag of a window that ends where C_x has decayed; nothing where that takes
/// more than `most_lags` lags.
[[nodiscard]] std::optional<FluctuatingState>
lag_grid_state(const experiment::Parameters<double>& parameters, const Drive& drive,
               const TimeScheme& scheme);

/// Any moving drive on the grid of an integrator of any number of stages (exact): the fixed point
/// of the same equation for all pairs of stages. Of one stage it is the state on the lag grid.
[[nodiscard]] std::optional<FluctuatingState>
stage_state(const experiment::Parameters<double>& parameters, const Drive& drive,
            const TimeScheme& scheme);

/// Longest window on a time grid, in steps.
inline constexpr double most_lags = 40000.0;

/// Where to begin and where to end the panels of a state that decays to its plateau at a rate.
[[nodiscard]] LagPanels panels_for(const experiment::Parameters<double>& parameters,
                                   const GaussianMoments& moments, double shortest_time,
                                   double decay_rate);

/// Whichever of them applies; nothing when there is no stationary state, when it is silent, or
/// when the iteration does not converge.
[[nodiscard]] std::optional<FluctuatingState>
fluctuating_state(const experiment::Parameters<double>& parameters, const Drive& drive,
                  const TimeScheme& scheme);

} // namespace tinymf::host
