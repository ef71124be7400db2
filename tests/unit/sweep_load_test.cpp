// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/host_error.hpp"
#include "sweep/sweep.hpp"

namespace tinymf::host {
namespace {

class SweepFile : public ::testing::Test {
protected:
    void SetUp() override {
        folder_ = std::filesystem::temp_directory_path() /
                  ("tinymf-sweep-test-" + std::to_string(::getpid()));
        std::filesystem::create_directory(folder_);
        write("base.toml", "schema = 1\n[model]\nsteps = 100\n[network]\nneurons = 16\n");
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    void write(const std::string& name, const std::string& text) const {
        std::ofstream(folder_ / name) << text;
    }

    [[nodiscard]] Sweep load(const std::string& body) const {
        write("some.toml", "schema = 1\nexperiment = \"base.toml\"\n" + body);
        return load_sweep(folder_ / "some.toml");
    }

    /// The message of a refused file, without the folder.
    [[nodiscard]] std::string problem(const std::string& body) const {
        try {
            static_cast<void>(load(body));
        } catch (const HostError& error) {
            EXPECT_EQ(error.exit_code(), exit_bad_input);
            std::string text = error.what();
            const std::string prefix = folder_.string() + "/";
            for (auto at = text.find(prefix); at != std::string::npos; at = text.find(prefix)) {
                text.erase(at, prefix.size());
            }
            return text;
        }
        return "accepted";
    }

private:
    std::filesystem::path folder_;
};

const std::string collect = "[collect]\nrun = [\"digest\"]\n";

TEST_F(SweepFile, PointsAreAllCombinationsInTheOrderOfTheFile) {
    const Sweep sweep = load("seeds = 2\n[grid]\nmodel.gain = [0.5, 1]\n"
                             "model.activation = [\"tanh\", \"erf\", \"relu\"]\n" +
                             collect);
    ASSERT_EQ(sweep.points(), 6U);
    ASSERT_EQ(sweep.jobs(), 12U);
    EXPECT_EQ(sweep.axes[0].key, "model.gain");
    EXPECT_EQ(sweep.axes[1].key, "model.activation");
    const Experiment last_but_one = sweep.experiment_of(9);
    EXPECT_EQ(last_but_one.parameters.gain, 1.0);
    EXPECT_EQ(last_but_one.parameters.activation, model::ActivationKind::erf);
    EXPECT_EQ(last_but_one.parameters.seed, sweep.seed_of(9));
}

TEST_F(SweepFile, RangesAreReadAsTheyWouldBeWritten) {
    const Sweep sweep =
        load("[grid]\nmodel.gain = { from = 0.1, to = 0.9, count = 9 }\n"
             "network.neurons = { from = 16, to = 1024, count = 4, spacing = \"logarithmic\" }\n" +
             collect);
    std::vector<double> gains;
    for (const SweepValue& value : sweep.axes[0].values) {
        gains.push_back(value.shown.get<double>());
    }
    EXPECT_EQ(gains, (std::vector<double>{0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9}));
    std::vector<int> neurons;
    for (const SweepValue& value : sweep.axes[1].values) {
        ASSERT_TRUE(value.shown.is_number_integer());
        neurons.push_back(value.shown.get<int>());
    }
    EXPECT_EQ(neurons, (std::vector<int>{16, 64, 256, 1024}));
}

TEST_F(SweepFile, SeedsFollowFromTheJobAlone) {
    const Sweep small = load("seed = 3\nseeds = 10\n" + collect);
    const Sweep large = load("seed = 3\nseeds = 1000\n" + collect);
    const Sweep other = load("seed = 4\nseeds = 1000\n" + collect);
    std::set<std::uint64_t> seen;
    for (std::size_t job = 0; job < large.jobs(); ++job) {
        seen.insert(large.seed_of(job));
        seen.insert(other.seed_of(job));
        EXPECT_LT(large.seed_of(job), std::uint64_t{1} << 63U);
    }
    EXPECT_EQ(seen.size(), 2000U);
    for (std::size_t job = 0; job < small.jobs(); ++job) {
        EXPECT_EQ(small.seed_of(job), large.seed_of(job));
    }
}

TEST_F(SweepFile, OverridesOfTheFileComeBeforeTheGrid) {
    const Sweep sweep = load("[set]\nmodel.gain = 0.25\nmodel.steps = 7\n[grid]\n"
                             "model.gain = [0.5]\nmodel.pade_den = [[1.0], [0.5, 0.25]]\n" +
                             collect);
    const Experiment second = sweep.experiment_of(1);
    EXPECT_EQ(second.parameters.gain, 0.5);
    EXPECT_EQ(second.parameters.steps, 7U);
    EXPECT_EQ(second.parameters.pade_denominator[1], 0.25);
}

TEST_F(SweepFile, RefusalsNameThePlaceInTheSweepFile) {
    const std::vector<std::pair<std::string, std::string>> cases{
        {"[grid]\nmodel.gain = [0.5, 500]\n" + collect,
         "some.toml:4:20: model.gain = 500: must be between 0 and 100"},
        {"[grid]\nmodel.gain = { from = 0, to = 200, count = 3 }\n" + collect,
         "some.toml:4:14: model.gain = 200: must be between 0 and 100"},
        {"[grid]\nmodel.gian = [0.5, 0.6]\n" + collect,
         "some.toml:4:15: model.gian = 0.5: model.gian: unknown key; nearest is model.gain"},
        {"[set]\nmodel.dt = 2\n" + collect, "some.toml:4:12: model.dt = 2: must be between "
                                            "1.52587890625e-05 and 1"},
        {"[grid]\nmodel.gain = 0.5\n" + collect,
         "some.toml:4:14: model.gain = 0.5: must be a list of values, or { from = A, to = B, "
         "count = N }"},
        {"[grid]\nmodel.gain = { from = 0.5, to = 1 }\n" + collect,
         "some.toml:4:14: model.gain = {...}: has no count"},
        {"[grid]\nmodel.gain = { from = 0.5, to = 1, count = 1 }\n" + collect,
         "some.toml:4:44: count = 1: must be between 2 and 10000"},
        {"[grid]\nmodel.gain = { from = 0, to = 1, count = 3, spacing = \"logarithmic\" }\n" +
             collect,
         "some.toml:4:14: model.gain = {...}: must lie above 0 for logarithmic spacing"},
        {"[grid]\nmodel.seed = [1, 2]\n" + collect,
         "some.toml:4:14: model.seed = [2 values]: is drawn for every job; set seed and seeds"},
        {"seeds = 200000\n" + collect, "some.toml:3:9: seeds = 200000: must be between 1 and "
                                       "100000"},
        {"seeds = 2\n[collect]\ntheory = [\"stationary.Cx0\"]\n",
         "some.toml:3:9: seeds = 2: theory does not depend on the seed"},
        {"[collect]\nrun = [\"rows.Cx0\"]\n",
         "some.toml: collect.run: rows.Cx0 is an outcome of mean fields"},
        {"[collect]\nrun = [\"states.participation_input\"]\n",
         "some.toml: collect.run: states.participation_input needs network.replicas = 2, to be "
         "unbiased"},
        {"[collect]\nrun = [\"observed.lyapunov\"]\n",
         "some.toml: collect.run: observed.lyapunov needs \"lyapunov\" in stream.observe"},
        {"[collect]\nrun = [\"digest\"]\nafter = 9.0\n",
         "some.toml: collect.after = 9: must be between 0 and 5, where the run ends"},
        {"grid = 3\n" + collect, "some.toml:3:8: grid = 3: must be a section, [grid]"},
        {"[grid]\nmodel = 3\n" + collect,
         "some.toml:4:9: grid.model = 3: must have the form section.key of an experiment"},
        {"[grid]\n'model.gain' = [1]\n" + collect,
         "some.toml:4:16: grid.'model.gain' = [1 values]: must have the form section.key of an "
         "experiment"},
        {"[gird]\nmodel.gain = [1]\n" + collect, "some.toml:3:2: gird: unknown key; nearest is "
                                                 "grid"},
        {collect + "[[plot]]\nx = \"model.gain\"\ny = [\"digest\"]\n",
         "some.toml:6:5: x = \"model.gain\": is no key of the grid"},
    };
    for (const auto& [body, expected] : cases) {
        const std::string text = problem(body);
        EXPECT_EQ(text, expected);
    }
}

} // namespace
} // namespace tinymf::host
