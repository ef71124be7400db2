// SPDX-License-Identifier: Apache-2.0
#include "theory/anderson_acceleration.hpp"

#include <algorithm>

namespace tinymf::host {

std::optional<Eigen::VectorXd>
fixed_point(const std::function<Eigen::VectorXd(const Eigen::VectorXd&)>& map, Eigen::VectorXd x,
            double tolerance, int most_iterations) {
    constexpr Eigen::Index depth = 8;
    Eigen::MatrixXd steps(x.size(), depth);
    Eigen::MatrixXd changes(x.size(), depth);
    Eigen::VectorXd last_x;
    Eigen::VectorXd last_residual;
    for (Eigen::Index iteration = 0; iteration < most_iterations; ++iteration) {
        const Eigen::VectorXd residual = map(x) - x;
        if (!residual.allFinite()) {
            return std::nullopt;
        }
        if (residual.cwiseAbs().maxCoeff() < tolerance * x.cwiseAbs().maxCoeff()) {
            return x + residual;
        }
        Eigen::VectorXd next = x + residual;
        if (iteration > 0) {
            const Eigen::Index column = (iteration - 1) % depth;
            steps.col(column) = x - last_x;
            changes.col(column) = residual - last_residual;
            const Eigen::Index used = std::min(iteration, depth);
            const auto kept_changes = changes.leftCols(used);
            const Eigen::VectorXd mix = kept_changes.colPivHouseholderQr().solve(residual);
            next -= (steps.leftCols(used) + kept_changes) * mix;
        }
        last_x = x;
        last_residual = residual;
        x = next;
    }
    return std::nullopt;
}

} // namespace tinymf::host
