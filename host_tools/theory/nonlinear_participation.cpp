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

/// N Var(C_ij), i != j: what tr C^2 / N has beyond the square of the variance.
struct Spreads {
    double input = 0.0;
    double output = 0.0;
};

/// The contribution of two frequencies with one relative sign; q = u s1 s2* / (1 - u s1 s2*). The
/// factor |1 + q|^2 of the output, and the like of the input, less what a neuron has by itself:
/// that is the known variance, of which no integral up to a last frequency has everything.
void add_pair(const Node& first, const Node& second, Complex q, Spreads& spreads) {
    const double v1 = first.amplification;
    const double v2 = second.amplification;
    const double twice = 2.0 * q.real();
    const double excess = twice + std::norm(q);
    const double e00 = v1 * v2 * excess;
    const double e10 = e00 - v2 * twice;
    const double e01 = e00 - v1 * twice;
    const double e11 = e00 - (v1 + v2 - 1.0) * twice;
    spreads.output += first.output * second.output * excess;
    spreads.input += first.driven * second.driven * e00 + first.coloured * second.driven * e10 +
                     first.driven * second.coloured * e01 + first.coloured * second.coloured * e11;
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

Spreads spreads_of(const EquivalentNetwork& network, const FrequencyGrid& grid,
                   const std::vector<double>& spectrum) {
    const double u = network.gain * network.gain;
    const std::vector<Node> outer = nodes_of(network, grid.nodes(), spectrum);
    Spreads spreads;
    for (std::size_t j = 0; j < outer.size(); ++j) {
        const Node& first = outer[j];
        const auto inner = inner_nodes(network, grid, spectrum, outer, j);
        for (const Node& second : inner) {
            add_pair(first, second, u / network.gap_between(first.excess, second.excess), spreads);
            add_pair(first, second, u / network.gap_between(first.excess, std::conj(second.excess)),
                     spreads);
        }
    }
    return {spreads.input / 2.0, spreads.output / 2.0};
}

} // namespace

CovarianceStatistics frozen_covariance_statistics(const GaussianMoments& moments, double variance,
                                                  double gain, double strength) {
    const double x = gain * gain;
    const double b = moments.mean_slope;
    const double q = moments.output_variance;
    const double v = 1.0 / (1.0 - x * b * b);
    const double beyond = x * b * b * v; // v - 1
    const double own = x * (q - b * b * variance);
    // variance = v (strength + own); what is left of tr C^2 / N without its square.
    const double input =
        v * v *
        (strength * strength * beyond * (v + 1.0) + 2.0 * strength * own * beyond * (v + 2.0) +
         own * own * (1.0 + beyond * (v + 3.0)));
    return covariance_statistics(variance, input, q, q * q * beyond * (v + 1.0));
}

CovarianceStatistics nonlinear_covariance_statistics(const BivariateAverage& average, double gain,
                                                     const Drive& drive, const TimeScheme& scheme,
                                                     const CorrelationTable& output) {
    const GaussianMoments& moments = average.moments();
    const EquivalentNetwork network{gain * std::abs(moments.mean_slope), moments.mean_slope,
                                    gain * gain, drive, scheme};
    const FrequencyGrid grid(scheme, features_of(network, gain * std::sqrt(moments.slope_square)));
    const Spreads spreads = spreads_of(network, grid, spectrum_of(output, grid.nodes()));
    return covariance_statistics(average.variance(), spreads.input, moments.output_variance,
                                 spreads.output);
}

double long_window_dimension(double gain, double mean_slope) {
    const double amplified = gain * mean_slope;
    const double left = (1.0 - amplified) * (1.0 + amplified);
    return left * left;
}

} // namespace tinymf::host
