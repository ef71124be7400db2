// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <Eigen/Dense>

#include "equations/time_scheme.hpp"
#include "recording/recording.hpp"

namespace tinymf::host {

/// The couplings J that a run's seed draws, N x N.
[[nodiscard]] Eigen::MatrixXd couplings_of(const Recording& recording);

/// A linear network with the couplings of a run, x[t+1] = A x[t] + sqrt(nu) n with A = alpha + beta
/// g J, or its fixed points under static noise. The run is that of a network on a scheme with one
/// stage.
class LinearNetwork {
public:
    explicit LinearNetwork(const Recording& recording);

    /// The network is stable below 1.
    [[nodiscard]] double spectral_radius() const;

    /// S = A S A^T + nu 1, or sigma^2 (1 - g J)^-1 (1 - g J)^-T over draws of static noise. Work:
    /// some 40 N^3. The network must be stable.
    [[nodiscard]] Eigen::MatrixXd covariance() const;

    /// Covariance of the means of `window` states, `interval` steps from one to the next, times the
    /// length of the window in tau; for long ones the covariance at zero frequency. With P =
    /// A^interval and white noise: interval dt (S + F + F^T), F = sum_{0<k<window} (1 - k/window)
    /// P^k S.
    [[nodiscard]] Eigen::MatrixXd window_covariance(std::uint32_t window,
                                                    std::uint32_t interval) const;

    /// tr A^(k interval) B/N for k = 0, 1, ... below `lags`.
    [[nodiscard]] std::vector<double> mean_of_powers(Eigen::MatrixXd b, std::uint32_t interval,
                                                     std::size_t lags) const;

    [[nodiscard]] Eigen::Index size() const { return couplings_.rows(); }

private:
    experiment::Parameters<double> p_;
    TimeScheme scheme_;
    Eigen::MatrixXd couplings_;
    Eigen::MatrixXd step_;
};

} // namespace tinymf::host
