// SPDX-License-Identifier: Apache-2.0
// What holds exactly, whatever the parameters. Identities of one quantity stand with its own tests;
// these tie several parts of the theory together, or to the matrices of finite networks.
// Tolerances: rounding, unless stated.

#include <array>
#include <cmath>

#include <Eigen/Dense>
#include <boost/random/mersenne_twister.hpp>
#include <boost/random/normal_distribution.hpp>
#include <gtest/gtest.h>

#include "equations/stage_scheme.hpp"
#include "reference/linear_two_time.hpp"
#include "reference/two_time_closure.hpp"
#include "reference_mean_fields.hpp"
#include "theory/fluctuating_state.hpp"
#include "theory/linear_response.hpp"
#include "theory/prediction.hpp"
#include "theory_parameters.hpp"

namespace tinymf::host {
namespace {

using model::ActivationKind;
using model::IntegratorKind;
using model::NoiseKind;

constexpr std::array all_integrators{IntegratorKind::euler, IntegratorKind::exponential_euler,
                                     IntegratorKind::heun, IntegratorKind::rk4};

TwoTimeArrays closure(experiment::Parameters<double> parameters, IntegratorKind integrator) {
    parameters.integrator = integrator;
    return solve_two_time_closure(mean_field_problem(parameters)).value;
}

// Response at zero frequency at the critical gain 1/(1 + eta).
TEST(TheoryIdentities, StaticResponseAtTheCriticalGain) {
    for (const double eta : {-0.5, 0.0, 0.5, 1.0}) {
        const double critical = 1.0 / (1.0 + eta);
        EXPECT_NEAR(static_linear_response(eta * critical * critical), 1.0 + eta, 1e-14);
    }
}

// Without reciprocity a neuron forgets x(0) as if alone, and responds by its mean slope.
TEST(TheoryIdentities, NeuronsForgetAsIfAlone) {
    for (const auto integrator : all_integrators) {
        for (const auto activation :
             {ActivationKind::tanh, ActivationKind::relu, ActivationKind::linear}) {
            const TwoTimeArrays arrays = closure(euler_run(activation, 1.2, 0, 0, 12), integrator);
            const StageScheme scheme = stage_scheme(integrator, 0.1);
            for (Eigen::Index t = 1; t <= 12; ++t) {
                const double forgotten = std::pow(scheme.decay(), static_cast<double>(t));
                EXPECT_NEAR(arrays.Cx(t, 0), forgotten, 1e-14);
                if (activation == ActivationKind::tanh) { // tanh' = 1 - tanh^2
                    EXPECT_NEAR(arrays.Rphi(t, t - 1), scheme.impulse() * (1.0 - arrays.Cphi(t, t)),
                                1e-13);
                }
            }
        }
    }
}

// C is symmetric and positive semidefinite, so that it obeys Schwarz's inequality; R is causal.
TEST(TheoryIdentities, CovariancesArePositiveAndResponsesCausal) {
    for (const auto integrator : all_integrators) {
        const TwoTimeArrays arrays =
            closure(euler_run(ActivationKind::tanh, 1.5, 0, 0.3, 20), integrator);
        for (const TwoTimeMatrix& c : {arrays.Cx, arrays.Cphi}) {
            EXPECT_EQ((c - c.transpose()).cwiseAbs().maxCoeff(), 0.0);
            const Eigen::VectorXd eigenvalues =
                Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(c).eigenvalues();
            EXPECT_GT(eigenvalues.minCoeff(), -1e-14 * eigenvalues.maxCoeff());
        }
        const TwoTimeMatrix later = arrays.Rphi.triangularView<Eigen::Upper>();
        EXPECT_EQ(later.cwiseAbs().maxCoeff(), 0.0);
    }
}

// Linear: C scales with the drive's strength when x(0) scales along.
TEST(TheoryIdentities, LinearCovariancesScaleWithTheDrive) {
    auto parameters = euler_run(ActivationKind::linear, 0.6, 0.4, 1, 30);
    const TwoTimeArrays one = solve_linear_two_time(mean_field_problem(parameters)).value;
    parameters.noise = 3.0;
    parameters.initial_scale = 3.0;
    const TwoTimeArrays nine = solve_linear_two_time(mean_field_problem(parameters)).value;
    EXPECT_LT((nine.Cx - 9.0 * one.Cx).cwiseAbs().maxCoeff(), 1e-13);
    EXPECT_LT((nine.Rx - one.Rx).cwiseAbs().maxCoeff(), 1e-15);
}

// Stationary tanh networks, driven and chaotic, of any scheme: <tanh'> = 1 - <tanh^2>.
TEST(TheoryIdentities, TanhSlopeAndOutputVarianceAddUpToOne) {
    for (const auto integrator : all_integrators) {
        for (const double s2 : {0.0, 0.5}) {
            const Parameters parameters =
                theory_parameters(ActivationKind::tanh, 1.5, s2, NoiseKind::colored);
            const auto state = fluctuating_state(parameters, drive_of(parameters),
                                                 TimeScheme::grid(integrator, 0.25));
            ASSERT_TRUE(state);
            const GaussianMoments& moments = state->average.moments();
            EXPECT_NEAR(moments.mean_slope + moments.output_variance, 1.0, 1e-14);
        }
    }
}

// The map x' = g J phi(x) under static noise grows by g sqrt<phi'^2> a step.
TEST(TheoryIdentities, ExponentOfTheUnitMap) {
    Parameters parameters = theory_parameters(ActivationKind::tanh, 1.2, 0.5, NoiseKind::frozen);
    parameters.dt = 1.0;
    const Prediction map = predict(parameters, {.discrete = true});
    const double amplification = 1.0 + predict(parameters).largest_lyapunov_exponent.value();
    EXPECT_NEAR(map.largest_lyapunov_exponent.value(), std::log(amplification), 1e-14);
}

// N Var(C_ij) / C_ii^2 = 1/D - 1, and inputs and outputs of a linear network have one dimension.
TEST(TheoryIdentities, SpreadAndDimensionSayTheSame) {
    for (const Parameters& parameters :
         {linear_parameters(0.6, 0.3), linear_parameters(0.5, -0.7, NoiseKind::frozen),
          theory_parameters(ActivationKind::tanh, 1.1, 0.5),
          theory_parameters(ActivationKind::erf, 0.7, 0.5, NoiseKind::frozen)}) {
        const Prediction p = predict(parameters);
        const double input = p.stationary.input_variance.value();
        const double output = p.stationary.output_variance.value();
        EXPECT_NEAR(p.covariance.input_spread.value() / (input * input),
                    1.0 / p.participation.input.value() - 1.0, 1e-12);
        EXPECT_NEAR(p.covariance.output_spread.value() / (output * output),
                    1.0 / p.participation.output.value() - 1.0, 1e-12);
    }
}

/// Couplings of one network with reciprocity 1 or -1 and variance 1/N.
Eigen::MatrixXd couplings_of(double reciprocity, Eigen::Index neurons) {
    boost::random::mt19937_64 engine(3);
    boost::random::normal_distribution<double> normal;
    const Eigen::MatrixXd upper = Eigen::MatrixXd::NullaryExpr(neurons, neurons, [&] {
                                      return normal(engine);
                                  }).triangularView<Eigen::StrictlyUpper>();
    return (upper + reciprocity * upper.transpose()) / std::sqrt(static_cast<double>(neurons));
}

/// Stationary C of x[t+1] = A x[t] + sqrt(nu) n, summed until a power of A is below rounding.
Eigen::MatrixXd stationary_covariance(Eigen::MatrixXd a, double nu) {
    Eigen::MatrixXd c = nu * Eigen::MatrixXd::Identity(a.rows(), a.cols());
    while (a.cwiseAbs().maxCoeff() > 1e-17) { // every pass doubles the number of steps in the sum
        c += a * c * a.transpose();
        a *= a;
    }
    return c;
}

// Antisymmetric couplings of any network: C = nu [(1 - alpha^2) - beta^2 g^2 J J^T]^-1, the noise
// of uncoupled neurons in the limit of small steps.
TEST(TheoryIdentities, AntisymmetricCouplingsOnlyRotate) {
    constexpr double gain = 0.7;
    const Eigen::MatrixXd j = couplings_of(-1.0, 12);
    const Eigen::MatrixXd one = Eigen::MatrixXd::Identity(12, 12);
    for (const double dt : {0.1, 1e-4}) {
        const TimeScheme scheme = TimeScheme::euler(dt);
        const double nu = scheme.step_variance(1.0);
        const Eigen::MatrixXd c =
            stationary_covariance(scheme.alpha() * one + scheme.beta() * gain * j, nu);
        const Eigen::MatrixXd inverse = (1.0 - std::pow(scheme.alpha(), 2)) * one -
                                        std::pow(scheme.beta() * gain, 2) * j * j.transpose();
        EXPECT_LT((c * inverse - nu * one).cwiseAbs().maxCoeff(), 1e-14);
        // (1 - alpha^2) / nu = 2 - dt, and the largest eigenvalue of J J^T is near 4.
        EXPECT_LT((2.0 * c - one).cwiseAbs().maxCoeff(), 3.0 * dt);
    }
}

// Symmetric couplings of any network: R[k] = (C[k-1] - C[k+1]) / nu for the whole matrices.
TEST(TheoryIdentities, OneSymmetricNetworkObeysTheDiscreteFluctuationDissipationTheorem) {
    const Eigen::MatrixXd j = couplings_of(1.0, 12);
    for (const TimeScheme& scheme : {TimeScheme::euler(0.2), TimeScheme::exponential_euler(0.2)}) {
        const double nu = scheme.step_variance(1.0);
        const Eigen::MatrixXd a =
            scheme.alpha() * Eigen::MatrixXd::Identity(12, 12) + scheme.beta() * 0.4 * j;
        Eigen::MatrixXd before = stationary_covariance(a, nu);
        Eigen::MatrixXd response = Eigen::MatrixXd::Identity(12, 12);
        for (int k = 1; k <= 5; ++k) {
            EXPECT_LT((response - (before - a * a * before) / nu).cwiseAbs().maxCoeff(), 1e-13);
            before = a * before;
            response = a * response;
        }
    }
}

} // namespace
} // namespace tinymf::host
