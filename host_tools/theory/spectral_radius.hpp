// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Eigen/Dense>

namespace tinymf::host {

/// Largest absolute value of an eigenvalue. Work: some 10 N^3.
[[nodiscard]] double spectral_radius(const Eigen::MatrixXd& matrix);

} // namespace tinymf::host
