// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Eigen/Dense>

#include "equations/stage_scheme.hpp"

namespace tinymf::host {

/// What the neurons of a scheme of any number of stages make of stationary fields. Correlations of
/// inputs, C_ab[k] = <y_a[t+k] y_b[t]> for lags k in steps, and K_ab[k] of fields are vectors of
/// the stages^2 pairs (column by column); C[-k] is C[k] with its pairs swapped. They obey
///
///     (1 + decay^2) C[k] - decay (C[k+1] + C[k-1]) = same K[k] + later K[k+1] + earlier K[k-1],
///
/// because y[t] - decay y[t-1] is a sum of the fields of steps t and t - 1 alone.
struct StageFilter {
    double decay = 0.0;
    Eigen::MatrixXd same; ///< pairs x pairs
    Eigen::MatrixXd later;
    Eigen::MatrixXd earlier;
    Eigen::MatrixXd swap; ///< the permutation of pairs a b into b a

    [[nodiscard]] Eigen::Index pairs() const { return same.rows(); }
};

/// With `growth` other than 1 the filter of fields and inputs divided by growth^t: of perturbations
/// that grow by that factor a step.
[[nodiscard]] StageFilter stage_filter(const StageScheme& scheme, double growth = 1.0);

/// C at lags 0 .. n (columns) from K at the same lags; beyond n K is constant. Work: 6 pairs^2 n.
[[nodiscard]] Eigen::MatrixXd filtered(const StageFilter& filter, const Eigen::MatrixXd& fields);

/// Where fields are proportional to inputs, K = `slopes` C pair by pair, C[k+1] = R C[k] for the
/// solutions that decay with the lag; this is R, by cyclic reduction (Bini & Meini 1996).
[[nodiscard]] Eigen::MatrixXd decay_matrix(const StageFilter& filter,
                                           const Eigen::VectorXd& slopes);

} // namespace tinymf::host
