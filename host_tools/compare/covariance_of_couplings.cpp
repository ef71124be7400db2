// SPDX-License-Identifier: Apache-2.0
#include "compare/covariance_of_couplings.hpp"

#include "compare/exact_covariance.hpp"
#include "compare/linear_network.hpp"
#include "equations/lu_factors.hpp"
#include "recording/covariance_spectrum.hpp"
#include "theory/energy_condition.hpp"
#include "theory/gaussian_moments.hpp"

namespace tinymf::host {
namespace {

using Matrix = Eigen::MatrixXd;

std::optional<Matrix> linear_covariance(const Recording& recording) {
    const auto& p = recording.parameters;
    const LinearNetwork network(recording);
    if (network.spectral_radius() >= 1.0) {
        return std::nullopt;
    }
    const observe::ObservationParameters& observation = p.observation;
    return observation.window == 1
               ? network.covariance()
               : network.window_covariance(observation.window, observation.sample_every);
}

std::optional<Matrix> equivalent_covariance(const Recording& recording, Signal signal) {
    const auto& p = recording.parameters;
    const auto variance = stationary_variance(p, drive_of(p));
    if (!variance) {
        return std::nullopt;
    }
    const GaussianMoments moments = gaussian_moments(p, *variance);
    const double b = moments.mean_slope;
    const double q = moments.output_variance;
    const double gain = p.gain * b;
    if (gain >= 1.0) {
        return std::nullopt;
    }
    const Matrix couplings = couplings_of(recording);
    const Matrix one = Matrix::Identity(couplings.rows(), couplings.cols());
    const Matrix inverse = LuFactors(one - gain * couplings).inverse();
    if (signal == Signal::output) {
        return q * (1.0 - gain * gain) * inverse * inverse.transpose();
    }
    const Matrix recurrent = inverse - one;
    return p.noise * p.noise * inverse * inverse.transpose() +
           (q / (b * b) - *variance) * recurrent * recurrent.transpose();
}

} // namespace

std::optional<Matrix> covariance_of_couplings(const Recording& recording, Signal signal) {
    const auto& p = recording.parameters;
    const bool frozen = p.noise_kind == model::NoiseKind::frozen;
    if (has_exact_covariance(recording)) {
        return frozen && p.observation.window > 1 ? std::nullopt : linear_covariance(recording);
    }
    const bool equivalent = recording.of_network() && model::is_odd(p.activation) &&
                            p.reciprocity == 0.0 && p.stimulus == model::StimulusKind::none;
    return equivalent && samples_fixed_points(p) ? equivalent_covariance(recording, signal)
                                                 : std::nullopt;
}

} // namespace tinymf::host
