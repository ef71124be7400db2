// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include <Eigen/Core>

namespace tinymf::host {

/// The stationary state of a mean field as functions of the lag, whoever found it.
struct StationarySolution {
    std::vector<double> lags; ///< n, in units of tau
    std::vector<double> Cx;
    std::vector<double> Cphi;
    std::vector<double> Rx;
    std::vector<double> Rphi;
    std::optional<double> lyapunov; ///< largest exponent, per tau
};

using TwoTimeMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// One number for each pair (t, t') of a grid of n times, and one for each time.
struct TwoTimeArrays {
    TwoTimeMatrix Cx;     ///< n x n, <x_t x_t'>, not centred, symmetric
    TwoTimeMatrix Cphi;   ///< n x n, <phi_t phi_t'>, the same
    TwoTimeMatrix Rx;     ///< n x n, <dx_t/dI_t'>/beta, zero for t' >= t
    TwoTimeMatrix Rphi;   ///< n x n, <dphi_t/dI_t'>/beta, the same
    Eigen::VectorXd mean; ///< n, <x_t>
};

/// The N -> infinity limit of an experiment on its own time grid, whoever found it: a recorded run
/// of a device, or the reference. Size: 64 n^2 bytes with standard errors.
struct TwoTimeSolution {
    std::vector<double> times; ///< n, in units of tau
    TwoTimeArrays value;
    /// Of each number, where it was sampled; empty arrays where the method has no sampling error.
    TwoTimeArrays standard_error;

    [[nodiscard]] bool sampled() const { return standard_error.Cx.size() > 0; }
};

} // namespace tinymf::host
