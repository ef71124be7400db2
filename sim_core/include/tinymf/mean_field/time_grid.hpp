// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>

#include "tinymf/model/initial.hpp"
#include "tinymf/model/integrator.hpp"
#include "tinymf/model/noise.hpp"
#include "tinymf/model/parameters.hpp"
#include "tinymf/model/stimulus.hpp"

namespace tinymf::mean_field {

/// First two moments of the state at step 0.
template <std::floating_point T>
struct InitialMoments {
    T mean = T(0);
    T variance = T(0);
};

template <std::floating_point T>
[[nodiscard]] constexpr InitialMoments<T> initial_moments(const model::Parameters<T>& parameters) {
    const T scale = parameters.initial_scale;
    switch (parameters.initial) {
    case model::InitialKind::normal:
        return {T(0), scale * scale};
    case model::InitialKind::uniform:
        return {scale / T(2), scale * scale / T(12)};
    case model::InitialKind::zero:
        break;
    }
    return {};
}

/// The one-stage scheme that a network would use, as the mean field sees it:
///
///     x[t+1] = alpha x[t] + beta (gamma[t] + kappa beta sum_{s<t} R[t,s] phi[s] + I[t]) + sqrt(nu)
///     n <gamma[t] gamma[s]> = K[t,s] = g^2 Cphi[t,s] + E[t,s]
///
/// the exact N -> infinity limit of that scheme at finite dt (Zou & Huang 2023; Gerbelot
/// et al. 2022 for discrete time). kappa = reciprocity g^2; E is the covariance of coloured or
/// static noise. Size: 10 scalars and the stimulus.
template <std::floating_point T>
class TimeGrid {
public:
    TimeGrid() = default;

    explicit TimeGrid(const model::Parameters<T>& p)
        : stimulus_({p.stimulus, p.stimulus_amplitude, p.stimulus_frequency, p.stimulus_onset},
                    p.dt) {
        const bool white = p.noise_kind == model::NoiseKind::white;
        const auto step = model::one_step_coefficients(p.integrator, p.dt, white ? p.noise : T(0));
        alpha = step.alpha;
        beta = step.beta;
        nu = step.root_nu * step.root_nu;
        gain_squared = p.gain * p.gain;
        kappa = p.reciprocity * gain_squared;
        noise_variance_ = white ? T(0) : p.noise * p.noise;
        noise_decay_ = p.noise_kind == model::NoiseKind::colored
                           ? model::colored_coefficients(p.noise, p.noise_time, p.dt).decay
                           : T(1);
    }

    T alpha = T(0);
    T beta = T(0);
    T nu = T(0); ///< variance of the white increment of one step
    T gain_squared = T(0);
    T kappa = T(0);

    [[nodiscard]] T input(std::size_t t) const {
        return stimulus_.at(static_cast<std::uint32_t>(t), model::StageTime::begin);
    }

    /// kernel[s] = g^2 correlation[s] + E[t,s] for the row s = 0..t.
    void kernel_row(std::span<const T> correlation, std::span<T> kernel) const {
        T covariance = noise_variance_;
        for (std::size_t s = correlation.size(); s-- > 0;) {
            kernel[s] = gain_squared * correlation[s] + covariance;
            covariance *= noise_decay_;
        }
    }

private:
    model::Stimulus<T> stimulus_;
    T noise_variance_ = T(0);
    T noise_decay_ = T(1);
};

} // namespace tinymf::mean_field
