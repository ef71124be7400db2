// SPDX-License-Identifier: Apache-2.0
// Which comparisons a request makes, of one capture and of several, and what stands in their way.
#include "compare/comparison.hpp"

#include <functional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/host_error.hpp"
#include "base_captures.hpp"
#include "compare/host_twin.hpp"
#include "forged_capture.hpp"
#include "unit/capture_files.hpp"

namespace tinymf::host {
namespace {

using stream::Kind;
using test::ForgedCapture;
using test::ForgedFrame;

constexpr std::string_view small = "schema = 1\n[model]\nsteps = 40\ngain = 0.9\n"
                                   "[network]\nneurons = 16\n"
                                   "[stream]\nstate_every = 10\ndigest_every = 20\n";

/// Linear neurons under white noise: exact covariances, and a mean field of the same experiment.
constexpr std::string_view linear =
    "schema = 1\n[model]\nsteps = 40\ngain = 0.5\nnoise = 0.5\nactivation = \"linear\"\n";
constexpr std::string_view linear_network =
    "[network]\nneurons = 16\n[stream]\nstate_every = 10\ndigest_every = 20\n";
constexpr std::string_view linear_observing =
    "[network]\nneurons = 16\n[stream]\nstate_every = 0\nobserve_every = 2\nobserve_block = 5\n"
    "observe_lags = 2\nobserve = [\"moments\", \"autocorrelation\"]\n";
constexpr std::string_view linear_field = "[mean_field]\nmethod = \"linear\"\nrow_every = 10\n";

class Captures : public testing::Test {
protected:
    /// Path of a capture of this run.
    [[nodiscard]] std::string capture(const std::string& name, const std::string& experiment,
                                      const SessionOptions& options = {}) const {
        const auto path = folder_ / name;
        test::record_base({.name = "", .experiment = experiment, .options = options}, path);
        return path;
    }
    [[nodiscard]] std::string of_seed(const std::string& name, int seed,
                                      std::string_view rest = linear_network) const {
        return capture(name, std::string(linear) + "seed = " + std::to_string(seed) + "\n" +
                                 std::string(rest));
    }
    [[nodiscard]] std::string field(const std::string& name = "field.tmf") const {
        return capture(name, fmt::format("{}kind = \"mean_field\"\n{}", linear, linear_field));
    }
    /// A copy with a change, renumbered.
    [[nodiscard]] std::string changed(const std::string& from, const std::string& name,
                                      const std::function<void(ForgedCapture&)>& change) const {
        ForgedCapture forged(from);
        change(forged);
        forged.renumber();
        forged.write(folder_ / name);
        return folder_ / name;
    }
    [[nodiscard]] std::string without_last_digest(const std::string& from) const {
        return changed(from, "unsound.tmf",
                       [](ForgedCapture& c) { c.erase(c.find(Kind::digest, -1)); });
    }
    static std::string refusal_of(const std::function<void()>& action) {
        try {
            action();
        } catch (const HostError& error) {
            return std::to_string(error.exit_code()) + ": " + error.what();
        }
        return "none";
    }

