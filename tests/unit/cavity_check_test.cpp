// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/host_error.hpp"
#include "cavity/added_neurons.hpp"
#include "cavity/cavity_check.hpp"
#include "cavity/cavity_statistics.hpp"
#include "reference/mean_field_problem.hpp"
#include "reference/mean_field_reference.hpp"
#include "reference/scheme_run.hpp"

namespace tinymf::host {
namespace {

Experiment network(const std::string& model, std::uint16_t neurons) {
    return parse_experiment(
        "schema = 1\n[model]\ndt = 0.05\nsteps = 100\nnoise = 0.5\nseed = 11\n" + model +
            fmt::format("\n[network]\nscalar = \"float64\"\nneurons = {}\n", neurons),
        "test");
}

const std::string reciprocal_tanh = "activation = \"tanh\"\ngain = 1.0\nreciprocity = 0.5\n";

void print(const CavityCheck& check) {
    fmt::print("{}\n", to_text(check));
}

// The same neurons, in networks that are run from scratch: by another program path, on all N + 1
// neurons at once. What differs is the order of sums, N eps |phi| a step, which the tanh network
// does not amplify by more than exp(5) in 5 time constants.
TEST(AddedNeurons, AreThoseOfLargerNetworks) {
    for (const std::string integrator : {"euler", "exponential_euler"}) {
        constexpr std::uint16_t neurons = 50;
        constexpr Eigen::Index added = 3;
        const Experiment experiment =
            network(reciprocal_tanh + "integrator = \"" + integrator + "\"\n", neurons);
        const AddedNeurons found = add_neurons(experiment, added);

        NetworkProblem problem = network_problem(experiment);
        const DrawnNetwork alone = draw_network(problem);
        SchemeRun host(problem, problem.parameters, alone, 0);
        problem.shape.neurons = neurons + 1;
        DrawnNetwork larger = draw_network(problem);
        larger.couplings *= std::sqrt((neurons + 1.0) / neurons);
        SchemeRun with_first(problem, problem.parameters, larger, 0);

        double farthest = 0.0;
        for (Eigen::Index step = 0; step <= experiment.parameters.steps; ++step) {
            const Eigen::VectorXd outputs =
                host.equation().activation().values(with_first.states()).col(0);
            const double field = problem.parameters.gain * larger.couplings.row(neurons) * outputs;
            const double without = problem.parameters.gain *
                                   larger.couplings.row(neurons).head(neurons) *
                                   host.equation().activation().values(host.states()).col(0);
            farthest = std::max({farthest, std::abs(found.output(step, 0) - outputs(neurons)),
                                 std::abs(found.cavity_field(step, 0) - without),
                                 std::abs(found.reaction(step, 0) - (field - without))});
            host.advance();
            with_first.advance();
        }
        fmt::print("{}: farthest apart {:.2g}\n", integrator, farthest);
        EXPECT_LT(farthest, 50 * 2.2e-16 * 100 * std::exp(5.0));
        EXPECT_GT(found.reaction.norm(), 0.1);
    }
}

// Each z has false alarm probability 1e-6 by the construction of largest_z.
TEST(CavityCheck, ReactionIsTheMemoryOfTheMeanField) {
    const CavityCheck check =
        check_cavity(network(reciprocal_tanh, 250), {.networks = 48, .added = 8});
    print(check);
    EXPECT_TRUE(check.passed());
    EXPECT_FALSE(check.null_test);
    ASSERT_EQ(check.sizes.size(), 1U);
    // Small enough to see that the slope is neither 0 nor that of R_x: see below.
    EXPECT_LT(check.sizes[0].slope_error, 0.03);
}

TEST(CavityCheck, LinearNetworksToo) {
    const CavityCheck check =
        check_cavity(network("activation = \"linear\"\ngain = 0.5\nreciprocity = 0.8\n", 250),
                     {.networks = 32, .added = 8});
    print(check);
    EXPECT_TRUE(check.passed());
}

TEST(CavityCheck, AntisymmetricCouplingsReactWithTheOtherSign) {
    const CavityCheck check =
        check_cavity(network("activation = \"tanh\"\ngain = 1.0\nreciprocity = -0.7\n", 250),
                     {.networks = 32, .added = 8});
    print(check);
    EXPECT_TRUE(check.passed());
}

TEST(CavityCheck, WithoutReciprocityNothingIsRemembered) {
    const CavityCheck check = check_cavity(network("activation = \"tanh\"\ngain = 1.0\n", 250),
                                           {.networks = 32, .added = 8});
    print(check);
    EXPECT_TRUE(check.null_test);
    EXPECT_TRUE(check.passed());
}

TEST(CavityCheck, WouldNoticeAnotherResponse) {
    const Experiment experiment = network(reciprocal_tanh, 250);
    Experiment limit = experiment;
    limit.kind = experiment::ModelKind::mean_field;
    TwoTimeSolution wrong = solve_mean_field_reference(limit);
    wrong.value.Rphi = wrong.value.Rx;
    const CavityPrediction prediction(wrong, 1.0, 0.5, 0.05);
    std::vector<CavitySums> sums;
    for (std::uint64_t seed = 1; seed <= 16; ++seed) {
        Experiment one = experiment;
        one.parameters.seed = seed;
        sums.push_back(sums_of(add_neurons(one, 8), prediction));
    }
    const Estimate slope = jackknife(
        sums, [](const CavitySums& s) { return s.reaction_by_regressor / s.regressor_square; });
    fmt::print("slope on R_x {:.3f} ± {:.3f}\n", slope.value, slope.standard_error);
    EXPECT_LT(slope.value + 6.0 * slope.standard_error, 1.0);
}

TEST(CavityCheck, DoesNotDependOnTheWorkers) {
    CavityRequest request{.networks = 4, .added = 3};
    const Experiment experiment = network(reciprocal_tanh, 40);
    const std::string alone = to_json(check_cavity(experiment, request)).dump();
    request.workers = 3;
    EXPECT_EQ(to_json(check_cavity(experiment, request)).dump(), alone);
}

TEST(CavityCheck, RefusesWhatHasNoCavity) {
    const std::array<std::string, 3> without{"integrator = \"heun\"\n", "kind = \"mean_field\"\n",
                                             "gain = 0.0\n"};
    for (const std::string& model : without) {
        EXPECT_THROW(static_cast<void>(check_cavity(network(model, 64), {})), HostError) << model;
    }
}

std::string refusal_of(const Experiment& experiment, const CavityRequest& request) {
    try {
        static_cast<void>(check_cavity(experiment, request));
    } catch (const HostError& error) {
        EXPECT_EQ(error.exit_code(), exit_bad_input);
        return error.what();
    }
    return "no refusal";
}

TEST(CavityCheck, ASizeGivenTwiceIsRefusedInOneLine) {
    const std::string line = refusal_of(network(reciprocal_tanh, 16),
                                        {.neurons = {16, 32, 16}, .networks = 4, .added = 1});
    EXPECT_NE(line.find("neurons: 16 is given twice"), std::string::npos) << line;
    EXPECT_EQ(line.find('\n'), std::string::npos);
}

TEST(CavityCheck, ASilentNetworkIsAnsweredInWords) {
    Experiment silent = network(reciprocal_tanh, 16);
    silent.parameters.noise = 0.0;
    silent.parameters.initial = model::InitialKind::zero;
    const std::string line = refusal_of(silent, {.networks = 4, .added = 1});
    EXPECT_NE(line.find("silent"), std::string::npos) << line;
}

TEST(CavityCheck, SaysTheLawOfItsAllowedDeviation) {
    const CavityCheck check =
        check_cavity(network(reciprocal_tanh, 32), {.networks = 8, .added = 4});
    EXPECT_NE(to_text(check).find("Student t, 7 degrees of freedom, false alarm 1e-06 a number"),
              std::string::npos)
        << to_text(check);
    EXPECT_EQ(to_json(check).at("law"),
              "Student t, 7 degrees of freedom, false alarm 1e-06 a number");
}

} // namespace
} // namespace tinymf::host
