// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include <Eigen/Dense>

#include "theory/anderson_acceleration.hpp"
#include "theory/autocorrelation.hpp"
#include "theory/decay_rate.hpp"
#include "theory/discrete_lyapunov.hpp"
#include "theory/energy_condition.hpp"
#include "theory/lag_window.hpp"
#include "theory/lyapunov_schroedinger.hpp"
#include "theory/moving_state.hpp"

namespace tinymf::host {
namespace {

using Eigen::Index;
using Eigen::VectorXd;

constexpr double finest_step = 0.01;
constexpr double most_lags = 40000.0;

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

/// The average over a lag and its neighbours that makes Numerov's method of fourth order.
VectorXd numerov_source(const VectorXd& source) {
    VectorXd averaged = source * (10.0 / 12.0);
    const Index last = source.size() - 1;
    for (Index k = 0; k <= last; ++k) {
        const double before = source[k == 0 ? 1 : k - 1];
        const double after = source[k == last ? last - 1 : k + 1];
        averaged[k] += (before + after) / 12.0;
    }
    return averaged;
}

/// C_x of a neuron without couplings under coloured noise in the continuum.
double uncoupled_correlation(const Drive& drive, double tau) {
    const double tc = drive.time;
    if (std::abs(tc - 1.0) < 1e-5) { // the limit; the neglected term is of order tc - 1
        return drive.strength * (1.0 + tau) * std::exp(-tau) / 2.0;
    }
    return drive.strength * tc * (tc * std::exp(-tau / tc) - std::exp(-tau)) / (tc * tc - 1.0);
}

/// The map whose fixed point is C_x at the lags of one window.
class LagGrid {
public:
    LagGrid(const experiment::Parameters<double>& parameters, const Drive& drive,
            const TimeScheme& scheme, double longest)
        : parameters_{parameters}, drive_{drive}, scheme_{scheme},
          step_{scheme.continuous() ? std::max(finest_step, longest / most_lags) : scheme.dt()},
          // Even, for integrators that take two lags a step.
          count_{2 * static_cast<Index>(std::min(longest / step_, most_lags) / 2.0 + 2.0) + 1} {}

    [[nodiscard]] double step() const { return step_; }
    [[nodiscard]] Index count() const { return count_; }
    [[nodiscard]] double lag(Index k) const { return step_ * static_cast<double>(k); }

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
        return scheme_.continuous() ? continuum_step(field) : grid_step(field);
    }

private:
    [[nodiscard]] VectorXd continuum_step(const VectorXd& field) const {
        const double curvature = 1.0 / (step_ * step_);
        VectorXd c = solve_mirrored(2.0 * curvature + 10.0 / 12.0, curvature - 1.0 / 12.0,
                                    numerov_source(field));
        for (Index k = 0; k < count_; ++k) {
            c[k] += uncoupled_correlation(drive_, lag(k));
        }
        return c;
    }

    [[nodiscard]] VectorXd grid_step(VectorXd source) const {
        const double alpha = scheme_.alpha();
        if (drive_.kind == Drive::Kind::colored) {
            for (Index k = 0; k < count_; ++k) {
                source[k] += drive_.strength * std::exp(-lag(k) / drive_.time);
            }
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
    double step_;
    Index count_;
};

/// Four-point Lagrange interpolation in a table that is even around lag 0.
double interpolated(const CorrelationTable& table, double lag) {
    const double place = lag / table.step;
    const double whole = std::floor(place + 1e-9);
    const double t = place - whole;
    const auto at = [&](double index) {
        const auto k = static_cast<std::size_t>(std::abs(index));
        return table.values[std::min(k, table.values.size() - 1)];
    };
    if (std::abs(t) < 1e-9) {
        return at(whole);
    }
    return -t * (t - 1.0) * (t - 2.0) / 6.0 * at(whole - 1.0) +
           (t + 1.0) * (t - 1.0) * (t - 2.0) / 2.0 * at(whole) -
           (t + 1.0) * t * (t - 2.0) / 2.0 * at(whole + 1.0) +
           (t + 1.0) * t * (t - 1.0) / 6.0 * at(whole + 2.0);
}

double lyapunov_exponent(const BivariateAverage& average, double gain,
                         const CorrelationTable& input, const TimeScheme& scheme) {
    std::vector<double> slopes = input.values;
    for (double& value : slopes) {
        value = gain * gain * average.slope(value);
    }
    return scheme.continuous()
               ? lyapunov_from_slopes(slopes, std::vector<double>(slopes.size(), input.step))
               : discrete_lyapunov_exponent(slopes, scheme);
}

} // namespace

std::optional<MovingState> lag_grid_state(const experiment::Parameters<double>& parameters,
                                          const Drive& drive, const TimeScheme& scheme) {
    constexpr int most_iterations = 400;
    constexpr double tolerance = 1e-12; // rounding of the mirrored solution stays below 1e-13
    const double x = parameters.gain * parameters.gain;
    if (!may_move(parameters, drive)) {
        return std::nullopt;
    }
    double longest = guessed_window(parameters, drive);
    for (;;) {
        const LagGrid grid(parameters, drive, scheme, longest);
        const auto solution = fixed_point(grid, grid.start(), tolerance, most_iterations);
        if (!solution) {
            return std::nullopt;
        }
        const BivariateAverage average(parameters, (*solution)[0]);
        const double plateau = correlation_plateau(average, parameters.gain).value_or(0.0);
        const double rate = decay_rate(x * average.slope(plateau), drive, scheme);
        const double needed = lag_window(rate);
        if (needed > 1.5 * longest && longest < most_lags * grid.step()) {
            longest = needed;
            continue;
        }
        CorrelationTable input{grid.step(), {solution->begin(), solution->end()}};
        const auto correlation = [input](std::span<const double> tau) {
            std::vector<double> values;
            for (const double lag : tau) {
                values.push_back(interpolated(input, lag));
            }
            return values;
        };
        return MovingState{
            average,
            plateau,
            rate,
            0.0,
            correlation,
            [input] { return input; },
            [=, gain = parameters.gain] { return lyapunov_exponent(average, gain, input, scheme); },
            {}};
    }
}

} // namespace tinymf::host