    test::TestFolder folder_;
};

TEST_F(Captures, AreHeldAgainstAllThatApplies) {
    const Comparison plain = compare_capture(capture("a.tmf", std::string(small)), {});
    EXPECT_EQ(plain.bits_against, "host");
    EXPECT_TRUE(plain.bits && plain.reference && !plain.mean_field && !plain.theory);
    ASSERT_EQ(plain.not_available.size(), 1U);
    EXPECT_EQ(plain.not_available[0].find("theory: "), 0U) << "too few states to judge";
    EXPECT_EQ(plain.verdict(), Verdict::pass);
    const std::string silent =
        std::string(small).replace(small.find("state_every = 10"), 16, "state_every = 0");
    const Comparison told_nothing = compare_capture(capture("b.tmf", silent), {});
    EXPECT_TRUE(told_nothing.bits && !told_nothing.reference && !told_nothing.theory);
    EXPECT_EQ(told_nothing.not_available,
              std::vector<std::string>{"reference: the capture holds no states or rows"});
    const Comparison exact = compare_capture(of_seed("c.tmf", 1, linear_observing), {});
    EXPECT_TRUE(exact.bits && !exact.reference && exact.theory);
    EXPECT_EQ(exact.theory->against, "exact statistics of the same couplings");
    const Comparison rows = compare_capture(field(), {});
    EXPECT_TRUE(rows.bits && !rows.reference && rows.mean_field && !rows.theory);
    EXPECT_TRUE(rows.not_available.empty());
    const Comparison lags = compare_capture(capture("d.tmf", std::string(test::lags)), {});
    EXPECT_TRUE(lags.mean_field && lags.mean_field->by_lag);
}

TEST_F(Captures, ThatObserveAnUnknownStateSayWhy) {
    std::string observing = std::string(linear) + std::string(linear_observing);
    observing.replace(observing.find("\"linear\""), 8, "\"tanh\"");
    observing += "[stimulus]\nkind = \"constant\"\namplitude = 0.5\n";
    const Comparison comparison = compare_capture(capture("a.tmf", observing), {});
    EXPECT_FALSE(comparison.theory);
    ASSERT_EQ(comparison.not_available.size(), 2U);
    EXPECT_EQ(comparison.not_available[1].find("theory: "), 0U);
}

TEST_F(Captures, AreHeldAgainstWhatIsNamedAlone) {
    const std::string file = of_seed("a.tmf", 1, linear_observing);
    const Comparison host = compare_capture(file, {.against = "host"});
    EXPECT_TRUE(host.bits && !host.reference && !host.theory);
    const Comparison theory = compare_capture(file, {.against = "theory"});
    EXPECT_TRUE(!theory.bits && !theory.reference && theory.theory);
    EXPECT_NE(theory.theory->against.find("N -> infinity"), std::string::npos);
    EXPECT_EQ(theory.bits_against, "theory");
    const Comparison reference = compare_capture(file, {.against = "reference"});
    EXPECT_TRUE(!reference.bits && !reference.reference && reference.theory);
    EXPECT_EQ(reference.theory->against, "exact statistics of the same couplings");
    const std::string states = of_seed("b.tmf", 1);
    const Comparison solved = compare_capture(states, {.against = "reference"});
    EXPECT_TRUE(!solved.bits && solved.reference && !solved.theory);
    const Comparison other = compare_capture(states, {.against = states});
    EXPECT_TRUE(other.bits && !other.reference);
    EXPECT_EQ(other.bits_against, states);
    EXPECT_EQ(other.verdict(), Verdict::pass);
    // Exact statistics and states: both.
    const std::string all = std::string(linear_observing);
    const std::string both = of_seed(
        "c.tmf", 1, std::string(all).replace(all.find("state_every = 0"), 15, "state_every = 10"));
    const Comparison two = compare_capture(both, {.against = "reference"});
    EXPECT_TRUE(two.reference && two.theory);
}

TEST_F(Captures, ThatAreUnsoundAreNotCompared) {
    const std::string sound = capture("a.tmf", std::string(small));
    const std::string unsound = without_last_digest(sound);
    for (const std::string against : {"", "host", "reference", "theory"}) {
        const Comparison comparison = compare_capture(unsound, {.against = against});
        EXPECT_FALSE(comparison.bits || comparison.reference || comparison.theory) << against;
        EXPECT_EQ(comparison.unsound.size(), 1U);
        EXPECT_EQ(comparison.exit_code(), exit_unsound_stream);
    }
    // Nor is anything held against an unsound one.
    const Comparison other = compare_capture(sound, {.against = unsound});
    EXPECT_FALSE(other.bits);
    ASSERT_EQ(other.unsound.size(), 1U);
    EXPECT_EQ(other.unsound[0].find(unsound + ": END at step 40"), 0U);
    EXPECT_EQ(other.verdict(), Verdict::unsound);
}

TEST_F(Captures, OfAFailedRunFailWhateverTheyAreHeldAgainst) {
    const std::string failed = capture("a.tmf", std::string(test::growing));
    const Comparison comparison = compare_capture(failed, {.against = failed});
    EXPECT_TRUE(comparison.bits->passed());
    ASSERT_EQ(comparison.failures.size(), 2U);
    EXPECT_EQ(comparison.failures[1], failed + ": " + comparison.failures[0]);
    EXPECT_EQ(comparison.verdict(), Verdict::fail);
}

/// The first letter of the hash that HELLO tells.
void touch_hash(ForgedCapture& capture) {
    ForgedFrame& hello = capture.frame(Kind::hello);
    hello.payload.at(4 + 1 + hello.payload.at(4) + 1) ^= 1U;
}

TEST_F(Captures, OfAnotherBuildAreComparedOnDemand) {
    const std::string own = capture("a.tmf", std::string(small));
    const std::string foreign = changed(own, "b.tmf", touch_hash);
    const Comparison refused = compare_capture(foreign, {.against = "host"});
    ASSERT_EQ(refused.unsound.size(), 1U);
    EXPECT_EQ(refused.unsound[0].find("other build: "), 0U);
    EXPECT_NE(refused.unsound[0].find("; --allow-other-build compares nevertheless"),
              std::string::npos);
    EXPECT_EQ(compare_capture(foreign, {.against = "host", .allow_other_build = true}).verdict(),
              Verdict::pass);
    EXPECT_EQ(compare_capture(own, {.against = foreign}).unsound.size(), 1U);
}

TEST_F(Captures, OfSeveralNetworksMeetTheoryOrAMeanField) {
    const std::vector<std::string> observing{of_seed("a.tmf", 1, linear_observing),
                                             of_seed("b.tmf", 2, linear_observing)};
    const Comparison theory = compare_captures(observing, {.against = "theory"});
    ASSERT_TRUE(theory.theory);
    EXPECT_EQ(theory.theory->rows[0].origin.find("scatter of 2 networks"), 0U);
    EXPECT_EQ(theory.recording.file, observing[0]);
    EXPECT_FALSE(theory.bits);
    const std::vector<std::string> states{of_seed("c.tmf", 1), of_seed("d.tmf", 2)};
    const std::string limit = field();
    const Comparison ensemble = compare_captures(states, {.against = limit});
    ASSERT_TRUE(ensemble.theory);
    EXPECT_EQ(ensemble.theory->against, "the mean field " + limit + " on the same time grid");
    EXPECT_EQ(ensemble.recording.file, states[0]);
    // One is compared as one alone.
    EXPECT_TRUE(compare_captures(std::span(states).first(1), {.against = "host"}).bits);
    EXPECT_EQ(
        refusal_of([&] {
            static_cast<void>(compare_captures(std::span(states).first(1), {.against = limit}));
        }),
        "2: " + states[0] +
            ": one network has no scatter to judge it by; give several, with different seeds");
}

TEST_F(Captures, OfSeveralNetworksAreRefusedInWords) {
    const std::vector<std::string> states{of_seed("a.tmf", 1), of_seed("b.tmf", 2)};
    EXPECT_EQ(refusal_of([&] { static_cast<void>(compare_captures(states, {})); }),
              "2: several captures: name what to hold them against, --against theory or --against "
              "MEAN_FIELD.tmf");
    EXPECT_EQ(
        refusal_of([&] { static_cast<void>(compare_captures(states, {.against = states[0]})); }),
        "2: " + states[0] + ": a network; several captures are held against a mean field");
    const std::string unsound = without_last_digest(states[1]);
    const std::vector<std::string> one_unsound{states[0], unsound};
    for (const std::string& against : {std::string("theory"), field()}) {
        const Comparison comparison = compare_captures(one_unsound, {.against = against});
        EXPECT_FALSE(comparison.theory);
        ASSERT_EQ(comparison.unsound.size(), 1U);
        EXPECT_EQ(comparison.unsound[0].find(unsound + ": "), 0U);
        EXPECT_EQ(comparison.recording.file, states[0]);
    }
    const std::string bad_field = without_last_digest(field());
    EXPECT_FALSE(compare_captures(states, {.against = bad_field}).theory);
}

TEST_F(Captures, WithoutATwinAreRefusedInWords) {
    Recording recording = read_recording(capture("a.tmf", std::string(small)));
    const auto refusal = [](const Recording& of) {
        return refusal_of([&of] { static_cast<void>(compare_with_host_twin(of)); });
    };
    EXPECT_EQ(refusal(recording), "none");
    Recording odd = recording;
    odd.profile.neurons = 17;
    EXPECT_EQ(refusal(odd), "2: " + recording.file + ": this program carries no profile " +
                                profile_text(odd.profile) + " to run its twin");
    Recording torn = recording;
    torn.parameter_bytes.pop_back();
    EXPECT_EQ(refusal(torn), "3: " + recording.file + ": its configuration is refused here");
}

TEST_F(Captures, OfALiveRunNeedAllOfItsInputs) {
    SessionOptions fed;
    fed.inputs = {{0, 0.5}, {20, -1.0}};
    const Recording recording = read_recording(capture("a.tmf", std::string(test::live), fed));
    const auto refusal = [](const Recording& of) {
        return refusal_of([&of] { static_cast<void>(compare_with_host_twin(of)); });
    };
    Recording resumed = recording;
    resumed.resumed_at = 20;
    EXPECT_EQ(refusal(resumed), "2: " + recording.file +
                                    ": it goes on from step 20, and the live inputs before are not "
                                    "in it");
    resumed.metadata.resumed = ResumedRun{.capture = "x.tmf", .step = 20, .inputs = {}};
    EXPECT_EQ(refusal(resumed), "none");
    Recording deaf = recording;
    deaf.resumed_at = 20;
    deaf.parameters.stimulus = model::StimulusKind::none;
    EXPECT_EQ(refusal(deaf), "none");
    Recording wild = recording;
    wild.live_inputs[1].value = 2e6;
    EXPECT_EQ(refusal(wild), "3: " + recording.file + ": a recorded input is refused");
}

} // namespace
} // namespace tinymf::host
