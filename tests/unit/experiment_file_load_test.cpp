// SPDX-License-Identifier: Apache-2.0
#include "experiment/experiment.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/host_error.hpp"
#include "experiment/parameter_bytes.hpp"

namespace tinymf::host {
namespace {

/// The message with which the text is refused, or nothing.
std::string refusal_of(const std::string& text, std::vector<std::string> overrides = {}) {
    try {
        static_cast<void>(parse_experiment(text, "some.toml", overrides));
    } catch (const HostError& error) {
        EXPECT_EQ(error.exit_code(), exit_bad_input);
        return error.what();
    }
    return {};
}

TEST(ExperimentFile, TakesDefaultsFromTheSchemaAlone) {
    const Experiment experiment = parse_experiment("schema = 1\n", "folder/quiet.toml");
    const experiment::Parameters<double> defaults;
    EXPECT_EQ(experiment.name, "quiet");
    EXPECT_EQ(experiment.kind, experiment::ModelKind::network);
    EXPECT_EQ(experiment.parameters.gain, defaults.gain);
    EXPECT_EQ(experiment.parameters.steps, defaults.steps);
    EXPECT_EQ(experiment.network.neurons, 64);
    EXPECT_EQ(experiment.parameters.observation.observables, 0);
}

TEST(ExperimentFile, ReadsEveryKey) {
    const Experiment experiment = parse_experiment(R"(
schema = 1
name = "all keys"
[model]
kind = "mean_field"
activation = "pade"
exponent = 0.5
pade_num = [1, 2.5]
pade_den = [0.25, 0, 1]
gain = 2
reciprocity = -0.5
noise = 0.125
noise_kind = "colored"
noise_time = 3.0
dt = 0.125
steps = 77
integrator = "exponential_euler"
seed = 9223372036854775807
[initial]
kind = "uniform"
scale = 0.5
[stimulus]
kind = "sine"
amplitude = -1.5
frequency = 0.25
onset = 4.0
[network]
neurons = 96
coupling = "procedural"
scalar = "float64"
replicas = 2
[mean_field]
method = "forward"
points = 78
scalar = "float32"
trajectories = 96
storage = "fixed16"
populations = 7
row_every = 2
[stream]
state_every = 3
digest_every = 5
observe = ["lyapunov", "response"]
)",
                                                   "x.toml");
    const auto& p = experiment.parameters;
    EXPECT_EQ(experiment.name, "all keys");
    EXPECT_EQ(experiment.kind, experiment::ModelKind::mean_field);
    EXPECT_EQ(p.activation, model::ActivationKind::pade);
    EXPECT_EQ(p.exponent, 0.5);
    EXPECT_EQ(p.pade_numerator, (std::array{1.0, 2.5, 0.0, 0.0}));
    EXPECT_EQ(p.pade_denominator, (std::array{0.25, 0.0, 1.0, 0.0}));
    EXPECT_EQ(p.gain, 2.0);
    EXPECT_EQ(p.reciprocity, -0.5);
    EXPECT_EQ(p.noise, 0.125);
    EXPECT_EQ(p.noise_kind, model::NoiseKind::colored);
    EXPECT_EQ(p.noise_time, 3.0);
    EXPECT_EQ(p.dt, 0.125);
    EXPECT_EQ(p.steps, 77U);
    EXPECT_EQ(p.integrator, model::IntegratorKind::exponential_euler);
    EXPECT_EQ(p.seed, 9223372036854775807U);
    EXPECT_EQ(p.initial, model::InitialKind::uniform);
    EXPECT_EQ(p.initial_scale, 0.5);
    EXPECT_EQ(p.stimulus, model::StimulusKind::sine);
    EXPECT_EQ(p.stimulus_amplitude, -1.5);
    EXPECT_EQ(p.stimulus_frequency, 0.25);
    EXPECT_EQ(p.stimulus_onset, 4.0);
    EXPECT_EQ(experiment.network.neurons, 96);
    EXPECT_EQ(experiment.network.coupling, model::CouplingKind::procedural);
    EXPECT_EQ(experiment.network.scalar, experiment::ScalarKind::float64);
    EXPECT_EQ(experiment.network.replicas, 2);
    EXPECT_EQ(experiment.mean_field.method, mean_field::Method::forward);
    EXPECT_EQ(experiment.mean_field.points, 78);
    EXPECT_EQ(experiment.mean_field.scalar, experiment::ScalarKind::float32);
    EXPECT_EQ(experiment.mean_field.trajectories, 96U);
    EXPECT_EQ(experiment.mean_field.storage, mean_field::PathStorage::fixed16);
    EXPECT_EQ(experiment.mean_field.populations, 7);
    EXPECT_EQ(p.replicas, 7);
    EXPECT_EQ(p.state_every, 2U);
    EXPECT_EQ(p.digest_every, 5U);
    EXPECT_EQ(p.observation, observe::ObservationParameters{}) << "a mean field observes nothing";

