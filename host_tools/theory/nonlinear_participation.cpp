// SPDX-License-Identifier: Apache-2.0
#include "theory/nonlinear_participation.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <vector>

namespace tinymf::host {
namespace {

constexpr int nodes_per_axis = 400;

/// One frequency, with its weight multiplied into the spectra.
struct Node {
    std::complex<double> filter; ///< response of a neuron without couplings
    double amplification;        ///< 1 / (1 - u |filter|^2)
    double output;               ///< C_phi
    double driven;               ///< |filter|^2 N
    double excess;               ///< Q / b^2
};

struct Squares {
    double input = 0.0;  ///< tr (C^x)^2 / N
    double output = 0.0; ///< tr (C^phi)^2 / N
};

/// The contribution of two frequencies with one relative sign; p = 1 / (1 - u s1 s2*).
void add_pair(const Node& first, const Node& second, std::complex<double> p, Squares& squares) {
    const double v1 = first.amplification;
    const double v2 = second.amplification;
    const double real = p.real();
    const double t00 = v1 * v2 * std::norm(p);
    const double t10 = t00 - 2.0 * v2 * real + v2;
    const double t01 = t00 - 2.0 * v1 * real + v1;
    const double t11 = t00 - 2.0 * (v1 + v2) * real + v1 + v2 + 2.0 * real - 1.0;
    squares.output += first.output * second.output * std::norm(p);
    squares.input += first.driven * second.driven * t00 + first.excess * second.driven * t10 +
                     first.driven * second.excess * t01 + first.excess * second.excess * t11;
}

std::vector<Node> nodes_of(const BivariateAverage& average, double gain, const Drive& drive,
                           const TimeScheme& scheme, const CorrelationTable& output, double kink) {
    const double b = average.moments().mean_slope;
    const double u = gain * gain * b * b;
    const double width = std::sqrt(std::sqrt(std::clamp(1.0 - u, 1e-8, 1.0)));
    const auto grid = frequency_nodes(scheme, width, nodes_per_axis);
    const auto spectrum = spectrum_of(output, scheme, kink, grid);
    std::vector<Node> nodes;
    for (std::size_t j = 0; j < grid.size(); ++j) {
        const std::complex<double> filter = 1.0 / scheme.inverse_filter(grid[j].omega);
        const double power = std::norm(filter);
        const double noise = scheme.drive_spectrum(drive, grid[j].omega);
        const double input = power * (gain * gain * spectrum[j] + noise);
        nodes.push_back({filter, 1.0 / (1.0 - u * power), grid[j].weight * spectrum[j],
                         grid[j].weight * power * noise,
                         grid[j].weight * (spectrum[j] / (b * b) - input)});
    }
    return nodes;
}

} // namespace

CovarianceStatistics frozen_covariance_statistics(const GaussianMoments& moments, double variance,
                                                  double gain, double strength) {
    const double x = gain * gain;
    const double b = moments.mean_slope;
    const double q = moments.output_variance;
    const double v = 1.0 / (1.0 - x * b * b);
    const double excess = q - b * b * variance;
    const double input = strength * strength * v * v * v * v +
                         2.0 * strength * excess * x * v * v * (v * v + v - 1.0) +
                         excess * excess * x * x * v * v * (v * v + 2.0 * v - 1.0);
    return covariance_statistics(variance, input, q, q * q * v * v);
}

CovarianceStatistics nonlinear_covariance_statistics(const BivariateAverage& average, double gain,
                                                     const Drive& drive, const TimeScheme& scheme,
                                                     const CorrelationTable& output, double kink) {
    const double b = average.moments().mean_slope;
    const double u = gain * gain * b * b;
    const auto nodes = nodes_of(average, gain, drive, scheme, output, kink);
    Squares squares;
    for (const Node& first : nodes) {
        for (const Node& second : nodes) {
            add_pair(first, second, 1.0 / (1.0 - u * first.filter * std::conj(second.filter)),
                     squares);
            add_pair(first, second, 1.0 / (1.0 - u * first.filter * second.filter), squares);
        }
    }
    return covariance_statistics(average.variance(), squares.input / 2.0,
                                 average.moments().output_variance, squares.output / 2.0);
}

double long_window_dimension(double gain, double mean_slope) {
    const double left = 1.0 - gain * gain * mean_slope * mean_slope;
    return left * left;
}

} // namespace tinymf::host
