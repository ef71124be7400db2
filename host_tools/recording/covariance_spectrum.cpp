// SPDX-License-Identifier: Apache-2.0
#include "recording/covariance_spectrum.hpp"

#include <algorithm>
#include <cstdint>

#include <Eigen/Eigenvalues>

namespace tinymf::host {
namespace {

using enum observe::ObservedArray;

struct Triangles {
    observe::ObservedArray first;
    observe::ObservedArray second; ///< of the other replica
};

Triangles triangles_of(Signal signal) {
    return signal == Signal::input ? Triangles{covariance_input_a, covariance_input_b}
                                   : Triangles{covariance_output_a, covariance_output_b};
}

} // namespace

bool samples_fixed_points(const experiment::Parameters<double>& p) {
    return p.noise > 0.0 && p.noise_kind == model::NoiseKind::frozen && p.noise_hold != 0 &&
           p.observation.window == 1;
}

bool has_covariance(const ObservedUnits& observed, Signal signal) {
    return observed.has(triangles_of(signal).first);
}

Eigen::MatrixXd covariance_matrix(const ObservedUnits& observed, Signal signal) {
    const auto [first, second] = triangles_of(signal);
    const ObservedMeans means = average(observed.units, observed.units.size());
    const std::vector<double>& a = means.of(first);
    const std::vector<double>& b = observed.has(second) ? means.of(second) : a;
    const auto n = static_cast<Eigen::Index>(observed.neurons);
    Eigen::MatrixXd matrix(n, n);
    std::size_t entry = 0;
    for (Eigen::Index i = 0; i < n; ++i) {
        for (Eigen::Index j = 0; j <= i; ++j, ++entry) {
            matrix(i, j) = matrix(j, i) = (a[entry] + b[entry]) / 2.0;
        }
    }
    return matrix;
}

std::vector<double> eigenvalues_of(const Eigen::MatrixXd& matrix) {
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(matrix, Eigen::EigenvaluesOnly);
    return {solver.eigenvalues().begin(), solver.eigenvalues().end()};
}

double sampled_vectors(const ObservedUnits& observed) {
    const observe::ObservationParameters& observation = observed.parameters.observation;
    const std::uint32_t vectors_of_block = observation.block / observation.window;
    return static_cast<double>(observed.parameters.replicas) *
           static_cast<double>(observed.units.size()) * vectors_of_block;
}

std::optional<double> independent_vectors(const ObservedUnits& observed) {
    const auto& p = observed.parameters;
    const double vectors = sampled_vectors(observed);
    if (samples_fixed_points(p)) {
        const double draws_of_sample =
            static_cast<double>(p.observation.sample_every) / static_cast<double>(p.noise_hold);
        return vectors * std::min(1.0, draws_of_sample);
    }
    const bool frozen = p.noise > 0.0 && p.noise_kind == model::NoiseKind::frozen;
    return !frozen && p.observation.window > 1 ? std::optional(vectors) : std::nullopt;
}

} // namespace tinymf::host