    const Experiment again = parse_experiment(experiment.text, "again.toml");
    EXPECT_EQ(again.text, experiment.text);
    EXPECT_EQ(again.parameters.pade_denominator, p.pade_denominator);
    EXPECT_EQ(again.parameters.seed, p.seed);
}

TEST(ExperimentFile, ReadsWhatANetworkObserves) {
    const Experiment experiment = parse_experiment(R"(
schema = 1
[model]
noise_kind = "static"
noise = 1.0
noise_hold = 400
[network]
replicas = 2
[stream]
observe = ["settling", "participation", "moments"]
observe_every = 400
observe_after = 800
observe_block = 64
observe_lags = 3
observe_window = 2
)",
                                                   "static.toml");
    using enum observe::Observable;
    const observe::ObservationParameters expected{
        .observables = static_cast<observe::ObservableSet>(
            observe::set_of(settling) | observe::set_of(participation) | observe::set_of(moments)),
        .sample_every = 400,
        .after = 800,
        .block = 64,
        .lags = 3,
        .window = 2};
    EXPECT_EQ(experiment.parameters.observation, expected);
    EXPECT_EQ(experiment.parameters.noise_hold, 400U);
    EXPECT_EQ(parse_experiment(experiment.text, "again.toml").parameters.observation, expected);
}

TEST(ExperimentFile, CanonicalTextKeepsEveryBitOfAReal) {
    for (const std::string gain : {"0.1", "1e-7", "99.99999999999999", "3"}) {
        const Experiment first =
            parse_experiment("schema=1\n[model]\ngain = " + gain + "\n", "x.toml");
        const Experiment second = parse_experiment(first.text, "y.toml");
        EXPECT_EQ(first.parameters.gain, second.parameters.gain) << gain;
        EXPECT_EQ(first.text, second.text);
    }
}

TEST(ExperimentFile, OverridesReplaceAndTheLastOneCounts) {
    const std::vector<std::string> overrides{"model.gain=1.25", "model.activation=relu",
                                             "network.neurons=128", "model.gain = 0.5",
                                             "stream.observe=[\"lyapunov\"]"};
    const Experiment experiment =
        parse_experiment("schema = 1\n[model]\ngain = 3\nsteps = 5\n", "x.toml", overrides);
    EXPECT_EQ(experiment.parameters.gain, 0.5);
    EXPECT_EQ(experiment.parameters.steps, 5U);
    EXPECT_EQ(experiment.parameters.activation, model::ActivationKind::relu);
    EXPECT_EQ(experiment.network.neurons, 128);
    EXPECT_EQ(experiment.parameters.observation.observables,
              observe::set_of(observe::Observable::lyapunov));
}

TEST(ExperimentFile, NamesPlaceKeyValueAndRange) {
    EXPECT_EQ(refusal_of("schema = 1\n[model]\ngain = -1\n"),
              "some.toml:3:8: model.gain = -1: must be between 0 and 100");
    EXPECT_EQ(refusal_of("schema = 1\n[model]\ngian = 1\n"),
              "some.toml:3:1: model.gian: unknown key; nearest is model.gain");
    EXPECT_EQ(refusal_of("schema = 1\n[model]\nactivation = \"sigmoid\"\n"),
              "some.toml:3:14: model.activation = \"sigmoid\": must be one of linear, relu, tanh, "
              "erf, power_law, pade");
    EXPECT_EQ(refusal_of("schema = 1\n", {"model.gain=1e3"}),
              "--set model.gain=1e3: must be between 0 and 100");
    EXPECT_EQ(refusal_of("[model]\ngain = 1\n"),
              "some.toml: schema: is missing; the first line must be schema = 1");
}

/// A dot within quotes parts no section from its key: none of these is the gain.
TEST(ExperimentFile, KnowsNoKeyWithADotInIt) {
    EXPECT_EQ(refusal_of("schema = 1\n\"model.gain\" = 2\n"),
              "some.toml:2:1: 'model.gain': unknown key; nearest is model.gain");
    EXPECT_EQ(refusal_of("schema = 1\n['model.gain']\nx = 2\n"),
              "some.toml:2:2: 'model.gain': unknown key; nearest is model.gain");
    EXPECT_EQ(refusal_of("schema = 1\n[model]\n'gain.x' = 2\n"),
              "some.toml:3:1: model.'gain.x': unknown key; nearest is model.gain");
    EXPECT_EQ(refusal_of("schema = 1\n", {"'model.gain'=2"}),
              "--set 'model.gain'=2: 'model.gain': unknown key; nearest is model.gain");
    EXPECT_EQ(parse_experiment("schema = 1\n\"model\".'gain' = 2\n", "some.toml").parameters.gain,
              2.0);
}

