// SPDX-License-Identifier: Apache-2.0
// Captures of the emulated board, held against host twin, reference and each other.

#include <array>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/host_error.hpp"
#include "base_captures.hpp"
#include "capture/capture_reader.hpp"
#include "capture/capture_writer.hpp"
#include "compare/comparison.hpp"
#include "compare/host_twin.hpp"
#include "report/run_report.hpp"

namespace tinymf::host {
namespace {

constexpr std::string_view experiment_text = R"(
schema = 1
name = "compared"
[model]
gain = 0.9
dt = 0.05
steps = 400
[network]
neurons = 32
[stream]
state_every = 20
digest_every = 100
)";

constexpr std::uint32_t all_steps = 401;

class CompareEmulatedRun : public testing::Test, public test::CapturedRuns {
protected:
    CompareEmulatedRun() : CapturedRuns(experiment_text) {}

    [[nodiscard]] std::string capture(const std::string& name,
                                      const std::vector<std::string>& overrides = {},
                                      const SessionOptions& options = {}) const {
        return CapturedRuns::capture(overrides, options, name);
    }
};

/// The next float32 number above.
double next_float(double value) {
    return static_cast<double>(
        std::nextafter(static_cast<float>(value), std::numeric_limits<float>::infinity()));
}

TEST_F(CompareEmulatedRun, PassesAgainstHostAndReference) {
    const Comparison comparison = compare_capture(capture("run.tmf"), {});
    EXPECT_EQ(comparison.exit_code(), exit_passed) << to_text(comparison);
    const nlohmann::json json = to_json(comparison);
    EXPECT_EQ(json.at("verdict"), "pass");
    EXPECT_EQ(json.at("bit_exact").at("steps_checked"), all_steps);
    EXPECT_EQ(json.at("bit_exact").at("first_difference"), nullptr);
    EXPECT_DOUBLE_EQ(json.at("reference").at("horizon"), 20.0);
    EXPECT_GT(json.at("reference").at("max_abs_error"), 0.0);
    EXPECT_LE(json.at("reference").at("max_abs_error"), json.at("reference").at("bound"));
    EXPECT_EQ(json.at("theory"), nlohmann::json::array());
    EXPECT_EQ(json.at("stream").at("lost"), 0);
    EXPECT_EQ(json.at("stream").at("crc_errors"), 0);
    EXPECT_EQ(json.at("stream").at("gaps"), 0);
}

TEST_F(CompareEmulatedRun, EveryKindOfExperimentPasses) {
    const std::vector<std::vector<std::string>> variants{
        {"network.scalar='float64'", "model.integrator='rk4'"},
        {"model.noise=0.5", "network.replicas=2"},
        {"model.noise=0.5", "model.noise_kind='colored'", "model.integrator='heun'"},
        {"model.noise=0.5", "model.noise_kind='static'", "model.reciprocity=-1.0"},
        {"network.coupling='sign'", "model.activation='pade'"},
        {"network.coupling='procedural'", "model.activation='erf'"},
        {"stimulus.kind='sine'", "stimulus.amplitude=1.0", "stimulus.frequency=0.25",
         "model.integrator='exponential_euler'"},
        {"stimulus.kind='step'", "stimulus.amplitude=1.0", "stimulus.onset=5.0",
         "model.activation='relu'"},
        {"model.activation='power_law'", "initial.kind='uniform'", "initial.scale=0.5"},
        {"initial.kind='zero'"},
    };
    for (const auto& overrides : variants) {
        const Comparison comparison = compare_capture(capture("run.tmf", overrides), {});
        EXPECT_EQ(comparison.exit_code(), exit_passed) << overrides.front() << '\n'
                                                       << to_text(comparison);
    }
}

TEST_F(CompareEmulatedRun, ALiveRunReplaysFromItsRecordedInputs) {
    SessionOptions fed;
    fed.inputs = {{0, 0.5}, {1, -0.25}, {123, 2.0}, {399, 0.0}};
    const auto file = capture("live.tmf", {"stimulus.kind='live'"}, fed);
    EXPECT_EQ(read_recording(file).live_inputs, fed.inputs);
    const Comparison comparison = compare_capture(file, {});
    EXPECT_EQ(comparison.exit_code(), exit_passed) << to_text(comparison);
    ASSERT_TRUE(comparison.bits);
    EXPECT_EQ(comparison.bits->steps_checked, all_steps);

    Recording recording = read_recording(file);
    ++recording.live_inputs[2].step;
    EXPECT_FALSE(compare_with_host_twin(recording).passed());
}

TEST_F(CompareEmulatedRun, NamesTheFirstDifferingWord) {
    Recording recording = read_recording(capture("run.tmf"));
    const double value = next_float(next_float(recording.replicas[0].x(7, 11)));
    recording.replicas[0].x.set(7, 11, value);
    recording.replicas[0].x.set(9, 0,
                                recording.replicas[0].x(9, 0) + 1.0); // later, so never reached
    const BitComparison bits = compare_with_host_twin(recording);
    EXPECT_FALSE(bits.passed());
    ASSERT_TRUE(bits.state_difference);
    EXPECT_EQ(bits.state_difference->step, 140U);
    EXPECT_EQ(bits.state_difference->element, 11U);
    EXPECT_EQ(bits.state_difference->ulps, 2U);
    EXPECT_EQ(bits.state_difference->recorded, value);
    // Steps 0 to 100 by the digest, 120 as a state.
    EXPECT_EQ(bits.steps_checked, 102U);
}

TEST_F(CompareEmulatedRun, NamesTheFirstDifferingDigest) {
    Recording recording = read_recording(capture("run.tmf"));
    recording.digests[2].states_digest ^= 1U;
    const BitComparison bits = compare_with_host_twin(recording);
    EXPECT_FALSE(bits.passed());
    ASSERT_TRUE(bits.digest_difference);
    EXPECT_EQ(bits.digest_difference->step, 200U);
}

TEST_F(CompareEmulatedRun, NoticesOtherCouplings) {
    Recording recording = read_recording(capture("run.tmf"));
    recording.digests[0].couplings_digest ^= 1U;
    EXPECT_TRUE(compare_with_host_twin(recording).couplings_difference);
    EXPECT_FALSE(compare_with_host_twin(recording).passed());
}

TEST_F(CompareEmulatedRun, AnErrorAboveTheBoundFails) {
    Recording recording = read_recording(capture("run.tmf"));
    ASSERT_TRUE(compare_with_reference(recording).passed());
    recording.replicas[0].x.set(5, 3, recording.replicas[0].x(5, 3) + 1e-3);
    const ReferenceComparison reference = compare_with_reference(recording);
    EXPECT_FALSE(reference.scheme.within());
    EXPECT_FALSE(reference.passed());
}

TEST_F(CompareEmulatedRun, ChaosEndsTheHorizonBeforeTheRun) {
    const auto file = capture(
        "run.tmf", {"model.gain=6.0", "model.steps=4000", "model.seed=3", "network.neurons=128"});
    const Comparison comparison = compare_capture(file, {});
    EXPECT_EQ(comparison.exit_code(), exit_passed) << to_text(comparison);
    ASSERT_TRUE(comparison.reference);
    const ReferenceComparison& reference = *comparison.reference;
    EXPECT_GT(reference.lyapunov.exponent, 3.0 * reference.lyapunov.standard_error);
    EXPECT_FALSE(reference.scheme.reaches_the_end());
    EXPECT_GT(reference.horizon(reference.scheme), 5.0);
    EXPECT_LT(reference.horizon(reference.scheme), 100.0);
    // Beyond the horizon the trajectories part, as they must.
    EXPECT_GT(reference.scheme.error.back(), reference.tolerance.back());
}

TEST_F(CompareEmulatedRun, TwoCapturesAgreeOnCommonSteps) {
    const Recording often = read_recording(capture("often.tmf"));
    const Recording seldom =
        read_recording(capture("seldom.tmf", {"stream.state_every=40", "stream.digest_every=200"}));
    const BitComparison bits = compare_recordings(often, seldom);
    EXPECT_TRUE(bits.passed());
    EXPECT_EQ(bits.states_checked, 11U);
    EXPECT_EQ(bits.steps_checked, all_steps);
}

TEST_F(CompareEmulatedRun, RefusesCapturesOfOtherExperiments) {
    const Recording one = read_recording(capture("one.tmf"));
    const Recording two = read_recording(capture("two.tmf", {"model.seed=2"}));
    const Recording three = read_recording(capture("three.tmf", {"network.neurons=64"}));
    EXPECT_THROW(static_cast<void>(compare_recordings(one, two)), HostError);
    EXPECT_THROW(static_cast<void>(compare_recordings(one, three)), HostError);
}

/// Copies a capture, changing the device's git hash in its HELLO.
void pretend_other_build(const std::string& from, const std::string& to) {
    CaptureReader reader(from);
    CaptureWriter writer(to, reader.metadata());
    while (const auto captured = reader.next()) {
        const stream::FrameView& frame = captured->frame;
        std::vector<std::uint8_t> payload(frame.payload.begin(), frame.payload.end());
        if (frame.header.kind == static_cast<std::uint8_t>(stream::Kind::hello)) {
            const std::size_t version_length = payload.at(4);
            payload.at(4 + 1 + version_length + 1) ^= 1U;
        }
        std::array<std::uint8_t, stream::largest_wire_frame> wire{};
        const std::size_t size = stream::encode_frame(wire, frame.header, payload);
        writer.append(std::span(wire).first(size));
    }
    writer.close();
}

TEST_F(CompareEmulatedRun, AnotherBuildIsUnsoundUnlessAllowed) {
    pretend_other_build(capture("run.tmf"), path("other.tmf"));
    EXPECT_EQ(compare_capture(path("other.tmf"), {}).exit_code(), exit_unsound_stream);
    EXPECT_EQ(
        compare_capture(path("other.tmf"), {.against = "", .allow_other_build = true}).exit_code(),
        exit_passed);
}

TEST_F(CompareEmulatedRun, ACutCaptureIsUnsound) {
    const std::string file = capture("run.tmf");
    std::filesystem::resize_file(file, std::filesystem::file_size(file) - 3);
    const Comparison comparison = compare_capture(file, {});
    EXPECT_EQ(comparison.exit_code(), exit_unsound_stream);
    EXPECT_FALSE(comparison.unsound.empty());
    EXPECT_FALSE(comparison.bits);
}

TEST_F(CompareEmulatedRun, TheReportShowsItAll) {
    std::vector<Comparison> comparisons;
    comparisons.push_back(compare_capture(capture("one.tmf"), {}));
    comparisons.push_back(compare_capture(capture("two.tmf", {"model.noise=0.5"}), {}));
    const std::string html = run_report(comparisons);
    const auto count = [&html](std::string_view part) {
        std::size_t found = 0;
        for (std::size_t at = 0; (at = html.find(part, at)) != std::string::npos; ++at) {
            ++found;
        }
        return found;
    };
    EXPECT_EQ(count("<svg"), 8U);
    EXPECT_EQ(count("</svg>"), 8U);
    EXPECT_EQ(count("<h2>compared"), 2U);
    // Self-contained: nothing is fetched from anywhere.
    EXPECT_EQ(count("src=\"http"), 0U);
    EXPECT_EQ(count("<script"), 0U);
    EXPECT_EQ(count("<link"), 0U);
}

} // namespace
} // namespace tinymf::host
