// SPDX-License-Identifier: Apache-2.0
#include "equations/stage_scheme.hpp"

#include <cmath>

namespace tinymf::host {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

StageScheme exponential_euler(double dt) {
    const double beta = -std::expm1(-dt);
    StageScheme scheme;
    scheme.state = Eigen::Vector2d(1.0, std::exp(-dt));
    scheme.field = Eigen::Vector2d(0.0, beta);
    scheme.white = Eigen::Vector2d(0.0, std::sqrt(-std::expm1(-2.0 * dt) / 2.0));
    scheme.offset = VectorXd::Zero(1);
    scheme.input_unit = beta;
    return scheme;
}

/// y_a = x + dt sum_b tableau(a,b) (f_b - y_b), with the y_b replaced by what they are made of.
StageScheme runge_kutta(const MatrixXd& tableau, const VectorXd& offset, double dt) {
    const Index stages = tableau.cols();
    StageScheme scheme{
        VectorXd::Ones(stages + 1), MatrixXd::Zero(stages + 1, stages), {}, offset, dt};
    for (Index a = 1; a <= stages; ++a) {
        const Eigen::RowVectorXd weights = dt * tableau.row(a);
        scheme.state(a) = 1.0 - weights.dot(scheme.state.head(stages));
        scheme.field.row(a) = weights - weights * scheme.field.topRows(stages);
    }
    scheme.white = scheme.field.rowwise().sum() / std::sqrt(dt);
    return scheme;
}

} // namespace

StageScheme stage_scheme(model::IntegratorKind integrator, double dt) {
    switch (integrator) {
    case model::IntegratorKind::euler:
        return runge_kutta(Eigen::Vector2d(0.0, 1.0), VectorXd::Zero(1), dt);
    case model::IntegratorKind::exponential_euler:
        return exponential_euler(dt);
    case model::IntegratorKind::heun: {
        MatrixXd tableau(3, 2);
        tableau << 0.0, 0.0, 1.0, 0.0, 0.5, 0.5;
        return runge_kutta(tableau, Eigen::Vector2d(0.0, 1.0), dt);
    }
    case model::IntegratorKind::rk4:
        break;
    }
    MatrixXd tableau(5, 4);
    tableau << 0.0, 0.0, 0.0, 0.0, //
        0.5, 0.0, 0.0, 0.0,        //
        0.0, 0.5, 0.0, 0.0,        //
        0.0, 0.0, 1.0, 0.0,        //
        1.0 / 6.0, 1.0 / 3.0, 1.0 / 3.0, 1.0 / 6.0;
    return runge_kutta(tableau, Eigen::Vector4d(0.0, 0.5, 0.5, 1.0), dt);
}

} // namespace tinymf::host
