// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

#include "recording/observed_means.hpp"

namespace tinymf::host {

/// Traces of a covariance matrix C of N signals and of its square, free of the bias that the noise
/// of the estimated entries brings into squares.
struct CovarianceSpread {
    double trace = 0.0;    ///< tr C
    double square = 0.0;   ///< tr C^2
    double diagonal = 0.0; ///< sum_i C_ii^2

    /// D = (tr C)^2/(N tr C^2), in (0, 1] (Mato, Rigatuso & Torroba 2025).
    [[nodiscard]] double participation_ratio(std::size_t neurons) const {
        return trace * trace / (static_cast<double>(neurons) * square);
    }

    /// N Var(C_ij) over i != j.
    [[nodiscard]] double scaled_variance(std::size_t neurons) const {
        return (square - diagonal) / static_cast<double>(neurons - 1);
    }
};

/// From the products of two replicas of one J with independent noise: unbiased at any correlation
/// in time. `spread` is a spread_input or spread_output.
[[nodiscard]] CovarianceSpread spread_of_two_replicas(std::span<const double> spread);

/// From one replica and the number of independent samples of a block: unbiased for Gaussian
/// signals, as far as that number is right. Fewer than two samples give a NaN.
[[nodiscard]] CovarianceSpread spread_of_one_replica(std::span<const double> spread,
                                                     double independent_samples);

/// The same taken as if every entry were exact: tr C^2 too large by about (tr C)^2/samples.
[[nodiscard]] CovarianceSpread naive_spread(std::span<const double> spread);

/// T/(1 + 2 sum_k (1 - k/T) a_k^2) of T samples whose autocorrelations at lag k are a_k =
/// tr C(k)/tr C(0); `correlation` is C_x or C_phi by lag, from lag 0. Lags beyond its end count
/// as zero, which makes the number too large where they are not.
[[nodiscard]] double independent_samples(std::span<const double> correlation, double samples);

} // namespace tinymf::host
