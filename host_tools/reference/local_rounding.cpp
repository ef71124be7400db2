// SPDX-License-Identifier: Apache-2.0
#include "reference/local_rounding.hpp"

#include <cmath>
#include <limits>
#include <numbers>
#include <span>

namespace tinymf::host {
namespace {

using Eigen::ArrayXd;
using Eigen::Index;
using Eigen::VectorXd;

bool single(const NetworkProblem& problem) {
    return problem.shape.scalar == experiment::ScalarKind::float32;
}

/// |c0| + |c1| s + |c2| s^2 + ..., which bounds what a sum of the terms can lose.
double size_of_terms(double constant, std::span<const double> higher, double s) {
    double sum = 0.0;
    for (std::size_t k = higher.size(); k > 0; --k) {
        sum = (sum + std::abs(higher[k - 1])) * s;
    }
    return sum + std::abs(constant);
}

/// Horner's rule loses at most 2 n units of the sum of the terms' sizes (Higham 2002, section 5.1);
/// s = x^2 is off by one more unit, which a term of degree k has k times.
std::function<double(double)> pade_roundoffs(const experiment::Parameters<double>& p,
                                             const ReferenceActivation& activation) {
    constexpr double horner = 12.0;
    return [p, phi = activation.value](double x) {
        const double s = x * x;
        const std::span<const double> a(p.pade_numerator);
        const double numerator = size_of_terms(a[0], a.subspan(1), s);
        const double terms = size_of_terms(1.0, p.pade_denominator, s);
        double q = 0.0;
        for (std::size_t k = p.pade_denominator.size(); k > 0; --k) {
            q = (q + p.pade_denominator[k - 1]) * s;
        }
        q = std::abs(q + 1.0);
        const double value = std::abs(phi(x));
        return horner * (std::abs(x) * numerator / q + value * terms / q) + 2.0 * value;
    };
}

/// An activation's ulp is two units of roundoff.
std::function<double(double)> roundoffs_of(const experiment::Parameters<double>& p,
                                           const ReferenceActivation& activation) {
    switch (p.activation) {
    case model::ActivationKind::linear:
    case model::ActivationKind::relu:
        return [](double) { return 0.0; };
    case model::ActivationKind::pade:
        return pade_roundoffs(p, activation);
    default:
        return
            [phi = activation.value](double x) { return 2.0 * activation_ulps * std::abs(phi(x)); };
    }
}

} // namespace

LocalRounding::LocalRounding(const NetworkProblem& problem, const NetworkEquation& equation)
    : parameters_{problem.parameters}, equation_{&equation},
      unit_{unit_roundoff(problem) + std::numeric_limits<double>::epsilon() / 2.0},
      smallest_{single(problem)
                    ? static_cast<double>(std::numeric_limits<float>::denorm_min()) / 2.0
                    : std::numeric_limits<double>::denorm_min()},
      turn_{single(problem) ? 0x1p-32 : 0x1p-64}, activation_{roundoffs_of(problem.parameters,
                                                                           equation.activation())} {
}

VectorXd LocalRounding::of_drive(const VectorXd& x, const VectorXd& external) const {
    const Eigen::MatrixXd& couplings = equation_->couplings();
    const Index neurons = x.size();
    const VectorXd rates = equation_->activation().values(x);
    const VectorXd rate_errors = x.unaryExpr(activation_);
    ArrayXd partial = ArrayXd::Zero(neurons);
    ArrayXd squares = ArrayXd::Zero(neurons);
    for (Index j = 0; j < neurons; ++j) {
        const ArrayXd term = couplings.col(j).array() * rates(j);
        partial += term;
        squares +=
            partial.square() + term.square() + (couplings.col(j).array() * rate_errors(j)).square();
    }
    const double gain = equation_->gain();
    const ArrayXd recurrent = gain * partial;
    const ArrayXd drive = recurrent + external.array();
    const ArrayXd relative = gain * gain * squares + recurrent.square() +
                             external.array().square() + drive.square() +
                             (drive - x.array()).square();
    const double operations = 2.0 * static_cast<double>(neurons) * gain * gain + 4.0;
    return (unit_ * relative.sqrt() + smallest_ * std::sqrt(operations)).matrix();
}

VectorXd LocalRounding::of_stage(const VectorXd& x) const {
    return (unit_ * std::numbers::sqrt2 * x.cwiseAbs()).array() + 2.0 * smallest_;
}

VectorXd LocalRounding::of_state(const VectorXd& before, const VectorXd& after,
                                 const VectorXd& increment) const {
    const ArrayXd relative = 2.0 * before.array().square() + 3.0 * after.array().square() +
                             3.0 * increment.array().square();
    return (unit_ * relative.sqrt() + 2.0 * smallest_).matrix();
}

VectorXd LocalRounding::of_field(const VectorXd& field) const {
    return (unit_ * std::numbers::sqrt3 * field.cwiseAbs()).array() + 2.0 * smallest_;
}

double LocalRounding::of_sine(double time) const {
    if (parameters_.stimulus != model::StimulusKind::sine) {
        return 0.0;
    }
    constexpr double of_double = std::numeric_limits<double>::epsilon();
    const double turns = parameters_.stimulus_frequency * time;
    const double steps = time / parameters_.dt;
    const double phase = turn_ + 0x1p-64 * steps + 2.0 * of_double * turns;
    return std::abs(parameters_.stimulus_amplitude) *
           (2.0 * std::numbers::pi * phase + 2.0 * activation_ulps * unit_);
}

} // namespace tinymf::host
