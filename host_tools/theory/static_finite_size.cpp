// SPDX-License-Identifier: Apache-2.0
#include "theory/static_finite_size.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <Eigen/Dense>
#include <boost/random/mersenne_twister.hpp>
#include <boost/random/normal_distribution.hpp>

#include "equations/reference_activation.hpp"
#include "theory/gaussian_moments.hpp"

namespace tinymf::host {
namespace {

using Parameters = experiment::Parameters<double>;
using model::ActivationKind;

/// E phi^2 and E phi^4 over x ~ N(0, V), with derivatives by V.
struct OutputPowers {
    double square = 0.0;
    double square_slope = 0.0;
    double square_curvature = 0.0;
    double fourth = 0.0;
    double fourth_slope = 0.0;
};

/// phi^2 = scale |x|^(2p), on half of the axis where `share` is 1/2.
OutputPowers powers_of_power(double p, double share, double variance) {
    const double square = share * absolute_normal_moment(2.0 * p) * std::pow(variance, p);
    const double fourth = share * absolute_normal_moment(4.0 * p) * std::pow(variance, 2.0 * p);
    return {square, p * square / variance, p * (p - 1.0) * square / (variance * variance), fourth,
            2.0 * p * fourth / variance};
}

/// Derivatives by V fall on the normal weight: d/dV E f = E f (z^2 - 1)/(2V), and so on.
OutputPowers integrated_powers(const Parameters& parameters, double variance) {
    const ReferenceActivation activation = reference_activation(parameters);
    const double step = quadrature_step(parameters, variance);
    const int reach = static_cast<int>(quadrature_reach / step);
    OutputPowers powers;
    for (int j = -reach; j <= reach; ++j) {
        const double z = j * step;
        const double weight = step / std::sqrt(2.0 * std::numbers::pi) * std::exp(-z * z / 2.0);
        const double once = (z * z - 1.0) / (2.0 * variance);
        const double twice = (z * z * z * z - 6.0 * z * z + 3.0) / (4.0 * variance * variance);
        const double square = std::pow(activation.value(std::sqrt(variance) * z), 2);
        powers.square += weight * square;
        powers.square_slope += weight * square * once;
        powers.square_curvature += weight * square * twice;
        powers.fourth += weight * square * square;
        powers.fourth_slope += weight * square * square * once;
    }
    return powers;
}

OutputPowers output_powers(const Parameters& parameters, double variance) {
    switch (parameters.activation) {
    case ActivationKind::linear:
        return powers_of_power(1.0, 1.0, variance);
    case ActivationKind::relu:
        return powers_of_power(1.0, 0.5, variance);
    case ActivationKind::power_law:
        return powers_of_power(parameters.exponent, 1.0, variance);
    default:
        return integrated_powers(parameters, variance);
    }
}

class LawSampler {
public:
    LawSampler(const Parameters& parameters, Eigen::Index neurons)
        : activation_{reference_activation(parameters)},
          coupling_{parameters.gain * parameters.gain}, drive_{parameters.noise * parameters.noise},
          normals_(neurons), values_(neurons), squares_(neurons) {}

    /// False when there is no root to be found.
    bool draw() {
        std::ranges::generate(normals_, [this] { return normal_(engine_); });
        squares_.setZero();
        for (int iteration = 0; iteration < most_iterations; ++iteration) {
            const double before = squares_.sum();
            const auto others = (before - squares_.array()) / static_cast<double>(squares_.size());
            values_ = normals_.array() * (drive_ + coupling_ * others).max(0.0).sqrt();
            squares_ = values_.unaryExpr(activation_.value).cwiseAbs2();
            if (std::abs(squares_.sum() - before) <= tolerance * before) {
                return true;
            }
        }
        return false;
    }

    [[nodiscard]] const Eigen::VectorXd& values() const { return values_; }
    [[nodiscard]] double activity() const { return squares_.mean(); }

private:
    static constexpr int most_iterations = 1000;
    static constexpr double tolerance = 1e-10;

    ReferenceActivation activation_;
    double coupling_;
    double drive_;
    boost::random::mt19937_64 engine_;
    boost::random::normal_distribution<double> normal_;
    Eigen::VectorXd normals_;
    Eigen::VectorXd values_;
    Eigen::VectorXd squares_;
};

SampledNumber mean_of(const Eigen::VectorXd& numbers) {
    const auto count = static_cast<double>(numbers.size());
    const double squares = (numbers.array() - numbers.mean()).square().sum();
    return {numbers.mean(), std::sqrt(squares / (count - 1.0) / count)};
}

} // namespace

StaticFiniteSize static_finite_size(const Parameters& parameters, double variance) {
    const OutputPowers q = output_powers(parameters, variance);
    const double x = parameters.gain * parameters.gain;
    const double susceptibility = 1.0 / (1.0 - x * q.square_slope);
    const double spread = q.fourth - q.square * q.square; // Var phi^2
    const double spread_slope = q.fourth_slope - 2.0 * q.square * q.square_slope;
    // Without self-couplings a neuron sees the others only, which lowers its variance.
    const double unseen = x * x * susceptibility * q.fourth_slope / 2.0;
    const double field = x * x * susceptibility * susceptibility * spread_slope / 2.0 +
                         std::pow(x * susceptibility, 3) * q.square_curvature * spread / 2.0 -
                         unseen;
    const double input = field + 2.0 * x * susceptibility * variance * q.square_slope -
                         x * (q.square + 2.0 * variance * q.square_slope);
    return {{variance, input}, {q.square, field / x}};
}

std::optional<SingleNeuronLaw> single_neuron_law(const Parameters& parameters,
                                                 std::uint32_t neurons) {
    constexpr std::uint32_t values = 4'000'000;
    SingleNeuronLaw law;
    law.samples = std::max<std::uint32_t>(values / neurons, 1000);
    const auto samples = static_cast<Eigen::Index>(law.samples);
    Eigen::VectorXd squares(samples);
    Eigen::VectorXd fourths(samples);
    Eigen::VectorXd activities(samples);
    LawSampler sampler(parameters, neurons);
    for (Eigen::Index k = 0; k < samples; ++k) {
        if (!sampler.draw()) {
            return std::nullopt;
        }
        const Eigen::ArrayXd square = sampler.values().array().square();
        squares(k) = square.mean();
        fourths(k) = square.square().mean();
        activities(k) = sampler.activity();
    }
    law.input_variance = mean_of(squares);
    law.fourth_moment = mean_of(fourths);
    law.output_variance = mean_of(activities);
    law.activity_scatter = law.output_variance.standard_error * std::sqrt(law.samples);
    return law;
}

} // namespace tinymf::host
