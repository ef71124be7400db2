// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include <Eigen/Dense>

#include "theory/autocorrelation.hpp"
#include "theory/decay_rate.hpp"
#include "theory/discrete_lyapunov.hpp"
#include "theory/energy_condition.hpp"
#include "theory/fluctuating_state.hpp"
#include "theory/lag_window.hpp"
#include "theory/time_grid_state.hpp"

namespace tinymf::host {
namespace {

using Eigen::Index;
using Eigen::VectorXd;

/// diagonal c_k - neighbour (c_(k+1) + c_(k-1)) = source_k, mirrored at both ends of the window.
VectorXd solve_mirrored(double diagonal, double neighbour, VectorXd source) {
    const Index count = source.size();
    VectorXd above(count); // the superdiagonal after elimination, negated
    above[0] = 2.0 * neighbour / diagonal;
    source[0] /= diagonal;
    for (Index k = 1; k < count; ++k) {
        const double below = k == count - 1 ? 2.0 * neighbour : neighbour;
        const double pivot = diagonal - below * above[k - 1];
        above[k] = neighbour / pivot;
        source[k] = (source[k] + below * source[k - 1]) / pivot;
    }
    for (Index k = count - 1; k-- > 0;) {
        source[k] += above[k] * source[k + 1];
    }
    return source;
}

/// The map whose fixed point is C_x at the lags of one window.
class LagGrid {
public:
    LagGrid(const experiment::Parameters<double>& parameters, const Drive& drive,
            const TimeScheme& scheme, double longest)
        : parameters_{parameters}, drive_{drive}, scheme_{scheme},
          count_{2 * static_cast<Index>(std::min(longest / scheme.dt(), most_lags) / 2.0 + 2.0) +
                 1} {}

    [[nodiscard]] double lag(Index k) const { return scheme_.dt() * static_cast<double>(k); }

    [[nodiscard]] VectorXd start() const {
        const Autocorrelation continuum = continuum_guess(parameters_, drive_);
        std::vector<double> lags(static_cast<std::size_t>(count_));
        for (Index k = 0; k < count_; ++k) {
            lags[static_cast<std::size_t>(k)] = lag(k);
        }
        const std::vector<double> values = continuum.at(lags);
        return Eigen::Map<const VectorXd>(values.data(), count_);
    }

    [[nodiscard]] VectorXd operator()(const VectorXd& c) const {
        if (!(c[0] > 0.0)) {
            return VectorXd::Constant(count_, std::nan(""));
        }
        const BivariateAverage average(parameters_, c[0]);
        const double x = parameters_.gain * parameters_.gain;
        const VectorXd field = c.unaryExpr([&](double value) { return x * average.output(value); });
        return grid_step(field);
    }

private:
    [[nodiscard]] VectorXd grid_step(VectorXd source) const {
        const double alpha = scheme_.alpha();
        if (drive_.kind == Drive::Kind::colored) {
            for (Index k = 0; k < count_; ++k) {
                source[k] += drive_.strength * std::exp(-lag(k) / drive_.time);
            }
        }
        if (drive_.kind == Drive::Kind::frozen) {
            source.array() += drive_.strength;
        }
        source *= scheme_.beta() * scheme_.beta();
        if (drive_.kind == Drive::Kind::white) {
            source[0] += scheme_.step_variance(drive_.strength);
        }
        return solve_mirrored(1.0 + alpha * alpha, alpha, std::move(source));
    }

    experiment::Parameters<double> parameters_;
    Drive drive_;
    TimeScheme scheme_;
    Index count_;
};

double lyapunov_exponent(const BivariateAverage& average, double gain,
                         const CorrelationTable& input, const TimeScheme& scheme) {
    std::vector<double> slopes = input.values;
    for (double& value : slopes) {
        value = gain * gain * average.slope(value);
    }
    return discrete_lyapunov_exponent(slopes, scheme);
}

FluctuatingState state_of(const experiment::Parameters<double>& parameters, const Drive& drive,
                          const TimeScheme& scheme, const VectorXd& c) {
    const BivariateAverage average(parameters, c[0]);
    const double gain = parameters.gain;
    const double frozen = drive.kind == Drive::Kind::frozen ? drive.strength : 0.0;
    const double plateau = correlation_plateau(average, gain, frozen).value_or(0.0);
    const CorrelationTable input{scheme.dt(), {c.begin(), c.end()}, {}};
    return {average,
            plateau,
            decay_rate(gain * gain * average.slope(plateau), drive, scheme),
            [input](std::span<const double> tau) { return values_at(input, tau); },
            [input] { return input; },
            [=] { return lyapunov_exponent(average, gain, input, scheme); },
            {}};
}

} // namespace

std::optional<FluctuatingState> lag_grid_state(const experiment::Parameters<double>& parameters,
                                               const Drive& drive, const TimeScheme& scheme) {
    return time_grid_state<LagGrid>(
        parameters, drive, scheme,
        [&](const LagGrid&, const VectorXd& c) { return state_of(parameters, drive, scheme, c); });
}

} // namespace tinymf::host
