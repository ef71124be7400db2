// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "recording/covariance_spread.hpp"
#include "recording/observed_means.hpp"
#include "statistics/estimate.hpp"

namespace tinymf::host {

/// Units that were observed alike, and what is needed to read their arrays.
struct ObservedUnits {
    std::vector<ObservedMeans> units; ///< blocks of one run, or means of several runs
    experiment::Parameters<double> parameters;
    std::size_t neurons = 0;
    double written_dt = 0.0;

    [[nodiscard]] bool has(observe::ObservedArray array) const {
        return !units.empty() && !units.front().of(array).empty();
    }
};

/// The blocks of one run; none where it observed nothing.
[[nodiscard]] ObservedUnits units_of(const Recording& recording);

/// A function of the lag, tau in units of the time constant.
struct ObservedCurve {
    std::vector<double> tau;
    std::vector<Estimate> estimates;
};

/// One element of an array, averaged.
[[nodiscard]] Estimate mean_of(const ObservedUnits& observed, observe::ObservedArray array,
                               std::size_t element = 0);

/// C_x, C_phi, R_x or R_phi. The lag of a response begins where the kick enters.
[[nodiscard]] ObservedCurve curve_of(const ObservedUnits& observed, observe::ObservedArray array);

/// A function of the frequency, omega in radians per time constant.
struct ObservedSpectrum {
    std::vector<double> omega;
    std::vector<Estimate> estimates;
};

/// Power spectrum int C(tau) e^(i omega tau) dtau of C_x or C_phi, at as many frequencies as there
/// are lags, by the trapezoidal rule over the lags that were observed: right where C has decayed by
/// the last of them and is smooth over the distance of two.
[[nodiscard]] ObservedSpectrum spectrum_of(const ObservedUnits& observed,
                                           observe::ObservedArray correlation);

/// <x phi>/<x^2>: the mean gain <phi'> of a Gaussian x (Stein); from `moments`.
[[nodiscard]] Estimate stein_gain(const ObservedUnits& observed);

/// Traces of the covariance, unbiased; of one replica through the number of independent samples,
/// which takes the autocorrelation. Nothing where that is missing.
[[nodiscard]] std::optional<CovarianceSpread>
spread_of(const ObservedMeans& means, const ObservedUnits& observed, observe::ObservedArray spread);

/// D of inputs or outputs, and N Var(C_ij); nothing as above.
[[nodiscard]] std::optional<Estimate> participation_of(const ObservedUnits& observed,
                                                       observe::ObservedArray spread);
[[nodiscard]] std::optional<Estimate> covariance_spread_of(const ObservedUnits& observed,
                                                           observe::ObservedArray spread);

} // namespace tinymf::host
