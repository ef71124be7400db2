// SPDX-License-Identifier: Apache-2.0
#include "compare/covariance_eigenvalues.hpp"

#include "compare/covariance_of_couplings.hpp"
#include "recording/covariance_spectrum.hpp"
#include "theory/zero_frequency_density.hpp"

namespace tinymf::host {
namespace {

/// Over draws of static noise no scheme matters; at zero frequency it takes windows, and one stage.
std::optional<CovarianceDensity> density_for(const Recording& recording, Signal signal) {
    const auto& p = recording.parameters;
    if (samples_fixed_points(p)) {
        return zero_frequency_density(p, TimeScheme::continuum(), signal);
    }
    const bool frozen = p.noise > 0.0 && p.noise_kind == model::NoiseKind::frozen;
    if (frozen || p.observation.window == 1 || model::stages(p.integrator) != 1) {
        return std::nullopt;
    }
    return zero_frequency_density(p, TimeScheme::grid(p.integrator, recording.written_dt), signal);
}

} // namespace

std::optional<CovarianceEigenvalues> covariance_eigenvalues(const Recording& recording,
                                                            Signal signal) {
    const ObservedUnits observed = units_of(recording);
    if (!has_covariance(observed, signal)) {
        return std::nullopt;
    }
    CovarianceEigenvalues found{.streamed = eigenvalues_of(covariance_matrix(observed, signal)),
                                .of_couplings = {},
                                .density = density_for(recording, signal),
                                .vectors = sampled_vectors(observed),
                                .independent_vectors = independent_vectors(observed)};
    if (const auto covariance = covariance_of_couplings(recording, signal)) {
        found.of_couplings = eigenvalues_of(*covariance);
    }
    return found;
}

} // namespace tinymf::host
