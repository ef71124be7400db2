// SPDX-License-Identifier: Apache-2.0
#include "compare/linear_network.hpp"

#include "equations/lu_factors.hpp"
#include "reference/drawn_network.hpp"
#include "theory/spectral_radius.hpp"

namespace tinymf::host {
namespace {

using Matrix = Eigen::MatrixXd;

/// By squaring.
Matrix power_of(Matrix base, std::uint32_t exponent) {
    Matrix power = Matrix::Identity(base.rows(), base.cols());
    for (; exponent > 0; exponent /= 2) {
        if (exponent % 2 == 1) {
            power = (power * base).eval();
        }
        base = (base * base).eval();
    }
    return power;
}

} // namespace

Matrix couplings_of(const Recording& recording) {
    return draw_network({.parameters = recording.parameters,
                         .shape = {.neurons = recording.profile.neurons,
                                   .coupling = recording.profile.coupling,
                                   .scalar = recording.profile.scalar},
                         .live_inputs = {},
                         .state_steps = {}})
        .couplings;
}

LinearNetwork::LinearNetwork(const Recording& recording)
    : p_{recording.parameters}, scheme_{TimeScheme::grid(p_.integrator, p_.dt)},
      couplings_{couplings_of(recording)}, step_{scheme_.alpha() *
                                                     Matrix::Identity(size(), size()) +
                                                 scheme_.beta() * p_.gain * couplings_} {}

double LinearNetwork::spectral_radius() const {
    return host::spectral_radius(step_);
}

Matrix LinearNetwork::covariance() const {
    const double strength = p_.noise * p_.noise;
    if (p_.noise_kind == model::NoiseKind::frozen) {
        const Matrix inverse =
            LuFactors(Matrix::Identity(size(), size()) - p_.gain * couplings_).inverse();
        return strength * inverse * inverse.transpose();
    }
    // By doubling.
    Matrix s = scheme_.step_variance(strength) * Matrix::Identity(size(), size());
    Matrix a = step_;
    for (int doubling = 0; doubling < 30 && a.norm() > 1e-12; ++doubling) {
        s += (a * s * a.transpose()).eval();
        a = (a * a).eval();
    }
    return s;
}

Matrix LinearNetwork::window_covariance(std::uint32_t window, std::uint32_t interval) const {
    const Matrix s = covariance();
    const Matrix p = power_of(step_, interval);
    const Matrix one = Matrix::Identity(size(), size());
    const LuFactors distance(one - p);
    // sum_{0<k<W} (1 - k/W) P^k = (1 - P)^-1 (P - (1 - P)^-1 P (1 - P^W)/W).
    const Matrix ends =
        distance.solve(Matrix(p * (one - power_of(p, window)))) / static_cast<double>(window);
    const Matrix f = distance.solve(Matrix(p - ends)) * s;
    return interval * p_.dt * (s + f + f.transpose());
}

std::vector<double> LinearNetwork::mean_of_powers(Matrix b, std::uint32_t interval,
                                                  std::size_t lags) const {
    const Matrix power = power_of(step_, interval);
    std::vector<double> means;
    for (std::size_t k = 0; k < lags; ++k) {
        means.push_back(b.trace() / static_cast<double>(size()));
        b = (power * b).eval();
    }
    return means;
}

} // namespace tinymf::host
