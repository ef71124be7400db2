// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "theory/covariance_density.hpp"

namespace tinymf::host {

/// Density of the eigenvalues of a covariance matrix that was estimated from finitely many vectors,
/// independent and of known mean (Marchenko & Pastur 1967; Silverstein 1995): the exact eigenvalues
/// t_i, blurred. With T vectors of N signals the Stieltjes transform v of the T x T matrix of their
/// products obeys
///
///     z = -1/v + (N/T) <t/(1 + t v)>,
///
/// the brackets averaging over all t; exact for N -> infinity at fixed N/T. The mean of the
/// eigenvalues stays, that of their squares grows by (N/T) mean^2.
class SampledSpectrum {
public:
    /// `exact` holds one eigenvalue at least; vectors_a_signal = T/N > 0.
    SampledSpectrum(EigenvalueShares exact, double vectors_a_signal);

    /// Density at a place above 0, averaged over its surroundings of the relative width
    /// `resolution`; coarse enough, it does not show the points of `exact` one by one. The integral
    /// is 1 for T >= N; for less, T/N, the other eigenvalues being 0. Work: some hundred times the
    /// number of points.
    [[nodiscard]] double at(double eigenvalue, double resolution = 1e-8) const;

private:
    EigenvalueShares exact_;
    double ratio_; ///< N/T
};

} // namespace tinymf::host
