// SPDX-License-Identifier: Apache-2.0
// `tinymf theory --times`: which experiments have a two-time theory, what it says, and why others
// have none.

#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/host_error.hpp"
#include "reference/mean_field_problem.hpp"
#include "reference/two_time_closure.hpp"
#include "reference/two_time_prediction.hpp"

namespace tinymf::host {
namespace {

Experiment experiment_of(const std::string& model, const std::string& rest = "") {
    return parse_experiment("schema = 1\n[model]\nkind = \"network\"\ndt = 0.1\nsteps = 100\n" +
                                model + "\n" + rest,
                            "test.toml");
}

nlohmann::json predicted(const Experiment& experiment, const std::vector<double>& times) {
    nlohmann::json all;
    add_two_time(predict_two_time(experiment, times), all);
    return all;
}

// Tables of an independent program, to the last printed digit.
TEST(TwoTimePrediction, OfANetworkOnItsOwnGrid) {
    const auto tanh = predicted(experiment_of("activation = \"tanh\"\ngain = 1.5"), {9.93, 5, 1});
    EXPECT_NEAR(tanh["two_time"]["times"][0].get<double>(), 9.9, 1e-14); // the nearest step
    EXPECT_NEAR(tanh["two_time"]["Cx"][0][0].get<double>(), .666274120080, 1e-12);
    EXPECT_NEAR(tanh["two_time"]["Cx"][0][1].get<double>(), .209238744150, 1e-12);
    EXPECT_EQ(tanh["two_time"]["Cx"][0][1], tanh["two_time"]["Cx"][1][0]);
    EXPECT_NEAR(tanh["two_time"]["Cphi"][0][0].get<double>(), .321928065128, 1e-12);
    EXPECT_NEAR(tanh["two_time"]["Cx"][2][2].get<double>(), .357240844431, 1e-12);
    EXPECT_EQ(tanh["two_time"]["mean"][0], 0.0);

    const auto linear = predicted(
        experiment_of("activation = \"linear\"\ngain = 0.5\nreciprocity = 0.5\nnoise = 1.0"),
        {1, 9.9});
    EXPECT_NEAR(linear["two_time"]["Cx"][0][0].get<double>(), .675841797618, 1e-12);
    EXPECT_NEAR(linear["two_time"]["Cx"][1][1].get<double>(), .679456905402, 1e-12);

    const auto start = predicted(experiment_of("activation = \"tanh\""), {0});
    EXPECT_EQ(start["two_time"]["Cx"][0][0], 1.0);
}

// The series that `--times` uses against the quadrature over the plane that judges devices.
TEST(TwoTimePrediction, SeriesEqualTheQuadrature) {
    for (const char* activation :
         {"activation = \"tanh\"\ngain = 2.0", "activation = \"tanh\"\ngain = 20.0",
          "activation = \"erf\"\ngain = 1.5", "activation = \"relu\"\ngain = 1.0",
          "activation = \"pade\"\ngain = 1.5\npade_den = [-0.5, 1.0]",
          "activation = \"power_law\"\ngain = 0.8\nexponent = 0.3",
          "activation = \"power_law\"\ngain = 0.1\nexponent = 2.5"}) {
        for (const char* stimulus : {"", "[stimulus]\nkind = \"constant\"\namplitude = 0.4\n"}) {
            Experiment experiment =
                experiment_of(std::string(activation) + "\nnoise = 0.5", stimulus);
            experiment.parameters.steps = 8;
            const MeanFieldProblem problem = mean_field_problem(experiment.parameters);
            const TwoTimeArrays series = solve_two_time_closure(problem, PairRule::series).value;
            const TwoTimeArrays plane = solve_two_time_closure(problem, PairRule::quadrature).value;
            const double scale = plane.Cphi.maxCoeff();
            EXPECT_LT((series.Cphi - plane.Cphi).cwiseAbs().maxCoeff(), 1e-11 * scale)
                << activation << stimulus;
            EXPECT_LT((series.Cx - plane.Cx).cwiseAbs().maxCoeff(), 1e-11 * plane.Cx.maxCoeff())
                << activation << stimulus;
        }
    }
}

// The closure takes a second for this; by quadrature it took more than ten minutes.
TEST(TwoTimePrediction, ThousandsOfStepsTakeSeconds) {
    Experiment experiment = experiment_of("activation = \"tanh\"\ngain = 1.5");
    experiment.parameters.steps = 1000;
    const auto all = predicted(experiment, {10, 100});
    EXPECT_NEAR(all["two_time"]["Cx"][0][0].get<double>(), .666, 0.01);
    EXPECT_TRUE(all["two_time"]["Cx"][1][1].is_number());
}

TEST(TwoTimePrediction, SaysWhyThereIsNone) {
    const auto reason = [](const std::string& model, const std::string& rest = "") {
        const auto all = predicted(experiment_of(model, rest), {5});
        for (const char* name : {"mean", "Cx", "Cphi"}) {
            EXPECT_TRUE(all["two_time"][name].is_null()) << name;
        }
        return all["notes"]["two_time.Cx"].get<std::string>();
    };
    EXPECT_NE(reason("activation = \"tanh\"\nreciprocity = 0.5").find("by sampling"),
              std::string::npos);
    EXPECT_NE(
        reason("activation = \"tanh\"", "[initial]\nkind = \"uniform\"").find("x(0) is not normal"),
        std::string::npos);
    EXPECT_NE(
        reason("activation = \"linear\"\nreciprocity = 0.5\ngain = 0.3\nintegrator = \"heun\"")
            .find("one stage"),
        std::string::npos);
    EXPECT_NE(reason("activation = \"tanh\"\nnoise = 1.0\nnoise_kind = \"static\"\nnoise_hold = 20")
                  .find("noise_hold"),
              std::string::npos);
    EXPECT_NE(reason("activation = \"tanh\"", "[stimulus]\nkind = \"live\"").find("live"),
              std::string::npos);
}

TEST(TwoTimePrediction, RefusesTimesOutsideTheExperiment) {
    const Experiment experiment = experiment_of("activation = \"tanh\"");
    for (const double time : {-0.1, 10.1}) {
        EXPECT_THROW(static_cast<void>(predict_two_time(experiment, {time})), HostError);
    }
}

} // namespace
} // namespace tinymf::host
