// SPDX-License-Identifier: Apache-2.0
#include "theory/participation.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <vector>

#include "theory/graded_nodes.hpp"
#include "theory/linear_response.hpp"

namespace tinymf::host {
namespace {

using Complex = std::complex<double>;

struct LinearNode {
    double weighted_spectrum;
    Complex excess; ///< of the inverse filter
    Complex response;
};

LinearNode node_at(const LinearModel& model, const FrequencyNode& node) {
    const Complex excess = model.scheme.filter_excess(node.omega);
    return {node.weight * linear_spectrum(model, node.omega), excess,
            linear_response(1.0 + excess, model.kappa())};
}

/// 1 - g^2 R_1 R_2*, without reciprocity from what the filters have beyond 1.
Complex straight_gap(const LinearModel& model, const LinearNode& first, Complex second_excess,
                     Complex second_response) {
    if (model.reciprocity == 0.0) {
        const Complex q1 = first.excess;
        const Complex q2 = std::conj(second_excess);
        return (model.stability_gap() + (q1 + q2 + q1 * q2)) * first.response *
               std::conj(second_response);
    }
    return 1.0 - model.gain * model.gain * first.response * std::conj(second_response);
}

/// What one pair of frequencies adds to the spread, relative to C(w1) C(w2): with q = g^2 R1 R2*
/// and r = kappa R1 R2, (1 - |r|^2)/(|1 - q|^2 |1 - r|^2) - 1 without the difference.
double pair_factor(const LinearModel& model, const LinearNode& first, Complex second_excess,
                   Complex second_response) {
    const Complex straight = straight_gap(model, first, second_excess, second_response);
    const Complex q = model.gain * model.gain * first.response * std::conj(second_response);
    const Complex r = model.kappa() * first.response * second_response;
    const double a = 2.0 * q.real() - std::norm(q);
    const double b = 2.0 * r.real() - std::norm(r);
    return (a + b - a * b - std::norm(r)) / (std::norm(straight) * std::norm(1.0 - r));
}

/// As a function of the second frequency the factor has a pole near the first: at the distance, to
/// first order, of 1 - g^2 A over its slope, from p R - kappa R^2 = 1.
Feature ridge(const LinearModel& model, double omega, const LinearNode& node) {
    const double x = model.gain * model.gain;
    const double power = std::norm(node.response);
    const double gap =
        std::abs(straight_gap(model, node, node.excess, node.response)) / (x * power);
    const Complex slope = 1.0 + node.excess - 2.0 * model.kappa() * node.response;
    return {omega, std::abs(slope) * gap};
}

FrequencyGrid refined_around(const LinearModel& model, const FrequencyGrid& grid,
                             const FrequencyNode& at, const LinearNode& node) {
    if (model.gain == 0.0 || grid.beyond_features(at)) {
        return grid;
    }
    return grid.with(ridge(model, at.omega, node));
}

/// N Var(C_ij). A node stands for both signs of its frequency, and the two relative signs differ.
double linear_spread(const LinearModel& model) {
    const FrequencyGrid grid(model.scheme, model.features());
    double sum = 0.0;
    for (const FrequencyNode& outer : grid.nodes()) {
        const LinearNode first = node_at(model, outer);
        const FrequencyGrid refined = refined_around(model, grid, outer, first);
        double inner_sum = 0.0;
        for (const FrequencyNode& inner : refined.nodes()) {
            const LinearNode second = node_at(model, inner);
            inner_sum +=
                second.weighted_spectrum *
                (pair_factor(model, first, second.excess, second.response) +
                 pair_factor(model, first, std::conj(second.excess), std::conj(second.response)));
        }
        sum += first.weighted_spectrum * inner_sum / 2.0;
    }
    return sum;
}

} // namespace

CovarianceStatistics covariance_statistics(double input_variance, double input_spread,
                                           double output_variance, double output_spread) {
    const auto dimension = [](double variance, double spread) {
        return 1.0 / (1.0 + spread / variance / variance);
    };
    const double input = std::max(0.0, input_spread);
    const double output = std::max(0.0, output_spread);
    return {dimension(input_variance, input), dimension(output_variance, output), input, output};
}

CovarianceStatistics linear_covariance_statistics(const LinearModel& model) {
    const double variance = linear_variance(model);
    const double spread =
        model.drive.kind == Drive::Kind::frozen
            ? variance * variance *
                  (1.0 / linear_long_window_dimension(model.gain, model.reciprocity) - 1.0)
            : linear_spread(model);
    return covariance_statistics(variance, spread, variance, spread);
}

double linear_long_window_dimension(double gain, double reciprocity) {
    const double kappa = reciprocity * gain * gain;
    const double response = static_linear_response(kappa);
    const double amplified = gain * gain * response * response;
    const double reflected = kappa * response * response;
    const double gap = reciprocity == 0.0 ? (1.0 - gain) * (1.0 + gain) : 1.0 - amplified;
    return gap * gap * (1.0 - reflected) / (1.0 + reflected);
}

} // namespace tinymf::host
