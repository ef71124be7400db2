// SPDX-License-Identifier: Apache-2.0
#include "theory/output_spectrum.hpp"

#include <cmath>
#include <complex>

namespace tinymf::host {
namespace {

/// values[0] + 2 sum_k values[k] cos(k angle).
double cosine_sum(std::span<const double> values, double angle) {
    const std::complex<double> turn = std::polar(1.0, angle);
    std::complex<double> phase = turn;
    double sum = values[0] / 2.0;
    for (std::size_t k = 1; k < values.size(); ++k) {
        sum += values[k] * phase.real();
        // Repeated multiplication drifts by an ulp a step; start afresh now and then.
        phase = k % 64 == 0 ? std::polar(1.0, std::fmod(static_cast<double>(k + 1) * angle,
                                                        2.0 * 3.14159265358979323846))
                            : phase * turn;
    }
    return 2.0 * sum;
}

/// Ratio of the transform of a cubic spline to the sum over its knots.
double spline_attenuation(double angle) {
    const double half = angle / 2.0;
    if (std::abs(half) < 1e-4) {
        return 1.0;
    }
    const double ratio = std::sin(half) / half;
    const double cosine = std::cos(half);
    return ratio * ratio * ratio * ratio * 3.0 / (1.0 + 2.0 * cosine * cosine);
}

} // namespace

std::vector<double> spectrum_of(const CorrelationTable& table, const TimeScheme& scheme,
                                double kink, std::span<const FrequencyNode> nodes) {
    std::vector<double> smooth = table.values;
    for (std::size_t k = 0; k < smooth.size() && kink != 0.0; ++k) {
        smooth[k] -= kink * std::exp(-static_cast<double>(k) * table.step);
    }
    std::vector<double> spectrum;
    spectrum.reserve(nodes.size());
    for (const FrequencyNode& node : nodes) {
        const double angle = node.omega * table.step;
        const double sum = cosine_sum(smooth, angle);
        spectrum.push_back(scheme.continuous() ? table.step * spline_attenuation(angle) * sum +
                                                     2.0 * kink / (1.0 + node.omega * node.omega)
                                               : sum);
    }
    return spectrum;
}

} // namespace tinymf::host
