// SPDX-License-Identifier: Apache-2.0
#include "theory/moving_state.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>

#include "theory/autocorrelation.hpp"
#include "theory/energy_condition.hpp"
#include "theory/lyapunov_schroedinger.hpp"

namespace tinymf::host {
namespace {

constexpr double decay_times = 36.0; // exp(-36) = 2e-16
constexpr double finest_step = 0.01;
constexpr double most_lags = 20000.0;

std::vector<double> uniform_lags(double longest) {
    const double step = std::max(finest_step, longest / most_lags);
    std::vector<double> lags(static_cast<std::size_t>(longest / step) + 1);
    for (std::size_t k = 0; k < lags.size(); ++k) {
        lags[k] = step * static_cast<double>(k);
    }
    return lags;
}

} // namespace

std::vector<double> MovingState::correlation_at(std::span<const double> tau) const {
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

CorrelationTable MovingState::output_table() const {
    CorrelationTable table = input_table();
    for (double& value : table.values) {
        value = average.output(value);
    }
    return table;
}

std::optional<MovingState> continuum_state(const experiment::Parameters<double>& parameters,
                                           const Drive& drive) {
    const auto variance = stationary_variance(parameters, drive);
    if (!variance || *variance == 0.0) {
        return std::nullopt;
    }
    const auto correlation =
        std::make_shared<Autocorrelation>(parameters, drive.strength, *variance);
    const double gain = parameters.gain;
    return MovingState{
        correlation->average(),
        correlation->plateau(),
        correlation->decay_rate(),
        drive.strength / 2.0,
        [correlation](std::span<const double> tau) { return correlation->at(tau); },
        [correlation] {
            const auto lags = uniform_lags(decay_times / std::max(correlation->decay_rate(), 1e-3));
            return CorrelationTable{lags[1], correlation->at(lags)};
        },
        [correlation, gain] { return largest_lyapunov_exponent(*correlation, gain); },
        {}};
}

std::optional<MovingState> moving_state(const experiment::Parameters<double>& parameters,
                                        const Drive& drive, const TimeScheme& scheme) {
    if (scheme.several_stages()) {
        return stage_state(parameters, drive, scheme);
    }
    return scheme.continuous() && drive.kind != Drive::Kind::colored
               ? continuum_state(parameters, drive)
               : lag_grid_state(parameters, drive, scheme);
}

} // namespace tinymf::host