TEST(ExperimentFile, ReportsEveryProblemOnALineOfItsOwn) {
    const std::string refusal =
        refusal_of("schema = 2\n[model]\ngain = \"big\"\nsteps = 0\nnoise = nan\n[modle]\n");
    EXPECT_EQ(std::count(refusal.begin(), refusal.end(), '\n'), 4) << refusal;
    EXPECT_NE(refusal.find("some.toml:1:10: schema = 2: must be between 1 and 1"),
              std::string::npos);
    EXPECT_NE(refusal.find("some.toml:3:8: model.gain = \"big\": must be a number"),
              std::string::npos);
    EXPECT_NE(refusal.find("some.toml:5:9: model.noise = nan: must be a finite number"),
              std::string::npos);
    EXPECT_NE(refusal.find("modle: unknown key"), std::string::npos);
}

TEST(ExperimentFile, RefusesImpossibleCombinations) {
    EXPECT_NE(refusal_of("schema=1\n[model]\nintegrator=\"rk4\"\nnoise=0.1\n").find("white noise"),
              std::string::npos);
    EXPECT_EQ(refusal_of("schema=1\n[model]\nintegrator=\"rk4\"\nnoise=0.1\n"
                         "noise_kind=\"colored\"\n"),
              "");
    EXPECT_NE(refusal_of("schema=1\n[model]\nkind=\"mean_field\"\nreciprocity=0.5\n"
                         "[mean_field]\nmethod=\"gaussian_closure\"\n"),
              "");
}

/// One file for a network and its mean field: each takes its own sizes from it.
TEST(ExperimentFile, OneFileServesBothKinds) {
    const std::string text = "schema=1\n[model]\nsteps=2000\n[network]\nreplicas=2\n"
                             "[mean_field]\npoints=50\npopulations=3\n[stream]\nstate_every=10\n";
    const auto parameters = [&text](const std::string& override) {
        return parse_experiment(text, "x.toml", std::vector{override}).parameters;
    };
    const auto network = parameters("model.kind='network'");
    EXPECT_EQ(network.steps, 2000U);
    EXPECT_EQ(network.replicas, 2);
    EXPECT_EQ(network.state_every, 10U);
    const auto mean_field = parameters("model.kind='mean_field'");
    EXPECT_EQ(mean_field.steps, 49U);
    EXPECT_EQ(mean_field.replicas, 3);
    EXPECT_EQ(mean_field.state_every, 1U);
    EXPECT_EQ(parse_experiment(text, "x.toml",
                               std::vector<std::string>{"model.kind='mean_field'", "model.steps=7"})
                  .parameters.steps,
              7U);
}

/// A profile that cannot observe keeps none of them, and a capture's text must give its parameters.
TEST(ExperimentFile, SettingsOfObservationsThatNobodyAskedForAreNone) {
    const std::string settings = "schema = 1\n[stream]\nobserve_block = 77\nobserve_window = 3\n";
    const experiment::Parameters<double> defaults;
    const Experiment without = parse_experiment(settings, "x.toml");
    EXPECT_EQ(parameter_bytes(without.parameters), parameter_bytes(defaults));
    EXPECT_EQ(without.text, parse_experiment("schema = 1\n", "x.toml").text);
    const Experiment with = parse_experiment(settings + "observe = [\"moments\"]\n", "x.toml");
    EXPECT_EQ(with.parameters.observation.block, 77U);
}

TEST(ExperimentFile, EscapesWhatATerminalWouldInterpret) {
    const std::string refusal = refusal_of("schema = 1\nname = \"\\u001b[31m\"\n");
    EXPECT_EQ(refusal.find('\x1b'), std::string::npos);
    EXPECT_NE(refusal.find("\\x1b[31m"), std::string::npos) << refusal;
}

TEST(ExperimentFile, SurvivesNestingBombs) {
    std::string deep = "schema = 1\n";
    for (int level = 0; level < 200; ++level) {
        deep += "a = [{";
        for (int dot = 0; dot < 99; ++dot) {
            deep += "a.";
        }
        deep += "\n";
    }
    EXPECT_NE(refusal_of(deep), "");
    EXPECT_NE(refusal_of("a = " + std::string(1000, '[')), "");
    std::string dotted = "schema = 1\n";
    for (int i = 0; i < 100; ++i) {
        dotted += "a.";
    }
    EXPECT_NE(refusal_of(dotted + "a = 1\n"), "");
}

