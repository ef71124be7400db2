// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Eigen/Dense>

#include "equations/reference_activation.hpp"

namespace tinymf::host {

/// The autonomous part of x' = -x + g J phi(x) + I(t) + xi (Zou & Huang 2023, eq. 1) in double
/// precision. Columns of a matrix are states of independent copies of the network; a product costs
/// N^2 multiply-adds a column.
class NetworkEquation {
public:
    /// `couplings` must outlive the equation.
    NetworkEquation(const experiment::Parameters<double>& parameters,
                    const Eigen::MatrixXd& couplings)
        : activation_{reference_activation(parameters)},
          couplings_{&couplings}, gain_{parameters.gain} {}

    [[nodiscard]] Eigen::Index neurons() const { return couplings_->rows(); }
    [[nodiscard]] double gain() const { return gain_; }
    [[nodiscard]] const Eigen::MatrixXd& couplings() const { return *couplings_; }
    [[nodiscard]] const ReferenceActivation& activation() const { return activation_; }

    /// g J phi(x)
    [[nodiscard]] Eigen::MatrixXd recurrent_input(const Eigen::MatrixXd& x) const {
        return gain_ * (*couplings_ * activation_.values(x));
    }

    /// Its derivative at x along v: g J (phi'(x) v)
    [[nodiscard]] Eigen::VectorXd recurrent_tangent(const Eigen::VectorXd& x,
                                                    const Eigen::VectorXd& v) const {
        return gain_ * (*couplings_ * activation_.slopes(x).cwiseProduct(v));
    }

private:
    ReferenceActivation activation_;
    const Eigen::MatrixXd* couplings_;
    double gain_;
};

} // namespace tinymf::host
