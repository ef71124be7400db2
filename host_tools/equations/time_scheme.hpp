// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <complex>
#include <vector>

#include "tinymf/experiment/parameters.hpp"

namespace tinymf::host {

/// The input noise of the theory, xi.
struct Drive {
    enum class Kind { none, white, colored, frozen };
    Kind kind = Kind::none;
    double strength = 0.0; ///< sigma^2
    double time = 1.0;     ///< correlation time, coloured only
};

[[nodiscard]] Drive drive_of(const experiment::Parameters<double>& parameters);

/// How time runs in a prediction: the continuum, or the grid of an integrator. The mean-field
/// theory of a grid is exact, not an approximation to the continuum. That of a scheme which
/// evaluates the couplings once a step, x[t+1] = alpha x[t] + beta (input) + sqrt(nu) n, differs
/// from the continuum's only in the response of a neuron without couplings and in the spectrum of
/// the noise; Heun and RK4 have a field in every stage (stage_scheme.hpp), and alpha, beta and nu
/// are what a step makes of fields that are held over it.
class TimeScheme {
public:
    [[nodiscard]] static TimeScheme continuum() { return {}; }
    [[nodiscard]] static TimeScheme euler(double dt);
    [[nodiscard]] static TimeScheme exponential_euler(double dt);
    [[nodiscard]] static TimeScheme grid(model::IntegratorKind integrator, double dt);

    [[nodiscard]] bool continuous() const { return dt_ == 0.0; }
    [[nodiscard]] double dt() const { return dt_; }
    [[nodiscard]] double alpha() const { return alpha_; }
    [[nodiscard]] double beta() const { return beta_; }
    /// Not of the continuum.
    [[nodiscard]] model::IntegratorKind integrator() const { return integrator_; }
    [[nodiscard]] bool several_stages() const {
        return !continuous() && model::stages(integrator_) > 1;
    }

    /// R_x(tau) of a neuron without couplings, to an input that on a grid is held over a step:
    /// exp(-tau), or on a grid alpha^(k-1), times the scheme's impulse where it has several stages;
    /// 0 at tau = 0.
    [[nodiscard]] double bare_response(double tau) const;

    /// nu, the variance that white noise of strength s2 adds in one step.
    [[nodiscard]] double step_variance(double s2) const;

    /// 1 over the response of a neuron without couplings to exp(-i omega t), omega in radians per
    /// time constant: 1 - i omega, or (exp(-i omega dt) - alpha) / beta.
    [[nodiscard]] std::complex<double> inverse_filter(std::complex<double> omega) const {
        return 1.0 + filter_excess(omega);
    }
    /// What it has beyond 1, which is its value at omega = 0, without cancellation.
    [[nodiscard]] std::complex<double> filter_excess(std::complex<double> omega) const;

    /// Spectrum of the drive as an input; a frozen drive has none. Also continued to complex
    /// frequencies.
    [[nodiscard]] double drive_spectrum(const Drive& drive, double omega) const {
        return drive_spectrum(drive, std::complex<double>(omega)).real();
    }
    [[nodiscard]] std::complex<double> drive_spectrum(const Drive& drive,
                                                      std::complex<double> omega) const;

private:
    double dt_ = 0.0;
    double alpha_ = 0.0;
    double beta_ = 0.0;
    double noise_per_strength_ = 0.0;
    double impulse_ = 1.0;
    model::IntegratorKind integrator_ = model::IntegratorKind::euler;
};

/// One quadrature node of an average over positive frequencies of an even function.
struct FrequencyNode {
    double omega;  ///< radians per time constant
    double weight; ///< 2 d(omega)/2pi; on a grid of time steps 2 dt d(omega)/2pi
};

/// Nodes for the integral of d(omega)/2pi over all frequencies (over one period on a grid), equally
/// spaced in the angle psi of omega = width tan(psi), or tan(omega dt/2) = tan(width dt/2)
/// tan(psi): exponentially convergent for rational spectra. `width` lies between the slowest rate
/// and 1.
[[nodiscard]] std::vector<FrequencyNode> frequency_nodes(const TimeScheme& scheme, double width,
                                                         int count);

} // namespace tinymf::host
