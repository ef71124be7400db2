// SPDX-License-Identifier: Apache-2.0
#include "theory/fluctuating_state.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>

#include "theory/autocorrelation.hpp"
#include "theory/energy_condition.hpp"
#include "theory/lyapunov_schroedinger.hpp"

namespace tinymf::host {
std::vector<double> FluctuatingState::correlation_at(std::span<const double> tau) const {
    std::vector<std::size_t> order(tau.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, {}, [&](std::size_t place) { return tau[place]; });
    std::vector<double> ascending;
    ascending.reserve(tau.size());
    for (const std::size_t place : order) {
        ascending.push_back(tau[place]);
    }
    const std::vector<double> found = correlation(ascending);
    std::vector<double> values(tau.size());
    for (std::size_t j = 0; j < order.size(); ++j) {
        values[order[j]] = found[j];
    }
    return values;
}

CorrelationTable FluctuatingState::output_table() const {
    CorrelationTable table = input_table();
    for (double& value : table.values) {
        value = average.output(value);
    }
    return table;
}

std::optional<FluctuatingState> continuum_state(const experiment::Parameters<double>& parameters,
                                                const Drive& drive) {
    const auto variance = drive.kind == Drive::Kind::frozen
                              ? chaotic_variance(parameters, drive.strength)
                              : stationary_variance(parameters, drive);
    if (!variance || *variance == 0.0) {
        return std::nullopt;
    }
    const auto correlation = std::make_shared<Autocorrelation>(parameters, drive, *variance);
    const double gain = parameters.gain;
    return FluctuatingState{
        correlation->average(),
        correlation->plateau(),
        correlation->decay_rate(),
        [correlation](std::span<const double> tau) { return correlation->at(tau); },
        [correlation, parameters] {
            const auto panels = std::make_shared<LagPanels>(panels_for(
                parameters, correlation->average().moments(), 1.0, correlation->decay_rate()));
            return CorrelationTable{0.0, correlation->at(panels->lags()), panels};
        },
        [correlation, gain] { return largest_lyapunov_exponent(*correlation, gain); },
        {}};
}

LagPanels panels_for(const experiment::Parameters<double>& parameters,
                     const GaussianMoments& moments, double shortest_time, double decay_rate) {
    constexpr double decay_times = 36.0; // exp(-36) = 2e-16
    constexpr double slowest = 1e-9;
    // Close to lag 0 C_x changes at the rate g sqrt<phi'^2>; behind a kink of phi it has a power of
    // the lag there that no polynomial has.
    const bool kinked = parameters.activation == model::ActivationKind::power_law ||
                        parameters.activation == model::ActivationKind::relu;
    const double fastest = std::isfinite(moments.slope_square)
                               ? std::max(1.0, parameters.gain * std::sqrt(moments.slope_square))
                               : 1.0;
    return {(kinked ? 1e-6 : 0.25) * std::min(shortest_time, 1.0 / fastest),
            decay_times / std::max(decay_rate, slowest)};
}

std::optional<FluctuatingState> fluctuating_state(const experiment::Parameters<double>& parameters,
                                                  const Drive& drive, const TimeScheme& scheme) {
    if (scheme.several_stages()) {
        return stage_state(parameters, drive, scheme);
    }
    if (!scheme.continuous()) {
        return lag_grid_state(parameters, drive, scheme);
    }
    return drive.kind == Drive::Kind::colored ? colored_state(parameters, drive)
                                              : continuum_state(parameters, drive);
}

} // namespace tinymf::host
