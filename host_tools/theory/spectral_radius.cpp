// SPDX-License-Identifier: Apache-2.0
#include "theory/spectral_radius.hpp"

namespace tinymf::host {

double spectral_radius(const Eigen::MatrixXd& matrix) {
    return matrix.eigenvalues().cwiseAbs().maxCoeff();
}

} // namespace tinymf::host
