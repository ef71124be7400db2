// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "equations/time_scheme.hpp"
#include "theory/graded_nodes.hpp"

namespace tinymf::host {

/// The stationary linear mean field at one gain and reciprocity (Zou & Huang 2023, linear case):
/// the effective neuron filters g^2 C plus the drive with the averaged response R.
struct LinearModel {
    double gain = 0.0;
    double reciprocity = 0.0;
    Drive drive;
    TimeScheme scheme;

    [[nodiscard]] double kappa() const { return reciprocity * gain * gain; }
    /// The elliptic spectrum of gain J reaches gain (1 + reciprocity) on the real axis.
    [[nodiscard]] double edge() const { return gain * (1.0 + reciprocity); }
    /// The geometric mean of the slowest decay rate and 1, for frequency_nodes.
    [[nodiscard]] double frequency_width() const;
    /// 1 - g^2 without cancellation; what keeps a network without reciprocity stable.
    [[nodiscard]] double stability_gap() const { return (1.0 - gain) * (1.0 + gain); }
    /// A lower bound of the rates at which modes and drive decay.
    [[nodiscard]] double slowest_rate() const;
    /// Where the spectrum changes, and how fast.
    [[nodiscard]] std::vector<Feature> features() const;
};

/// |R|^2 at a frequency.
[[nodiscard]] double linear_power_gain(const LinearModel& model, double omega);

/// Spectrum of C_x, N A / (1 - g^2 A) with A = |R|^2 and N the drive's spectrum.
[[nodiscard]] double linear_spectrum(const LinearModel& model, double omega);

/// C_x(0) = C_phi(0). The model is stable and the drive anything but `none`.
[[nodiscard]] double linear_variance(const LinearModel& model);

/// C_x(tau), by a Fourier integral on a path where its integrand decays without turning; absolute
/// error below 1e-12 of the variance, divided by 1 - gain (1 + reciprocity) with a reciprocity. On
/// a grid tau is a multiple of dt.
[[nodiscard]] double linear_correlation(const LinearModel& model, double tau);

/// T_eff(omega) = omega C / (2 Im R) = T (1 - kappa A) / (1 - g^2 A), equal to T = sigma^2 / 2 at
/// every frequency for reciprocity 1 (fluctuation-dissipation theorem, Zou & Huang 2023). With
/// coloured drive T is half the drive's spectrum at that frequency (continuum only).
[[nodiscard]] double linear_effective_temperature(const LinearModel& model, double omega);

} // namespace tinymf::host
