// SPDX-License-Identifier: Apache-2.0
#include "theory/zero_frequency_density.hpp"

#include <array>

#include "theory/energy_condition.hpp"
#include "theory/fluctuating_state.hpp"
#include "theory/gaussian_moments.hpp"

namespace tinymf::host {
namespace {

using Parameters = experiment::Parameters<double>;

/// Spectra on a grid of time steps are sums over lags, here turned into integrals.
double lag_of(const TimeScheme& scheme) {
    return scheme.continuous() ? 1.0 : scheme.dt();
}

std::optional<CovarianceDensity> linear_density(const Parameters& p, const Drive& drive,
                                                const TimeScheme& scheme) {
    if (p.gain * (1.0 + p.reciprocity) >= 1.0 || drive.kind == Drive::Kind::none) {
        return std::nullopt;
    }
    const double amplitude = drive.kind == Drive::Kind::frozen
                                 ? drive.strength
                                 : lag_of(scheme) * scheme.drive_spectrum(drive, 0.0);
    return CovarianceDensity(p.gain, p.reciprocity, amplitude);
}

/// C_phi at zero frequency or over the draws, and <phi'>.
struct OutputState {
    double covariance;
    double mean_slope;
};

std::optional<OutputState> output_state(const Parameters& p, const Drive& drive,
                                        const TimeScheme& scheme) {
    if (drive.kind == Drive::Kind::frozen) {
        const auto variance = stationary_variance(p, drive);
        if (!variance) {
            return std::nullopt;
        }
        const GaussianMoments moments = gaussian_moments(p, *variance);
        if (p.gain * p.gain * moments.slope_square >= 1.0) {
            return std::nullopt; // the network leaves its fixed points
        }
        return OutputState{moments.output_variance, moments.mean_slope};
    }
    const auto state = fluctuating_state(p, drive, scheme);
    if (!state) {
        return std::nullopt;
    }
    const GaussianMoments& moments = state->average.moments();
    const std::array zero_frequency{FrequencyNode{.omega = 0.0, .weight = 1.0}};
    const double sum = spectrum_of(state->output_table(), zero_frequency).front();
    return OutputState{lag_of(scheme) * sum, moments.mean_slope};
}

std::optional<CovarianceDensity> nonlinear_density(const Parameters& p, const Drive& drive,
                                                   const TimeScheme& scheme) {
    if (p.reciprocity != 0.0 || !model::is_odd(p.activation) ||
        p.stimulus != model::StimulusKind::none) {
        return std::nullopt;
    }
    const auto state = output_state(p, drive, scheme);
    const double gain = state ? p.gain * state->mean_slope : 1.0;
    if (gain >= 1.0) {
        return std::nullopt;
    }
    return CovarianceDensity(gain, 0.0, (1.0 - gain * gain) * state->covariance);
}

} // namespace

std::optional<CovarianceDensity> zero_frequency_density(const Parameters& parameters,
                                                        const TimeScheme& scheme, Signal signal) {
    const Drive drive = drive_of(parameters);
    if (is_linear(parameters)) {
        return linear_density(parameters, drive, scheme);
    }
    return signal == Signal::output ? nonlinear_density(parameters, drive, scheme) : std::nullopt;
}

} // namespace tinymf::host
