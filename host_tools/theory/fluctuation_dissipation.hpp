// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "equations/time_scheme.hpp"
#include "statistics/stationary_lags.hpp"

namespace tinymf::host {

/// White noise of strength sigma^2 as a heat bath of temperature T = sigma^2/2, on the grid of a
/// scheme x[t+1] = alpha x[t] + beta (input) + sqrt(nu) n[t].
///
/// A linear network with symmetric couplings is in equilibrium with it: R(tau) = -C'(tau)/T, and
/// chi(tau) = int_0^tau R = (C(0) - C(tau))/T, a straight line of slope -1/T in the plane of C and
/// chi (Zou & Huang 2023, fluctuation-dissipation theorem). On the grid the same relation reads
/// R[k] = (C[k-1] - C[k+1])/nu, exactly for every k >= 1; the continuum's, with the grid's C and R,
/// is off by O(dt). Any other network, and any nonlinear activation, is out of equilibrium.
///
/// Functions of StationaryLags are over the lag, k = 0 .. size - 2.
struct HeatBath {
    TimeScheme scheme; ///< not the continuum
    double strength = 0.0;

    [[nodiscard]] double temperature() const { return strength / 2.0; }
    /// The scheme's -1/slope in the plane of C and chi: T for Euler, T (1 + O(dt)) otherwise.
    [[nodiscard]] double scheme_temperature() const {
        return scheme.step_variance(strength) / (2.0 * scheme.beta());
    }
};

/// chi[k] = beta sum_{j <= k} R[j], the response to a field that was switched on k steps ago.
[[nodiscard]] std::vector<double> susceptibility(const StationaryLags& lags,
                                                 const TimeScheme& scheme);

/// (C[k] + C[k+1])/2: over this the scheme's chi is a straight line in equilibrium.
[[nodiscard]] std::vector<double> correlation_in_mid_step(const StationaryLags& lags);

/// X[k] = nu R[k] / (C[k-1] - C[k+1]): 1 in equilibrium. X[0] is not a number.
[[nodiscard]] std::vector<double> fluctuation_dissipation_ratio(const StationaryLags& lags,
                                                                const HeatBath& bath);

/// The correlation lost up to the middle of step k less that which equilibrium needs for chi[k],
/// (C[0] + C[1] - C[k] - C[k+1])/2 - nu/(2 beta) chi[k]: zero in equilibrium. Linear in C and R.
[[nodiscard]] std::vector<double> excess_fluctuation(const StationaryLags& lags,
                                                     const HeatBath& bath);

/// T_eff = sigma^2 beta sin(omega dt) C(omega) / (2 nu Im R(omega)) with the sums C(omega) =
/// sum_k C[k] e^{i omega k dt} over all lags of both signs and R(omega) = beta sum_k R[k]
/// e^{i omega k dt}; as dt -> 0 it is omega C / (2 Im R). T in equilibrium; compare with
/// linear_effective_temperature on the same grid. Lags beyond the last are taken as zero. `omega`
/// in radians per time constant, below pi/dt; 0 stands for the limit. Work: lags x frequencies.
[[nodiscard]] std::vector<double> effective_temperature(const StationaryLags& lags,
                                                        const HeatBath& bath,
                                                        std::span<const double> omega);

} // namespace tinymf::host
