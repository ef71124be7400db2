// SPDX-License-Identifier: Apache-2.0
#include "theory/linear_finite_size.hpp"

#include <cmath>
#include <complex>
#include <string>
#include <vector>

#include "theory/resolvent_loops.hpp"

namespace tinymf::host {
namespace {

using Loops = ResolventLoops;

/// C of one frequency: G(z) times the transpose of G(z*).
std::string pair_word(std::size_t z, std::size_t conjugate) {
    return {Loops::direct(z), Loops::transposed(conjugate)};
}

/// mean square of the fluctuation of a quotient a^2 / b, relative to it.
double relative_variance_of_dimension(double a, double b, double var_a, double cov_ab,
                                      double var_b) {
    return 4.0 * var_a / (a * a) - 4.0 * cov_ab / (a * b) + var_b / (b * b);
}

FiniteSizeTerm dimension_of(const FiniteSizeTerm& variance, const FiniteSizeTerm& square) {
    const double limit = variance.limit * variance.limit / square.limit;
    return {limit, limit * (2.0 * variance.coefficient / variance.limit -
                            square.coefficient / square.limit)};
}

LinearFiniteSize frozen_finite_size(const LinearModel& model, bool self_couplings) {
    const double s2 = model.drive.strength;
    Loops loops(model.gain, model.reciprocity, self_couplings, {1.0});
    const std::string once = pair_word(0, 0);
    const std::string twice = once + once;
    const double var_variance = loops.covariance(once, once).real();
    const double covariance = loops.covariance(once, twice).real();
    const double var_square = loops.covariance(twice, twice).real();
    LinearFiniteSize found;
    found.variance = {s2 * loops.leading(once).real(), s2 * loops.correction(once).real(),
                      s2 * std::sqrt(var_variance)};
    found.square = {s2 * s2 * loops.leading(twice).real(), s2 * s2 * loops.correction(twice).real(),
                    s2 * s2 * std::sqrt(var_square)};
    found.dimension = dimension_of(found.variance, found.square);
    found.dimension.scatter =
        found.dimension.limit * std::sqrt(relative_variance_of_dimension(
                                    loops.leading(once).real(), loops.leading(twice).real(),
                                    var_variance, covariance, var_square));
    return found;
}

/// What one pair of frequencies adds, the relative signs averaged.
struct PairTerms {
    double square;
    double square_correction;
    double variance_of_variance;
};

PairTerms pair_terms(Loops& loops) {
    const std::string first = pair_word(0, 1);
    PairTerms terms{};
    for (const std::string& second : {pair_word(2, 3), pair_word(3, 2)}) {
        terms.square += loops.leading(first + second).real() / 2.0;
        terms.square_correction += loops.correction(first + second).real() / 2.0;
        terms.variance_of_variance += loops.covariance(first, second).real() / 2.0;
    }
    return terms;
}

LinearFiniteSize moving_finite_size(const LinearModel& model, bool self_couplings) {
    constexpr int nodes_per_axis = 48;
    const std::vector<FrequencyNode> nodes =
        frequency_nodes(model.scheme, model.frequency_width(), nodes_per_axis);
    const auto inverse = [&model](const FrequencyNode& node) {
        return model.scheme.inverse_filter(node.omega);
    };
    const auto weight = [&model](const FrequencyNode& node) {
        return node.weight * model.scheme.drive_spectrum(model.drive, node.omega);
    };
    LinearFiniteSize found;
    double variance_of_variance = 0.0;
    for (std::size_t a = 0; a < nodes.size(); ++a) {
        const std::complex<double> z = inverse(nodes[a]);
        Loops own(model.gain, model.reciprocity, self_couplings, {z, std::conj(z)});
        found.variance.limit += weight(nodes[a]) * own.leading(pair_word(0, 1)).real();
        found.variance.coefficient += weight(nodes[a]) * own.correction(pair_word(0, 1)).real();
        for (std::size_t b = 0; b <= a; ++b) {
            const std::complex<double> other = inverse(nodes[b]);
            Loops loops(model.gain, model.reciprocity, self_couplings,
                        {z, std::conj(z), other, std::conj(other)});
            const PairTerms terms = pair_terms(loops);
            const double share = (a == b ? 1.0 : 2.0) * weight(nodes[a]) * weight(nodes[b]);
            found.square.limit += share * terms.square;
            found.square.coefficient += share * terms.square_correction;
            variance_of_variance += share * terms.variance_of_variance;
        }
    }
    found.variance.scatter = std::sqrt(variance_of_variance);
    found.dimension = dimension_of(found.variance, found.square);
    return found;
}

} // namespace

LinearFiniteSize linear_finite_size(const LinearModel& model, bool self_couplings) {
    return model.drive.kind == Drive::Kind::frozen ? frozen_finite_size(model, self_couplings)
                                                   : moving_finite_size(model, self_couplings);
}

FiniteSizeTerm static_spread_finite_size(double gain) {
    const double x = gain * gain;
    const double m = 1.0 / (1.0 - x);
    const double spread = m * m * (m * m - 1.0);
    LinearModel model;
    model.gain = gain;
    model.drive = {.kind = Drive::Kind::frozen, .strength = 1.0};
    const LinearFiniteSize linear = frozen_finite_size(model, false);
    // N Var_i(C_ii): the diagonal's own scatter is in tr C^2, but not in the spread.
    const double diagonal = 4.0 * x * x * std::pow(m, 3) + 2.0 * x * x * std::pow(m, 4);
    return {spread,
            linear.square.coefficient - 2.0 * m * linear.variance.coefficient - diagonal + spread};
}

} // namespace tinymf::host
