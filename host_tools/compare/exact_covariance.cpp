// SPDX-License-Identifier: Apache-2.0
#include "compare/exact_covariance.hpp"

#include <cmath>
#include <utility>
#include <vector>

#include <Eigen/Dense>
#include <fmt/format.h>

#include "compare/observed_rows.hpp"
#include "diagnostics/host_error.hpp"
#include "observation/observed_statistics.hpp"
#include "reference/drawn_network.hpp"
#include "theory/time_scheme.hpp"

namespace tinymf::host {
namespace {

using enum observe::ObservedArray;
using Matrix = Eigen::MatrixXd;

TimeScheme scheme_of(const experiment::Parameters<double>& p) {
    return p.integrator == model::IntegratorKind::exponential_euler
               ? TimeScheme::exponential_euler(p.dt)
               : TimeScheme::euler(p.dt);
}

/// The linear network x[t+1] = A x[t] + sqrt(nu) n, or its fixed points under static noise.
class LinearNetwork {
public:
    explicit LinearNetwork(const Recording& recording)
        : p_{recording.parameters}, scheme_{scheme_of(p_)},
          couplings_{draw_network({.parameters = p_,
                                   .shape = {.neurons = recording.profile.neurons,
                                             .coupling = recording.profile.coupling,
                                             .scalar = recording.profile.scalar},
                                   .live_inputs = {},
                                   .state_steps = {}})
                         .couplings},
          step_{scheme_.alpha() * Matrix::Identity(size(), size()) +
                scheme_.beta() * p_.gain * couplings_} {}

    [[nodiscard]] double spectral_radius() const {
        return step_.eigenvalues().cwiseAbs().maxCoeff();
    }

    [[nodiscard]] Matrix covariance() const {
        const double strength = p_.noise * p_.noise;
        if (p_.noise_kind == model::NoiseKind::frozen) {
            const Matrix inverse =
                (Matrix::Identity(size(), size()) - p_.gain * couplings_).inverse();
            return strength * inverse * inverse.transpose();
        }
        // S = A S A^T + nu 1, by doubling.
        Matrix s = scheme_.step_variance(strength) * Matrix::Identity(size(), size());
        Matrix a = step_;
        for (int doubling = 0; doubling < 30 && a.norm() > 1e-12; ++doubling) {
            s += (a * s * a.transpose()).eval();
            a = (a * a).eval();
        }
        return s;
    }

    /// tr A^(k interval) B/N for k = 0, 1, ... below `lags`.
    [[nodiscard]] std::vector<double> mean_of_powers(Matrix b, std::uint32_t interval,
                                                     std::size_t lags) const {
        Matrix power = step_;
        for (std::uint32_t step = 1; step < interval; ++step) {
            power = (power * step_).eval();
        }
        std::vector<double> means;
        for (std::size_t k = 0; k < lags; ++k) {
            means.push_back(b.trace() / static_cast<double>(size()));
            b = (power * b).eval();
        }
        return means;
    }

    [[nodiscard]] Eigen::Index size() const { return couplings_.rows(); }

private:
    experiment::Parameters<double> p_;
    TimeScheme scheme_;
    Matrix couplings_;
    Matrix step_;
};

/// C_x by lag, and R, which starts one step after the kick.
void add_curves(ObservedRows& rows, const LinearNetwork& network, const Matrix& covariance,
                const observe::ObservationParameters& observation) {
    const auto correlation =
        network.mean_of_powers(covariance, observation.sample_every, observation.lags);
    rows.add_curve("Cx", cx, correlation);
    const auto response = network.mean_of_powers(Matrix::Identity(network.size(), network.size()),
                                                 observation.sample_every, observation.lags);
    rows.add_curve("Rx", rx, response);
}

void add_spread(ObservedRows& rows, const ObservedUnits& observed, const Matrix& covariance) {
    if (observed.parameters.observation.window > 1) {
        return;
    }
    const CovarianceSpread exact{.trace = covariance.trace(),
                                 .square = covariance.squaredNorm(),
                                 .diagonal = covariance.diagonal().squaredNorm()};
    rows.add("D input", participation_of(observed, spread_input),
             exact.participation_ratio(observed.neurons));
    rows.add("N Var C input", covariance_spread_of(observed, spread_input),
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
    const ObservedUnits observed = units_of(recording);
    if (observed.units.size() < 2) {
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
    const Matrix covariance = network.covariance();
    ObservedRows rows(observed, 0.0, fmt::format("scatter of {} blocks", observed.units.size()));
    if (observed.has(moments)) {
        rows.add("Cx(0) by moments",
                 mean_of(observed, moments, static_cast<std::size_t>(observe::Moment::x_squared)),
                 covariance.trace() / static_cast<double>(network.size()));
    }
    if (recording.parameters.noise_kind == model::NoiseKind::white) {
        add_curves(rows, network, covariance, recording.parameters.observation);
    }
    add_spread(rows, observed, covariance);
    return std::move(rows).finish("exact statistics of the same couplings");
}

} // namespace tinymf::host
