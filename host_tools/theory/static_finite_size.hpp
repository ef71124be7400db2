// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "theory/finite_size_term.hpp"
#include "tinymf/experiment/parameters.hpp"

namespace tinymf::host {

// Fixed points of x = g J phi(x) + xi with a frozen drive xi, any activation, reciprocity 0, J_ii =
// 0, averaged over J and xi.
//
// They have an exact law at every N where the fixed point is unique: x_i = sqrt(V_i) z_i with
// independent standard normals z and V_i = s2 + (g^2/N) sum_{j != i} phi(x_j)^2. (Given the others'
// outputs the field is Gaussian; the determinant 1 - (g^2/V) <x phi phi'> of the Kac-Rice formula
// is what makes V a root.) It holds for what one draw of xi shows; covariances between neurons need
// two.

/// 1/N corrections of <x^2> and <phi^2>, from the law. Scatter is not given.
struct StaticFiniteSize {
    FiniteSizeTerm input_variance;
    FiniteSizeTerm output_variance;
};

/// `variance` is the limit of <x^2>, see stationary_variance.
[[nodiscard]] StaticFiniteSize static_finite_size(const experiment::Parameters<double>& parameters,
                                                  double variance);

/// An average over networks and draws of the drive, with its sampling error.
struct SampledNumber {
    double value = 0.0;
    double standard_error = 0.0;
};

struct SingleNeuronLaw {
    std::uint32_t samples = 0;     ///< networks drawn
    SampledNumber input_variance;  ///< <x^2>
    SampledNumber output_variance; ///< <phi^2>
    SampledNumber fourth_moment;   ///< <x^4>
    double activity_scatter = 0.0; ///< standard deviation of (1/N) sum phi^2 between networks
};

/// Draws from the law. Nothing when a draw has no root that iteration finds within 1000 steps: the
/// fixed point is not unique there. Work: 4e6 activations an iteration, 10 to 100 iterations.
[[nodiscard]] std::optional<SingleNeuronLaw>
single_neuron_law(const experiment::Parameters<double>& parameters, std::uint32_t neurons);

} // namespace tinymf::host
