// SPDX-License-Identifier: Apache-2.0
#include "compare/exact_covariance.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include <Eigen/Dense>
#include <fmt/format.h>

#include "base/host_error.hpp"
#include "compare/lasting_activity.hpp"
#include "compare/linear_network.hpp"
#include "compare/observed_rows.hpp"
#include "recording/observed_statistics.hpp"

namespace tinymf::host {
namespace {

using enum observe::ObservedArray;
using Matrix = Eigen::MatrixXd;

/// C_x by lag, with the error that blocks share, and R, which starts one step after the kick.
void add_curves(ObservedRows& rows, const LinearNetwork& network, const Matrix& covariance,
                const observe::ObservationParameters& observation, double shared) {
    const auto correlation =
        network.mean_of_powers(covariance, observation.sample_every, observation.lags);
    rows.add_curve("Cx", cx, correlation, shared);
    const auto response = network.mean_of_powers(Matrix::Identity(network.size(), network.size()),
                                                 observation.sample_every, observation.lags);
    rows.add_curve("Rx", rx, response);
}

/// Of the slowest mode, in tau, or of noise that stays longer.
double memory_of(const experiment::Parameters<double>& p, double spectral_radius) {
    const double slowest = spectral_radius > 0.0 ? -p.dt / std::log(spectral_radius) : 0.0;
    return std::max(slowest, noise_lifetime(p));
}

/// `of`: what is said of the covariances, at equal times or of windows.
void add_spread(ObservedRows& rows, const ObservedUnits& observed, const Matrix& covariance,
                const std::string& of) {
    const CovarianceSpread exact{.trace = covariance.trace(),
                                 .square = covariance.squaredNorm(),
                                 .diagonal = covariance.diagonal().squaredNorm()};
    rows.add("participation_input" + of, participation_of(observed, spread_input),
             exact.participation_ratio(observed.neurons));
    rows.add("N_var_input" + of, covariance_spread_of(observed, spread_input),
             exact.scaled_variance(observed.neurons));
}

} // namespace

bool has_exact_covariance(const Recording& recording) {
    const auto& p = recording.parameters;
    const bool driven =
        p.noise > 0.0 && (p.noise_kind == model::NoiseKind::white ||
                          (p.noise_kind == model::NoiseKind::frozen && p.noise_hold != 0));
    return recording.of_network() && p.observation.observables != 0 && driven &&
           p.activation == model::ActivationKind::linear && model::stages(p.integrator) == 1 &&
           p.stimulus == model::StimulusKind::none;
}

TheoryComparison compare_with_exact_covariance(const Recording& recording) {
    const ObservedUnits blocks = units_of(recording);
    if (blocks.units.size() < 2) {
        throw HostError(exit_bad_input,
                        fmt::format("{}: fewer than two blocks of observations: no scatter to "
                                    "judge them by",
                                    recording.file));
    }
    const LinearNetwork network(recording);
    const double radius = network.spectral_radius();
    if (radius >= 1.0) {
        throw HostError(
            exit_bad_input,
            fmt::format("{}: this network is unstable: its fastest mode grows by {:.4g} "
                        "a step",
                        recording.file, radius));
    }
    const double memory = memory_of(recording.parameters, radius);
    const auto joined = independent_blocks(blocks, memory);
    const ObservedUnits& observed = joined ? *joined : blocks;
    // Blocks that share one draw of normal states do not tell how far it lies from the mean.
    const double shared = joined ? 0.0 : std::sqrt(2.0 / static_cast<double>(observed.neurons));
    const Matrix covariance = network.covariance();
    const double variance = covariance.trace() / static_cast<double>(network.size());
    ObservedRows rows(observed, 0.0,
                      fmt::format("scatter of {} blocks{}", observed.units.size(),
                                  joined ? "" : scatter_of_neurons));
    if (observed.has(moments)) {
        rows.add("Cx(0) by moments",
                 mean_of(observed, moments, static_cast<std::size_t>(observe::Moment::x_squared)),
                 variance, shared * variance);
    }
    if (recording.parameters.noise_kind == model::NoiseKind::white) {
        add_curves(rows, network, covariance, recording.parameters.observation, shared * variance);
    }
    const observe::ObservationParameters& observation = recording.parameters.observation;
    if (!joined) {
        rows.note(
            fmt::format("covariances: states remember each other for {:.3g} tau, too long for "
                        "{} blocks to tell their scatter",
                        memory, blocks.units.size()));
    } else if (observation.window == 1) {
        add_spread(rows, observed, covariance, "");
    } else if (recording.parameters.noise_kind == model::NoiseKind::white) {
        add_spread(rows, observed,
                   network.window_covariance(observation.window, observation.sample_every),
                   fmt::format(", windows of {}", observation.window));
    }
    return std::move(rows).finish("exact statistics of the same couplings");
}

} // namespace tinymf::host
