// SPDX-License-Identifier: Apache-2.0
#include "theory/participation.hpp"

#include <cmath>
#include <complex>
#include <vector>

#include "theory/linear_response.hpp"

namespace tinymf::host {
namespace {

constexpr int nodes_per_axis = 400;

struct LinearNode {
    double weighted_spectrum;
    std::complex<double> response;
};

std::vector<LinearNode> linear_nodes(const LinearModel& model) {
    std::vector<LinearNode> nodes;
    for (const FrequencyNode& node :
         frequency_nodes(model.scheme, model.frequency_width(), nodes_per_axis)) {
        nodes.push_back({node.weight * linear_spectrum(model, node.omega),
                         linear_response(model.scheme.inverse_filter(node.omega), model.kappa())});
    }
    return nodes;
}

/// What one pair of frequencies adds to tr C^2 / N, relative to C(w1) C(w2).
double pair_factor(double x, double kappa, std::complex<double> r1, std::complex<double> r2) {
    const std::complex<double> straight = 1.0 - x * r1 * std::conj(r2);
    const std::complex<double> reflected = kappa * r1 * r2;
    return (1.0 - std::norm(reflected)) / (std::norm(straight) * std::norm(1.0 - reflected));
}

/// tr C^2 / N. A node stands for both signs of its frequency, and the two relative signs differ.
double linear_square(const LinearModel& model) {
    const std::vector<LinearNode> nodes = linear_nodes(model);
    const double x = model.gain * model.gain;
    double sum = 0.0;
    for (const LinearNode& first : nodes) {
        for (const LinearNode& second : nodes) {
            const double factor =
                pair_factor(x, model.kappa(), first.response, second.response) +
                pair_factor(x, model.kappa(), first.response, std::conj(second.response));
            sum += first.weighted_spectrum * second.weighted_spectrum * factor / 2.0;
        }
    }
    return sum;
}

} // namespace

CovarianceStatistics covariance_statistics(double input_variance, double input_square,
                                           double output_variance, double output_square) {
    const double input = input_variance * input_variance;
    const double output = output_variance * output_variance;
    return {input / input_square, output / output_square, input_square - input,
            output_square - output};
}

CovarianceStatistics linear_covariance_statistics(const LinearModel& model) {
    const double variance = linear_variance(model);
    const double square =
        model.drive.kind == Drive::Kind::frozen
            ? variance * variance / linear_long_window_dimension(model.gain, model.reciprocity)
            : linear_square(model);
    return covariance_statistics(variance, square, variance, square);
}

double linear_long_window_dimension(double gain, double reciprocity) {
    const double kappa = reciprocity * gain * gain;
    const double response = static_linear_response(kappa);
    const double amplified = gain * gain * response * response;
    const double reflected = kappa * response * response;
    return (1.0 - amplified) * (1.0 - amplified) * (1.0 - reflected) / (1.0 + reflected);
}

} // namespace tinymf::host
