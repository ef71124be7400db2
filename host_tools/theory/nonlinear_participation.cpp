// SPDX-License-Identifier: Apache-2.0
#include "theory/nonlinear_participation.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <vector>

#include "theory/graded_nodes.hpp"

namespace tinymf::host {
namespace {

using Complex = std::complex<double>;

/// One frequency, with its weight multiplied into the spectra.
struct Node {
    Complex filter;       ///< inverse response of a neuron without couplings
    Complex excess;       ///< what it has beyond 1
    double amplification; ///< 1 / (1 - u |response|^2)
    double output;        ///< C_phi
    double driven;        ///< |response|^2 N
    double coloured;      ///< Q / b^2
};

struct Squares {
    double input = 0.0;  ///< tr (C^x)^2 / N
    double output = 0.0; ///< tr (C^phi)^2 / N
};

/// The contribution of two frequencies with one relative sign; p = 1 / (1 - u s1 s2*).
void add_pair(const Node& first, const Node& second, Complex p, Squares& squares) {
    const double v1 = first.amplification;
    const double v2 = second.amplification;
    const double real = p.real();
    const double t00 = v1 * v2 * std::norm(p);
    const double t10 = t00 - 2.0 * v2 * real + v2;
    const double t01 = t00 - 2.0 * v1 * real + v1;
    const double t11 = t00 - 2.0 * (v1 + v2) * real + v1 + v2 + 2.0 * real - 1.0;
    squares.output += first.output * second.output * std::norm(p);
    squares.input += first.driven * second.driven * t00 + first.coloured * second.driven * t10 +
                     first.driven * second.coloured * t01 + first.coloured * second.coloured * t11;
}

/// The network that has these covariances: its gain g b, what the neurons add, and when.
struct EquivalentNetwork {
    double gain;
    double mean_slope;
    double coupling_square; ///< g^2
    Drive drive;
    TimeScheme scheme;

    /// 1 - u without cancellation.
    [[nodiscard]] double gap() const { return (1.0 - gain) * (1.0 + gain); }
    /// 1 - u s_1 s_2^* times both inverse filters, 1 + the excess each.
    [[nodiscard]] Complex gap_between(Complex first, Complex second) const {
        const Complex other = std::conj(second);
        return gap() + (first + other + first * other);
    }
};

std::vector<Node> nodes_of(const EquivalentNetwork& network,
                           const std::vector<FrequencyNode>& frequencies,
                           const std::vector<double>& spectrum) {
    const double b2 = network.mean_slope * network.mean_slope;
    std::vector<Node> nodes;
    nodes.reserve(frequencies.size());
    for (std::size_t j = 0; j < frequencies.size(); ++j) {
        const auto [omega, weight] = frequencies[j];
        const Complex excess = network.scheme.filter_excess(omega);
        const double inverse_power = std::norm(1.0 + excess);
        const double noise = network.scheme.drive_spectrum(network.drive, omega);
        const double input = (network.coupling_square * spectrum[j] + noise) / inverse_power;
        nodes.push_back({1.0 + excess, excess,
                         inverse_power / network.gap_between(excess, excess).real(),
                         weight * spectrum[j], weight * noise / inverse_power,
                         weight * (spectrum[j] / b2 - input)});
    }
    return nodes;
}

/// The pole near the first frequency of 1/(1 - u s_1 s_2^*) as a function of the second.
Feature ridge(const EquivalentNetwork& network, double omega, const Node& node) {
    const double u = network.gain * network.gain;
    return {omega,
            network.gap_between(node.excess, node.excess).real() / u * std::abs(node.filter)};
}

std::vector<Feature> features_of(const EquivalentNetwork& network, double fastest) {
    std::vector<Feature> features{{0.0, std::max(network.gap(), 1e-15)},
                                  {0.0, std::max(1.0, fastest)}};
    if (network.drive.kind == Drive::Kind::colored) {
        features.push_back({0.0, 1.0 / network.drive.time});
    }
    return features;
}

/// The nodes of the inner integral, refined around the outer frequency.
std::vector<Node> inner_nodes(const EquivalentNetwork& network, const FrequencyGrid& grid,
                              const std::vector<double>& spectrum, const std::vector<Node>& outer,
                              std::size_t j) {
    const FrequencyNode& at = grid.nodes()[j];
    if (network.gain == 0.0 || grid.beyond_features(at)) {
        return outer;
    }
    const FrequencyGrid refined = grid.with(ridge(network, at.omega, outer[j]));
    return nodes_of(network, refined.nodes(), grid.values_on(refined, spectrum));
}

Squares squares_of(const EquivalentNetwork& network, const FrequencyGrid& grid,
                   const std::vector<double>& spectrum) {
    const std::vector<Node> outer = nodes_of(network, grid.nodes(), spectrum);
    Squares squares;
    for (std::size_t j = 0; j < outer.size(); ++j) {
        const Node& first = outer[j];
        const auto inner = inner_nodes(network, grid, spectrum, outer, j);
        for (const Node& second : inner) {
            const Complex straight = first.filter * std::conj(second.filter) /
                                     network.gap_between(first.excess, second.excess);
            const Complex reflected = first.filter * second.filter /
                                      network.gap_between(first.excess, std::conj(second.excess));
            add_pair(first, second, straight, squares);
            add_pair(first, second, reflected, squares);
        }
    }
    return {squares.input / 2.0, squares.output / 2.0};
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
                                                     const CorrelationTable& output) {
    const GaussianMoments& moments = average.moments();
    const EquivalentNetwork network{gain * std::abs(moments.mean_slope), moments.mean_slope,
                                    gain * gain, drive, scheme};
    const FrequencyGrid grid(scheme, features_of(network, gain * std::sqrt(moments.slope_square)));
    const Squares squares = squares_of(network, grid, spectrum_of(output, grid.nodes()));
    return covariance_statistics(average.variance(), squares.input, moments.output_variance,
                                 squares.output);
}

double long_window_dimension(double gain, double mean_slope) {
    const double amplified = gain * mean_slope;
    const double left = (1.0 - amplified) * (1.0 + amplified);
    return left * left;
}

} // namespace tinymf::host
