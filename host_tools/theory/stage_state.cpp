// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <Eigen/Dense>

#include "theory/decay_rate.hpp"
#include "theory/fluctuating_state.hpp"
#include "theory/lag_window.hpp"
#include "theory/stage_filter.hpp"
#include "theory/stage_lyapunov.hpp"
#include "theory/time_grid_state.hpp"

namespace tinymf::host {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// The map whose fixed point is C_ab[k], all pairs of stages at the lags of one window, a column a
/// lag.
class StageLags {
public:
    StageLags(const experiment::Parameters<double>& parameters, const Drive& drive,
              const TimeScheme& scheme, double longest)
        : parameters_{parameters}, drive_{drive}, dt_{scheme.dt()},
          scheme_{stage_scheme(scheme.integrator(), scheme.dt())}, filter_{stage_filter(scheme_)},
          lags_{static_cast<Index>(std::min(longest / dt_, most_lags)) + 3} {}

    [[nodiscard]] const StageScheme& scheme() const { return scheme_; }

    [[nodiscard]] MatrixXd table(const VectorXd& unknowns) const {
        return unknowns.reshaped(filter_.pairs(), lags_);
    }

    /// The continuum's C_x at the lags between stages, which are multiples of half a step.
    [[nodiscard]] VectorXd start() const {
        const Autocorrelation continuum = continuum_guess(parameters_, drive_);
        std::vector<double> half_steps(static_cast<std::size_t>(2 * lags_ + 2));
        for (std::size_t j = 0; j < half_steps.size(); ++j) {
            half_steps[j] = dt_ / 2.0 * static_cast<double>(j);
        }
        const std::vector<double> values = continuum.at(half_steps);
        MatrixXd c(filter_.pairs(), lags_);
        for (Index pair = 0; pair < filter_.pairs(); ++pair) {
            const double apart = scheme_.offset(first(pair)) - scheme_.offset(second(pair));
            for (Index k = 0; k < lags_; ++k) {
                const double halves = std::abs(2.0 * (static_cast<double>(k) + apart));
                c(pair, k) = values[static_cast<std::size_t>(std::lround(halves))];
            }
        }
        return c.reshaped();
    }

    [[nodiscard]] VectorXd operator()(const VectorXd& unknowns) const {
        const MatrixXd c = table(unknowns);
        for (Index a = 0; a < scheme_.stages(); ++a) {
            if (!(c(pair_of(a, a), 0) > 0.0)) {
                return VectorXd::Constant(unknowns.size(), std::nan(""));
            }
        }
        MatrixXd fields = averaged(c, &BivariateAverage::output);
        for (Index k = 0; k < lags_; ++k) {
            fields.col(k).array() += excitation(k);
        }
        return filtered(filter_, fields).reshaped();
    }

    /// g^2 F, or g^2 dF/dc, of every pair at every lag.
    [[nodiscard]] MatrixXd averaged(const MatrixXd& c,
                                    double (BivariateAverage::*average)(double) const) const {
        std::vector<HermiteSeries> series;
        for (Index a = 0; a < scheme_.stages(); ++a) {
            series.push_back(hermite_series(parameters_, c(pair_of(a, a), 0)));
        }
        const double x = parameters_.gain * parameters_.gain;
        MatrixXd values(c.rows(), c.cols());
        for (Index pair = 0; pair < c.rows(); ++pair) {
            const BivariateAverage of_pair(parameters_,
                                           series[static_cast<std::size_t>(first(pair))],
                                           series[static_cast<std::size_t>(second(pair))]);
            for (Index k = 0; k < c.cols(); ++k) {
                values(pair, k) = x * (of_pair.*average)(c(pair, k));
            }
        }
        return values;
    }

private:
    [[nodiscard]] Index pair_of(Index a, Index b) const { return a + scheme_.stages() * b; }
    [[nodiscard]] Index first(Index pair) const { return pair % scheme_.stages(); }
    [[nodiscard]] Index second(Index pair) const { return pair / scheme_.stages(); }

    /// Covariance of the drive, held over each step, at a lag. White noise of a step is a field of
    /// its own size.
    [[nodiscard]] double excitation(Index k) const {
        if (drive_.kind == Drive::Kind::colored) {
            return drive_.strength * std::exp(-static_cast<double>(k) * dt_ / drive_.time);
        }
        if (drive_.kind == Drive::Kind::frozen) {
            return drive_.strength;
        }
        const double field = scheme_.white(scheme_.stages()) / scheme_.field_share();
        return drive_.kind == Drive::Kind::white && k == 0 ? drive_.strength * field * field : 0.0;
    }

    experiment::Parameters<double> parameters_;
    Drive drive_;
    double dt_;
    StageScheme scheme_;
    StageFilter filter_;
    Index lags_;
};

FluctuatingState state_of(const experiment::Parameters<double>& parameters, const Drive& drive,
                          const StageLags& grid, const MatrixXd& c, double dt) {
    const CorrelationTable input{dt, {c.row(0).begin(), c.row(0).end()}};
    const BivariateAverage average(parameters, c(0, 0));
    const MatrixXd slopes = grid.averaged(c, &BivariateAverage::slope);
    return {average,
            average.odd() && drive.kind != Drive::Kind::frozen ? 0.0 : input.values.back(),
            decay_rate(slopes.col(slopes.cols() - 1), drive, stage_filter(grid.scheme()), dt),
            [input](std::span<const double> tau) { return values_at(input, tau); },
            [input] { return input; },
            [=, scheme = grid.scheme()] { return stage_lyapunov_exponent(slopes, scheme, dt); },
            [=, scheme = grid.scheme()] { return stage_stability_margin(slopes, scheme); }};
}

} // namespace

std::optional<FluctuatingState> stage_state(const experiment::Parameters<double>& parameters,
                                            const Drive& drive, const TimeScheme& scheme) {
    return time_grid_state<StageLags>(
        parameters, drive, scheme, [&](const StageLags& grid, const VectorXd& c) {
            return state_of(parameters, drive, grid, grid.table(c), scheme.dt());
        });
}

} // namespace tinymf::host
