// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "reference/mean_field_problem.hpp"

namespace tinymf::host {

/// Sums over paths of the responses at one time t to impulses at all times s < t.
struct ResponseSums {
    Eigen::RowVectorXd state;  ///< of r[t,s]
    Eigen::RowVectorXd output; ///< of phi'(x_t) r[t,s]
    double output_squares = 0.0;
};

/// The response of every single path, by its tangent equation (Zou & Huang 2023):
///
///     r[s+1,s] = 1,  r[t+1,s] = alpha r[t,s] + beta^2 kappa sum_{s<v<t} R[t,v] phi'(x_v) r[v,s]
///
/// with R the population's response; R_x = <r>, R_phi = <phi' r>. Dearer than Novikov's theorem,
/// but it needs no noise to correlate with. Work n^3 / 6 multiplications and additions a path,
/// memory 4 n^2 bytes a path.
class TangentResponse {
public:
    TangentResponse(const MeanFieldProblem& problem, Eigen::Index paths);

    /// At the present time t; `slopes` are phi'(x_t). Once for each time.
    [[nodiscard]] ResponseSums take(const Eigen::RowVectorXd& slopes);

    /// From t to t + 1; `memory` is R[t, 0 .. t-1].
    void advance(const Eigen::RowVectorXd& memory);

private:
    const MeanFieldProblem* problem_;
    Eigen::Index t_ = 0;
    TwoTimeMatrix present_; ///< row s: r[t,s] of every path
    /// For each s, row v - s - 1: phi'(x_v) r[v,s] of every path.
    std::vector<TwoTimeMatrix> weighted_;
};

} // namespace tinymf::host
