// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Eigen/Dense>

namespace tinymf::host {

/// L and U of a square matrix, with partial pivoting. Not a template of what it solves, as Eigen's
/// is, which each file that solves something would compile again, two seconds long. Work: n^3/3,
/// and n^2 a column.
class LuFactors {
public:
    explicit LuFactors(const Eigen::MatrixXd& matrix);

    [[nodiscard]] Eigen::MatrixXd solve(const Eigen::MatrixXd& right) const;
    [[nodiscard]] Eigen::VectorXd solve(const Eigen::VectorXd& right) const;
    [[nodiscard]] Eigen::MatrixXd inverse() const;

private:
    Eigen::PartialPivLU<Eigen::MatrixXd> factors_;
};

} // namespace tinymf::host
