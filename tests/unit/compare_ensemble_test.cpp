// SPDX-License-Identifier: Apache-2.0
// Networks beside the mean field of their experiment, on states written by hand.
#include "compare/ensemble_comparison.hpp"

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/host_error.hpp"

namespace tinymf::host {
namespace {

using mean_field::TwoTimeArray;
using Steps = std::vector<std::uint32_t>;

constexpr std::uint32_t steps = 8;

experiment::Parameters<double> shared() {
    experiment::Parameters<double> p;
    p.activation = model::ActivationKind::linear;
    p.steps = steps;
    return p;
}

/// States of two neurons: (s + seed, 2 s - seed) at step s.
Recording network(std::uint64_t seed, const Steps& told = {0, 2, 4, 6, 8}) {
    Recording recording;
    recording.file = "n" + std::to_string(seed) + ".tmf";
    recording.profile = {.scalar = experiment::ScalarKind::float64, .replicas = 1, .neurons = 2};
    recording.parameters = shared();
    recording.parameters.seed = seed;
    recording.written_dt = 0.05;
    StateTrace trace;
    for (const std::uint32_t step : told) {
        const double s = step;
        const auto shift = static_cast<double>(seed);
        trace.add(step, std::vector{s + shift, 2.0 * s - shift});
    }
    recording.replicas = {trace};
    return recording;
}

/// Entry (t, s) of C is 100 t + s here, and of C_phi 1000 more.
Recording mean_field_of(std::uint8_t populations, const Steps& rows = {0, 1, 2, 4, 6, 8}) {
    Recording recording;
    recording.file = "mf.tmf";
    recording.profile = {.kind = experiment::ModelKind::mean_field,
                         .scalar = experiment::ScalarKind::float64,
                         .method = mean_field::Method::forward,
                         .trajectories = 400};
    recording.parameters = shared();
    recording.parameters.replicas = populations;
    recording.written_dt = 0.05;
    for (std::uint32_t b = 0; b < populations; ++b) {
        for (const std::uint32_t row : rows) {
            const auto add = [&](TwoTimeArray array, std::uint32_t columns, double base) {
                std::vector<double> values;
                for (std::uint32_t column = 0; column < columns; ++column) {
                    values.push_back(base + 100.0 * row + column + 0.5 * b);
                }
                if (columns > 0) {
                    recording.arrays[static_cast<std::size_t>(array)].add(b * (steps + 1) + row,
                                                                          values);
                }
            };
            add(TwoTimeArray::state_correlation, row + 1, 0.0);
            add(TwoTimeArray::output_correlation, row + 1, 1000.0);
            add(TwoTimeArray::state_response, row, 0.0);
            add(TwoTimeArray::output_response, row, 0.0);
            add(TwoTimeArray::mean, 1, 0.0);
        }
    }
    return recording;
}

std::string refusal_of(const std::vector<Recording>& networks, const Recording& mean_field) {
    try {
        static_cast<void>(compare_ensemble(networks, mean_field));
    } catch (const HostError& error) {
        EXPECT_EQ(error.exit_code(), exit_bad_input);
        return error.what();
    }
    return "none";
}

/// C(t,s) = (1/N) sum_i x_i(t) x_i(s) of one network.
double correlation(double seed, double t, double s) {
    return ((t + seed) * (s + seed) + (2.0 * t - seed) * (2.0 * s - seed)) / 2.0;
}

TEST(Ensemble, AveragesProductsOverNeuronsAndNetworks) {
    const std::vector<Recording> networks{network(1), network(2), network(4), network(5)};
    const TheoryComparison theory = compare_ensemble(networks, mean_field_of(1));
    ASSERT_EQ(theory.rows.size(), 12U);
    // Common steps 0, 2, 4, 6, 8: the quarters are steps 2, 4 and 6.
    const std::vector<std::pair<double, double>> places{{2, 2}, {4, 4}, {6, 6},
                                                        {8, 8}, {8, 4}, {8, 6}};
    for (std::size_t k = 0; k < 12; ++k) {
        const auto& [t, s] = places[k % 6];
        double mean = 0.0;
        for (const double seed : {1.0, 2.0, 4.0, 5.0}) {
            mean += correlation(seed, t, s) / 4.0;
        }
        double squares = 0.0;
        for (const double seed : {1.0, 2.0, 4.0, 5.0}) {
            squares += std::pow(correlation(seed, t, s) - mean, 2);
        }
        EXPECT_NEAR(theory.rows[k].observed, mean, 1e-12);
        EXPECT_EQ(theory.rows[k].predicted, (k < 6 ? 0.0 : 1000.0) + 100.0 * t + s);
        EXPECT_NEAR(theory.rows[k].standard_error, std::sqrt(squares / 3.0 * 3.0 / 4.0), 1e-12);
        EXPECT_EQ(theory.rows[k].origin, "sampling of 4 networks; finite N: about 1/N = 0.5 of the "
                                         "value, not included");
    }
    EXPECT_EQ(theory.rows[4].name, "Cx(0.4,0.2)");
    EXPECT_EQ(theory.freedom, 3.0);
    EXPECT_EQ(theory.largest_z, allowed_z(3.0));
    EXPECT_EQ(theory.curves.size(), 4U);
    EXPECT_EQ(theory.curves[0].x, (std::vector<double>{0.0, 0.1, 0.2, 4 * 0.05 + 2 * 0.05, 0.4}));
    EXPECT_EQ(theory.against, "the mean field mf.tmf on the same time grid");
}

TEST(Ensemble, AddsTheErrorsOfSampledPopulations) {
    const std::vector<Recording> networks{network(1), network(2)};
    const TheoryComparison theory = compare_ensemble(networks, mean_field_of(2));
    EXPECT_EQ(theory.rows[0].predicted, 202.25);
    // Two numbers half apart: a scatter of 0.5/sqrt 2, an error of 0.25.
    const double own = std::abs(correlation(1, 2, 2) - correlation(2, 2, 2)) / 2.0;
    EXPECT_NEAR(theory.rows[0].standard_error, std::hypot(own, 0.25), 1e-12);
    EXPECT_EQ(theory.rows[0].origin,
              "sampling of 2 networks and of 2 populations of 400 paths; finite N: about 1/N = 0.5 "
              "of the value, not included");
}

TEST(Ensemble, MeetsWhereAllHaveToldAndTheMeanFieldOfItsFirstPopulation) {
    const std::vector<Recording> networks{network(1, {2, 3, 4, 8}), network(2, {2, 4, 7, 8})};
    const TheoryComparison theory = compare_ensemble(networks, mean_field_of(2));
    EXPECT_EQ(theory.curves[0].x.size(), 3U);
    EXPECT_EQ(theory.rows[3].name, "Cx(0.4,0.4)");
    EXPECT_EQ(
        refusal_of({network(1, {3, 5, 8}), network(2, {3, 5, 8})}, mean_field_of(1)),
        "mf.tmf and the networks have sent no two times in common; see stream.state_every and "
        "mean_field.row_every");
    EXPECT_EQ(refusal_of({network(1, {2, 8}), network(2, {2, 8})}, mean_field_of(1)), "none");
}

TEST(Ensemble, IsOfSeveralSeedsOfOneExperiment) {
    const Recording limit = mean_field_of(1);
    EXPECT_EQ(refusal_of({network(1)}, limit),
              "n1.tmf: one network has no scatter to judge it by; give several, with different "
              "seeds");
    EXPECT_EQ(refusal_of({network(1), network(2), network(1)}, limit),
              "n1.tmf: seed 1 was given before");
    const std::string other = "n2.tmf is not a network of the experiment of mf.tmf";
    Recording gain = network(2);
    gain.parameters.gain = 3.0;
    EXPECT_EQ(refusal_of({network(1), gain}, limit), other);
    Recording field = limit;
    field.file = "n2.tmf";
    EXPECT_EQ(refusal_of({network(1), field}, limit), other);
    // Sizes, lengths and rates may differ.
    Recording longer = network(2);
    longer.parameters.steps = 100;
    longer.parameters.replicas = 2;
    longer.parameters.state_every = 1;
    longer.parameters.digest_every = 1;
    EXPECT_EQ(refusal_of({network(1), longer}, limit), "none");
}

} // namespace
} // namespace tinymf::host
