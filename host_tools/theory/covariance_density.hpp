// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

namespace tinymf::host {

/// A distribution of eigenvalues in points: places above 0 in ascending order, and the share of all
/// eigenvalues that each has. Shares sum to 1.
struct EigenvalueShares {
    std::vector<double> eigenvalues;
    std::vector<double> shares;
};

/// Density of the eigenvalues of amplitude (1 - gJ)^-1 (1 - gJ)^-T for N -> infinity: covariances
/// of a linear network under static noise, and those at zero frequency under any other (Hu &
/// Sompolinsky 2022 without reciprocity). Nonlinear networks have it with g <phi'> for g.
///
/// The Stieltjes transform m(z) of (1 - gJ)(1 - gJ)^T, elliptic J, is the root that continues -1/z
/// from z -> infinity of
///
///     z = 1/(1 + h m)^2 - 1/(m (1 + g^2 m)),      h = g^2 (1 + eta),
///
/// from the self-consistent resolvent of the Hermitian matrix with the blocks 0, 1 - gJ and its
/// transpose; without reciprocity it is cubic in 1 + g^2 m (Dozier & Silverstein 2007).
class CovarianceDensity {
public:
    /// 0 <= gain (1 + reciprocity) < 1 and gain (1 - reciprocity) of any size; amplitude > 0.
    CovarianceDensity(double gain, double reciprocity, double amplitude);

    /// Ends of the support. Largest and smallest eigenvalues of a network of N neurons scatter
    /// around them, relative to the width of the support by some N^(-2/3).
    [[nodiscard]] double lower_edge() const { return amplitude_ / highest_; }
    [[nodiscard]] double upper_edge() const { return amplitude_ / lowest_; }

    /// Mean eigenvalue, which is the mean variance of a neuron.
    [[nodiscard]] double mean() const;

    /// Density at an eigenvalue, its integral being 1; 0 outside the support. Work: some hundred
    /// steps of Newton's method.
    [[nodiscard]] double at(double eigenvalue) const;

    /// The density as `count` eigenvalues and what share of all each stands for; dense enough for
    /// integrals of smooth functions to converge fast.
    [[nodiscard]] EigenvalueShares discretised(int count) const;

    /// The eigenvalues below which a share (k + 1/2)/count lies, k = 0 ... count-1, ascending.
    [[nodiscard]] std::vector<double> quantiles(std::size_t count) const;

private:
    double gain_square_;
    double h_;
    double amplitude_;
    double lowest_;  ///< of (1 - gJ)(1 - gJ)^T
    double highest_; ///< likewise
};

} // namespace tinymf::host
