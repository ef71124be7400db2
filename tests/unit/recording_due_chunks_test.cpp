// SPDX-License-Identifier: Apache-2.0
// Which data frames a run owes, written out by hand for small runs.
#include "recording/due_chunks.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tinymf/observe/observable.hpp"

namespace tinymf::host {
namespace {

using experiment::ModelKind;
using experiment::ProfileInfo;
using experiment::ScalarKind;
using stream::Kind;
using Parameters = experiment::Parameters<double>;
using Texts = std::vector<std::string>;

Texts due_from(const ProfileInfo& profile, const Parameters& parameters, std::uint32_t begin = 0) {
    Texts texts;
    for (DueChunks due(profile, parameters, begin); due.present(); due.pass()) {
        texts.push_back(to_text(*due.present()));
    }
    return texts;
}

Parameters reporting(std::uint32_t steps, std::uint32_t state_every, std::uint32_t digest_every) {
    Parameters p;
    p.steps = steps;
    p.state_every = state_every;
    p.digest_every = digest_every;
    return p;
}

/// STATE frames of one replica of 300 neurons.
Texts states_of_300(int step, int replica, const std::vector<std::string>& elements) {
    Texts texts;
    for (const std::string& part : elements) {
        texts.push_back("STATE of step " + std::to_string(step) + ", replica " +
                        std::to_string(replica) + ", elements " + part);
    }
    return texts;
}

void append(Texts& all, const Texts& more) {
    all.insert(all.end(), more.begin(), more.end());
}

/// A frame holds 126 float32 or 63 float64 values of a state: 512 bytes less seven of place.
TEST(DueChunks, OfANetworkAreStatesByReplicaThenTheDigest) {
    for (const auto& [scalar, parts] :
         {std::pair{ScalarKind::float32, Texts{"0 to 125", "126 to 251", "252 to 299"}},
          std::pair{ScalarKind::float64,
                    Texts{"0 to 62", "63 to 125", "126 to 188", "189 to 251", "252 to 299"}}}) {
        const ProfileInfo profile{.scalar = scalar, .replicas = 2, .neurons = 300};
        Parameters p = reporting(5, 2, 3);
        p.replicas = 2;
        Texts expected;
        for (const int step : {0, 2, 4}) {
            append(expected, states_of_300(step, 0, parts));
            append(expected, states_of_300(step, 1, parts));
            append(expected, step == 0   ? Texts{"DIGEST of step 0"}
                             : step == 2 ? Texts{"DIGEST of step 3"}
                                         : Texts{"DIGEST of step 5"});
        }
        EXPECT_EQ(due_from(profile, p), expected);
    }
}

TEST(DueChunks, AStateThatFillsItsFramesHasNoEmptyOne) {
    const ProfileInfo profile{.replicas = 1, .neurons = 126};
    EXPECT_EQ(due_from(profile, reporting(1, 1, 0)),
              (Texts{"STATE of step 0, replica 0, elements 0 to 125",
                     "STATE of step 1, replica 0, elements 0 to 125", "DIGEST of step 1"}));
}

TEST(DueChunks, TheDigestOfTheLastStepIsDueWhateverTheRates) {
    const ProfileInfo profile{.replicas = 1, .neurons = 1};
    EXPECT_EQ(due_from(profile, reporting(7, 0, 0)), (Texts{"DIGEST of step 7"}));
    EXPECT_EQ(due_from(profile, reporting(7, 0, 7)),
              (Texts{"DIGEST of step 0", "DIGEST of step 7"}));
    EXPECT_EQ(due_from(profile, reporting(7, 8, 4)),
              (Texts{"STATE of step 0, replica 0, elements 0 to 0", "DIGEST of step 0",
                     "DIGEST of step 4", "DIGEST of step 7"}));
}

TEST(DueChunks, BeginWhereARunWasResumed) {
    const ProfileInfo profile{.replicas = 1, .neurons = 1};
    const Parameters p = reporting(7, 3, 5);
    const Texts rest{"STATE of step 6, replica 0, elements 0 to 0", "DIGEST of step 7"};
    EXPECT_EQ(due_from(profile, p, 6), rest);
    Texts from_five{"DIGEST of step 5"};
    append(from_five, rest);
    EXPECT_EQ(due_from(profile, p, 5), from_five);
    EXPECT_EQ(due_from(profile, p, 4), from_five);
    EXPECT_EQ(due_from(profile, p, 7), (Texts{"DIGEST of step 7"}));
    EXPECT_EQ(due_from(profile, p, 8), Texts{});
    EXPECT_EQ(DueChunks(profile, p, 4).last_step(), 7U);
}

TEST(DueChunks, NothingPassesTheLast) {
    DueChunks due({.replicas = 1, .neurons = 1}, reporting(1, 0, 0), 0);
    ASSERT_TRUE(due.present());
    EXPECT_EQ(*due.present(), (DataChunk{.kind = Kind::digest, .step = 1}));
    due.pass();
    EXPECT_FALSE(due.present());
    due.pass();
    EXPECT_FALSE(due.present());
}

Parameters observing_all(std::uint8_t replicas) {
    Parameters p = reporting(12, 0, 0);
    p.replicas = replicas;
    p.observation = {.observables = observe::all_observables,
                     .sample_every = 2,
                     .after = 1,
                     .block = 5,
                     .lags = 3,
                     .window = 1};
    return p;
}

/// One block, of the samples at steps 3, 5, ..., 11.
TEST(DueChunks, EstimatesComeByArrayTheSecondReplicasWhereThereIsOne) {
    const ProfileInfo profile{.replicas = 2, .neurons = 4, .observables = 127, .lags = 3};
    Texts one;
    Texts two;
    const std::string begin = "OBSERVE of step 11, ";
    for (const std::string array :
         {"moments, elements 0 to 7", "Cx, elements 0 to 2", "Cphi, elements 0 to 2",
          "Rx, elements 0 to 2", "Rphi, elements 0 to 2", "spread_input, elements 0 to 7",
          "spread_output, elements 0 to 7", "covariance_input_a, elements 0 to 9",
          "covariance_input_b, elements 0 to 9", "covariance_output_a, elements 0 to 9",
          "covariance_output_b, elements 0 to 9", "lyapunov, elements 0 to 0",
          "settling, elements 0 to 1"}) {
        two.push_back(begin + array);
        if (array.find("_b,") == std::string::npos) {
            one.push_back(begin + array);
        }
    }
    one.emplace_back("DIGEST of step 12");
    two.emplace_back("DIGEST of step 12");
    EXPECT_EQ(due_from(profile, observing_all(1)), one);
    EXPECT_EQ(due_from(profile, observing_all(2)), two);
}

TEST(DueChunks, OnlyWhatWasAskedForIsEstimated) {
    const ProfileInfo profile{.replicas = 1, .neurons = 4, .observables = 127, .lags = 3};
    using enum observe::Observable;
    const std::vector<std::pair<observe::Observable, Texts>> arrays{
        {moments, {"moments, elements 0 to 7"}},
        {autocorrelation, {"Cx, elements 0 to 2", "Cphi, elements 0 to 2"}},
        {response, {"Rx, elements 0 to 2", "Rphi, elements 0 to 2"}},
        {participation, {"spread_input, elements 0 to 7", "spread_output, elements 0 to 7"}},
        {covariance,
         {"covariance_input_a, elements 0 to 9", "covariance_output_a, elements 0 to 9"}},
        {lyapunov, {"lyapunov, elements 0 to 0"}},
        {settling, {"settling, elements 0 to 1"}}};
    for (const auto& [observable, names] : arrays) {
        Parameters p = observing_all(1);
        p.observation.observables = observe::set_of(observable);
        Texts expected;
        for (const std::string& name : names) {
            expected.push_back("OBSERVE of step 11, " + name);
        }
        expected.emplace_back("DIGEST of step 12");
        EXPECT_EQ(due_from(profile, p), expected);
    }
}

/// 512 bytes less nine of place.
TEST(DueChunks, ALargeEstimateTakesSeveralFrames) {
    Parameters p = observing_all(1);
    p.observation.observables = observe::set_of(observe::Observable::covariance);
    const ProfileInfo single{.replicas = 1, .neurons = 16, .observables = 127, .lags = 3};
    EXPECT_EQ(due_from(single, p).at(0),
              "OBSERVE of step 11, covariance_input_a, elements 0 to 124");
    EXPECT_EQ(due_from(single, p).at(1),
              "OBSERVE of step 11, covariance_input_a, elements 125 to 135");
    const ProfileInfo wide{
        .scalar = ScalarKind::float64, .replicas = 1, .neurons = 16, .observables = 127, .lags = 3};
    EXPECT_EQ(due_from(wide, p).at(0), "OBSERVE of step 11, covariance_input_a, elements 0 to 61");
    EXPECT_EQ(due_from(wide, p).at(2),
              "OBSERVE of step 11, covariance_input_a, elements 124 to 135");
}

TEST(DueChunks, ABlockOfEstimatesEndsAtItsLastSample) {
    const ProfileInfo profile{.replicas = 1, .neurons = 4, .observables = 127, .lags = 8};
    Parameters p;
    p.steps = 100;
    p.state_every = 0;
    p.digest_every = 0;
    p.observation = {.observables = observe::set_of(observe::Observable::lyapunov),
                     .sample_every = 3,
                     .after = 10,
                     .block = 7,
                     .lags = 2,
                     .window = 1};
    std::vector<std::uint32_t> steps;
    for (DueChunks due(profile, p, 0); due.present(); due.pass()) {
        if (due.present()->kind == Kind::observe) {
            steps.push_back(due.present()->step);
        }
    }
    // Samples at 13, 16, ...; the seventh at 31, then every 21 steps.
    EXPECT_EQ(steps, (std::vector<std::uint32_t>{31, 52, 73, 94}));
}

TEST(DueChunks, CountsUpToTheLargestStep) {
    const ProfileInfo profile{.replicas = 1, .neurons = 1};
    Parameters p;
    p.steps = 0x8000'0000U;
    p.state_every = 0x7FFF'FFFFU;
    p.digest_every = 0;
    std::vector<std::uint32_t> steps;
    for (DueChunks due(profile, p, 0); due.present(); due.pass()) {
        steps.push_back(due.present()->step);
    }
    EXPECT_EQ(steps, (std::vector<std::uint32_t>{0, 0x7FFF'FFFFU, 0x8000'0000U}));
}

TEST(DueChunks, BlocksAreCountedFromTheSameStepAfterARestart) {
    const ProfileInfo profile{.replicas = 1, .neurons = 4, .observables = 127, .lags = 8};
    Parameters p = reporting(100, 0, 0);
    p.observation = {.observables = observe::set_of(observe::Observable::lyapunov),
                     .sample_every = 3,
                     .after = 10,
                     .block = 7,
                     .lags = 2,
                     .window = 1};
    const std::string end = ", lyapunov, elements 0 to 0";
    for (const std::uint32_t begin : {0U, 9U, 10U, 11U, 31U}) {
        EXPECT_EQ(due_from(profile, p, begin).front(), "OBSERVE of step 31" + end) << begin;
    }
    for (const std::uint32_t begin : {32U, 33U, 51U, 52U}) {
        EXPECT_EQ(due_from(profile, p, begin).front(), "OBSERVE of step 52" + end) << begin;
    }
    EXPECT_EQ(due_from(profile, p, 94).front(), "OBSERVE of step 94" + end);
    EXPECT_EQ(due_from(profile, p, 95), Texts{"DIGEST of step 100"});
}

TEST(DueChunks, StatesEstimatesAndDigestOfOneStepComeInThisOrder) {
    const ProfileInfo profile{.replicas = 1, .neurons = 1, .observables = 127, .lags = 8};
    Parameters p = reporting(4, 2, 2);
    p.observation = {.observables = observe::set_of(observe::Observable::lyapunov),
                     .sample_every = 1,
                     .after = 0,
                     .block = 2,
                     .lags = 1,
                     .window = 1};
    EXPECT_EQ(due_from(profile, p, 1),
              (Texts{"STATE of step 2, replica 0, elements 0 to 0",
                     "OBSERVE of step 2, lyapunov, elements 0 to 0", "DIGEST of step 2",
                     "STATE of step 4, replica 0, elements 0 to 0",
                     "OBSERVE of step 4, lyapunov, elements 0 to 0", "DIGEST of step 4"}));
}

ProfileInfo mean_field(mean_field::Method method, ScalarKind scalar = ScalarKind::float32) {
    return {.kind = ModelKind::mean_field, .scalar = scalar, .method = method, .replicas = 2};
}

/// A population has steps + 1 rows; the engine counts through the populations.
TEST(DueChunks, RowsOfAMeanFieldAreCountedFromTheStartOfTheirPopulation) {
    Parameters p = reporting(3, 2, 0);
    p.replicas = 2;
    Texts expected;
    for (const std::string step : {"0", "4"}) {
        append(expected, {"ROW of step " + step + ", Cx, elements 0 to 0",
                          "ROW of step " + step + ", Cphi, elements 0 to 0",
                          "ROW of step " + step + ", mean, elements 0 to 0"});
        const std::string later = step == "0" ? "2" : "6";
        append(expected, {"ROW of step " + later + ", Cx, elements 0 to 2",
                          "ROW of step " + later + ", Cphi, elements 0 to 2",
                          "ROW of step " + later + ", Rx, elements 0 to 1",
                          "ROW of step " + later + ", Rphi, elements 0 to 1",
                          "ROW of step " + later + ", mean, elements 0 to 0"});
    }
    expected.emplace_back("DIGEST of step 7");
    const ProfileInfo profile = mean_field(mean_field::Method::forward);
    EXPECT_EQ(due_from(profile, p), expected);
    EXPECT_EQ(DueChunks(profile, p, 0).last_step(), 7U);
    // From the second population's second row on; estimates are a network's.
    p.observation.observables = observe::all_observables;
    EXPECT_EQ(due_from(profile, p, 5), Texts(expected.end() - 6, expected.end()));
    EXPECT_EQ(due_from(profile, p, 3), Texts(expected.end() - 9, expected.end()));
}

std::vector<std::uint32_t> steps_of_rows(std::uint32_t state_every) {
    Parameters p = reporting(3, state_every, 0);
    p.replicas = 2;
    std::vector<std::uint32_t> steps;
    DueChunks due(mean_field(mean_field::Method::gaussian_closure), p, 0);
    for (; due.present(); due.pass()) {
        if (due.present()->kind == Kind::row &&
            (steps.empty() || steps.back() != due.present()->step)) {
            steps.push_back(due.present()->step);
        }
    }
    return steps;
}

TEST(DueChunks, EveryPopulationTellsItsRowZero) {
    using Steps = std::vector<std::uint32_t>;
    EXPECT_EQ(steps_of_rows(0), Steps{});
    EXPECT_EQ(steps_of_rows(1), (Steps{0, 1, 2, 3, 4, 5, 6, 7}));
    EXPECT_EQ(steps_of_rows(3), (Steps{0, 3, 4, 7}));
    EXPECT_EQ(steps_of_rows(4), (Steps{0, 4}));
    EXPECT_EQ(steps_of_rows(9), (Steps{0, 4}));
}

/// 512 bytes less ten of place.
TEST(DueChunks, ALongRowTakesSeveralFrames) {
    Parameters p = reporting(125, 125, 0);
    const Texts single = due_from(mean_field(mean_field::Method::linear), p, 1);
    EXPECT_EQ(
        single,
        (Texts{"ROW of step 125, Cx, elements 0 to 124", "ROW of step 125, Cx, elements 125 to 125",
               "ROW of step 125, Cphi, elements 0 to 124",
               "ROW of step 125, Cphi, elements 125 to 125",
               "ROW of step 125, Rx, elements 0 to 124", "ROW of step 125, Rphi, elements 0 to 124",
               "ROW of step 125, mean, elements 0 to 0", "DIGEST of step 125"}));
    const Texts wide = due_from(mean_field(mean_field::Method::linear, ScalarKind::float64), p, 1);
    EXPECT_EQ(wide.at(0), "ROW of step 125, Cx, elements 0 to 61");
    EXPECT_EQ(wide.at(2), "ROW of step 125, Cx, elements 124 to 125");
}

TEST(DueChunks, AStationaryRunTellsOneNumberARowAndTheExponentWithTheLast) {
    Texts expected;
    for (const std::string row : {"0", "1", "2"}) {
        for (const std::string array : {"Cx", "Cphi", "Rx", "Rphi"}) {
            expected.push_back("ROW of step " + row + ", " + array + ", elements 0 to 0");
        }
    }
    append(expected, {"ROW of step 2, lyapunov, elements 0 to 0", "DIGEST of step 2"});
    EXPECT_EQ(due_from(mean_field(mean_field::Method::stationary), reporting(2, 1, 0)), expected);
}

} // namespace
} // namespace tinymf::host