TEST(ExperimentFile, SurvivesNestingBombsOnOneLineAndAcrossLines) {
    std::string names;
    for (int dot = 0; dot < 99; ++dot) {
        names += "a.";
    }
    for (const std::string_view between : {"", "\n"}) {
        std::string deep = "schema = 1\nx = [";
        for (int level = 0; level < 120; ++level) {
            deep += fmt::format("{0}{{{1}a = [{0}", between, names);
        }
        EXPECT_NE(refusal_of(deep).find("names with more than 100 dots within each other"),
                  std::string::npos);
    }
    // Quotes hide nothing.
    std::string quoted = "schema = 1\n";
    for (int dot = 0; dot < 100; ++dot) {
        quoted += "\"=[{,\" . '#' .";
    }
    EXPECT_EQ(refusal_of(quoted + "a = 1\n"),
              "some.toml:2:1: names with more than 100 dots within each other");
}

TEST(ExperimentFile, TakesLinesOfAnyLength) {
    const std::string comment = "# " + std::string(100'000, '.') + "\n";
    std::string numbers = "pade_num = [1.0";
    numbers += std::string(2000, ' ') + ", 0.5] # " + std::string(5000, 'x') + " a.b.c.d\n";
    const Experiment experiment =
        parse_experiment(comment + "schema = 1\n[model]\n" + numbers + comment, "long.toml");
    EXPECT_EQ(experiment.parameters.pade_numerator[1], 0.5);
    std::string reals = "schema = 1\n[model]\npade_num = [";
    for (int k = 0; k < 500; ++k) {
        reals += "0.5, ";
    }
    EXPECT_EQ(refusal_of(reals + "]\n"), "some.toml:3:12: model.pade_num = [500 values]: must be a "
                                         "list of 1 to 4 numbers");
}

TEST(ExperimentFile, SaysHowARealIsWrittenAsAWholeNumber) {
    EXPECT_EQ(refusal_of("schema = 1\n[model]\nseed = 1e3\n"),
              "some.toml:3:8: model.seed = 1000: must be a whole number: 1e3 is a real number; "
              "write 1000");
    EXPECT_EQ(refusal_of("schema = 1\n[model]\nsteps = 2_000.0 # many\n"),
              "some.toml:3:9: model.steps = 2000: must be a whole number: 2_000.0 is a real "
              "number; write 2000");
    EXPECT_EQ(refusal_of("schema = 1\n", {"network.neurons=6.4e1"}),
              "--set network.neurons=6.4e1: must be a whole number: 6.4e1 is a real number; write "
              "64");
    EXPECT_EQ(refusal_of("schema = 1\n[model]\nseed = 10.5\n"),
              "some.toml:3:8: model.seed = 10.5: must be a whole number");
    EXPECT_EQ(refusal_of("schema = 1\n[model]\nseed = 1e300\n"),
              "some.toml:3:8: model.seed = 1e+300: must be a whole number");
}

TEST(ExperimentFile, NamesTheNearestKeyAndValue) {
    const std::vector<std::pair<std::string, std::string>> keys{
        {"gain=2", "model.gain"},
        {"gian=2", "model.gain"},
        {"Steps=2", "model.steps"},
        {"neurons=32", "network.neurons"},
        {"stimulus.knd=none", "stimulus.kind"},
        {"model.nosie=1", "model.noise"},
        {"modell.gain=1", "model"},
    };
    for (const auto& [written, nearest] : keys) {
        const std::string refusal = refusal_of("schema = 1\n", {written});
        EXPECT_TRUE(refusal.ends_with("unknown key; nearest is " + nearest)) << refusal;
    }
    const std::vector<std::pair<std::string, std::string>> values{
        {"model.activation=tahn", "tanh"},
        {"model.integrator=euller", "euler"},
        {"model.kind=meanfield", "mean_field"},
        {"stream.observe=[\"lyapunof\"]", "lyapunov"},
    };
    for (const auto& [written, nearest] : values) {
        const std::string refusal = refusal_of("schema = 1\n", {written});
        EXPECT_TRUE(refusal.ends_with("; nearest is " + nearest)) << refusal;
    }
    EXPECT_EQ(refusal_of("schema = 1\n", {"model.kind=spiking"}).find("nearest"),
              std::string::npos);
    EXPECT_EQ(refusal_of("schema = 1\n", {"zzz=1"}).find("nearest"), std::string::npos);
}

TEST(ExperimentFile, RoundsToFloatOnce) {
    const Experiment experiment =
        parse_experiment("schema=1\n[model]\ngain=0.1\nsteps=9\n", "x.toml");
    const auto rounded = rounded_to_float(experiment);
    EXPECT_EQ(rounded.gain, 0.1F);
    EXPECT_EQ(rounded.steps, 9U);
    EXPECT_THROW(static_cast<void>(rounded_to_float(
                     parse_experiment("schema=1\n[model]\nnoise=1e-60\n", "x.toml"))),
                 HostError);
}

} // namespace
} // namespace tinymf::host
