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

} // namespace

std::vector<double> spectrum_of(const CorrelationTable& table,
                                std::span<const FrequencyNode> nodes) {
    if (table.panels) {
        return table.panels->spectrum(table.values, nodes);
    }
    std::vector<double> spectrum;
    spectrum.reserve(nodes.size());
    for (const FrequencyNode& node : nodes) {
        spectrum.push_back(cosine_sum(table.values, node.omega * table.step));
    }
    return spectrum;
}

} // namespace tinymf::host
