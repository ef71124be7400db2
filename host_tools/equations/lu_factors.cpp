// SPDX-License-Identifier: Apache-2.0
#include "equations/lu_factors.hpp"

namespace tinymf::host {

LuFactors::LuFactors(const Eigen::MatrixXd& matrix) : factors_{matrix} {}

Eigen::MatrixXd LuFactors::solve(const Eigen::MatrixXd& right) const {
    return factors_.solve(right);
}

Eigen::VectorXd LuFactors::solve(const Eigen::VectorXd& right) const {
    return factors_.solve(right);
}

Eigen::MatrixXd LuFactors::inverse() const {
    return factors_.inverse();
}

} // namespace tinymf::host
