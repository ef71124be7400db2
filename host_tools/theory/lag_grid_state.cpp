// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <functional>

#include <Eigen/Dense>

#include "theory/anderson_acceleration.hpp"
#include "theory/autocorrelation.hpp"
#include "theory/decay_rate.hpp"
#include "theory/discrete_lyapunov.hpp"
#include "theory/energy_condition.hpp"
#include "theory/fluctuating_state.hpp"
#include "theory/lag_window.hpp"

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

} // namespace

std::optional<FluctuatingState> lag_grid_state(const experiment::Parameters<double>& parameters,
                                               const Drive& drive, const TimeScheme& scheme) {
    constexpr int most_iterations = 400;
    constexpr double tolerance = 1e-12; // rounding of the mirrored solution stays below 1e-13
    const double x = parameters.gain * parameters.gain;
    if (!may_move(parameters, drive)) {
        return std::nullopt;
    }
    double longest = guessed_window(parameters, drive);
    while (longest <= most_lags * scheme.dt()) {
        const LagGrid grid(parameters, drive, scheme, longest);
        const auto solution =
            fixed_point(std::cref(grid), grid.start(), tolerance, most_iterations);
        if (!solution) {
            return std::nullopt;
        }
        const BivariateAverage average(parameters, (*solution)[0]);
        const double frozen = drive.kind == Drive::Kind::frozen ? drive.strength : 0.0;
        const double plateau = correlation_plateau(average, parameters.gain, frozen).value_or(0.0);
        const double rate = decay_rate(x * average.slope(plateau), drive, scheme);
        const double needed = lag_window(rate);
        if (needed > 1.5 * longest) {
            longest = needed;
            continue;
        }
        CorrelationTable input{scheme.dt(), {solution->begin(), solution->end()}, {}};
        const auto correlation = [input](std::span<const double> tau) {
            std::vector<double> values;
            for (const double lag : tau) {
                const auto k = static_cast<std::size_t>(std::lround(lag / input.step));
                values.push_back(input.values[std::min(k, input.values.size() - 1)]);
            }
            return values;
        };
        return FluctuatingState{
            average,
            plateau,
            rate,
            correlation,
            [input] { return input; },
            [=, gain = parameters.gain] { return lyapunov_exponent(average, gain, input, scheme); },
            {}};
    }
    return std::nullopt;
}

} // namespace tinymf::host
