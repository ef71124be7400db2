// SPDX-License-Identifier: Apache-2.0
// Two solvers of different families and authors on the same differential equations.

#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/host_error.hpp"
#include "reference/cvode_solution.hpp"
#include "reference/network_reference.hpp"

namespace tinymf::host {
namespace {

NetworkProblem problem_of(const std::vector<std::string>& overrides) {
    constexpr std::string_view text = "schema = 1\n[model]\ngain = 0.9\nseed = 5\n"
                                      "dt = 0.01\nsteps = 2000\n[stream]\nstate_every = 100\n";
    return network_problem(parse_experiment(text, "test", overrides));
}

void expect_agreement_with_odeint() {
    // Both keep the error of a step below 1e-12. The slowest of these flows forgets within
    // 1/(1 - g) = 10 units of time: of, generously, 100 steps a unit a thousand errors add up.
    constexpr double bound = 1e-9;
    const std::vector<std::vector<std::string>> experiments{
        {"model.gain=0.9"},
        {"model.activation='erf'", "model.reciprocity=-0.5"},
        {"stimulus.kind='sine'", "stimulus.amplitude=0.5", "stimulus.frequency=0.3"},
        {"stimulus.kind='step'", "stimulus.amplitude=1.0", "stimulus.onset=7.333"},
        {"model.noise=0.5", "model.noise_kind='static'", "network.replicas=2"},
    };
    for (const auto& overrides : experiments) {
        const NetworkProblem problem = problem_of(overrides);
        const auto odeint = solve_network_reference(problem, OdeSolver::odeint);
        const auto cvode = solve_network_reference(problem, OdeSolver::cvode);
        for (std::size_t r = 0; r < odeint.replicas.size(); ++r) {
            const double distance =
                (odeint.replicas[r].solution - cvode.replicas[r].solution).cwiseAbs().maxCoeff();
            fmt::print("{}: largest distance over t <= 20: {:.2e}\n", overrides.front(), distance);
            EXPECT_LT(distance, bound);
            EXPECT_GT(distance, 0.0) << "the two cannot be the same solver";
        }
    }
}

void expect_a_word_on_how_to_get_it() {
    try {
        static_cast<void>(solve_network_reference(problem_of({}), OdeSolver::cvode));
        FAIL() << "solved without a solver";
    } catch (const HostError& error) {
        EXPECT_EQ(error.exit_code(), exit_bad_input);
        EXPECT_NE(std::string(error.what()).find("-DTINYMF_CVODE=ON"), std::string::npos);
    }
}

TEST(ReferenceCvode, AgreesWithOdeintOrSaysHowToGetIt) {
    fmt::print("built {} TINYMF_CVODE\n", has_cvode() ? "with" : "without");
    if (has_cvode()) {
        expect_agreement_with_odeint();
    } else {
        expect_a_word_on_how_to_get_it();
    }
}

} // namespace
} // namespace tinymf::host
