// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "equations/time_scheme.hpp"
#include "theory/bivariate_average.hpp"

namespace tinymf::host {

/// C_x(tau) of the stationary continuum mean field without reciprocity, for white, static or no
/// drive: c'' = c - g^2 F(c), less s2 for static noise; c(0) the stationary variance, c'(0+) =
/// -s2/2 with white noise, 0 otherwise.
///
/// The solution that decays is a separatrix: errors of the second-order equation grow. From half
/// the variance on, the first-order equation of the conserved energy takes over, along which they
/// shrink. Adaptive Runge-Kutta-Fehlberg 7(8); absolute error near 1e-12 up to tau = 5.
class Autocorrelation {
public:
    Autocorrelation(const experiment::Parameters<double>& parameters, const Drive& drive,
                    double variance);

    /// At lags in ascending order, none negative.
    [[nodiscard]] std::vector<double> at(std::span<const double> lags) const;

    [[nodiscard]] const BivariateAverage& average() const { return average_; }
    [[nodiscard]] double plateau() const { return plateau_; }
    /// Rate of the exponential tail, sqrt(1 - g^2 dF/dc(plateau)).
    [[nodiscard]] double decay_rate() const;

private:
    double gain_;
    double initial_slope_;
    double frozen_strength_;
    BivariateAverage average_;
    double plateau_;
};

} // namespace tinymf::host
