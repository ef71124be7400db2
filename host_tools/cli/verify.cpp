// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <optional>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/host_error.hpp"
#include "base/standard_streams.hpp"
#include "cli/command.hpp"
#include "compare/comparison.hpp"
#include "recording/recording.hpp"

namespace tinymf::host {
namespace {

struct VerifyOptions {
    std::string capture;
    bool json = false;
};

/// What is worth knowing and no fault of the capture's.
std::vector<std::string> remarks(const Recording& recording) {
    std::vector<std::string> found;
    if (const auto foreign = other_build(recording.device);
        foreign && recording.device.announced_profiles != 0) {
        found.push_back(*foreign);
    }
    if (const auto remark = remark_on(recording.tick)) {
        found.push_back(*remark);
    }
    return found;
}

nlohmann::json to_json(const Recording& recording) {
    const CaptureSurvey& survey = recording.survey;
    const Judgement& judgement = recording.judgement;
    return {{"verdict", name_of(judgement)},
            {"sound", judgement.sound()},
            {"complete", survey.complete()},
            {"stream",
             {{"frames", survey.counters.frames},
              {"lost", survey.ledger.lost()},
              {"announced", survey.ledger.announced()},
              {"crc_errors", survey.counters.crc_errors},
              {"gaps", survey.ledger.gaps()}}},
            {"bytes", survey.bytes},
            {"tail_bytes", survey.tail.size},
            {"tick", to_json(recording.tick)},
            {"ticks", recording.ticks ? host::to_json(*recording.ticks) : nlohmann::json()},
            {"findings", judgement.unsound},
            {"failures", judgement.failures},
            {"remarks", remarks(recording)}};
}

std::string to_text(const Recording& recording) {
    const CaptureSurvey& survey = recording.survey;
    const Judgement& judgement = recording.judgement;
    std::string text = fmt::format(
        "{}: {}: {} frames, {} lost, {} announced, {} bytes", recording.file,
        judgement.verdict() == Verdict::fail ? "sound, but the run failed" : name_of(judgement),
        survey.counters.frames, survey.ledger.lost(), survey.ledger.announced(), survey.bytes);
    if (recording.tick.asked_us != 0) {
        text += "\n  a tick of " + to_text(recording.tick);
    }
    if (recording.ticks) {
        text += "\n  " + host::to_text(*recording.ticks);
    }
    for (const std::string& breach : judgement.unsound) {
        text += "\n  " + breach;
    }
    for (const std::string& failure : judgement.failures) {
        text += "\n  failed: " + failure;
    }
    for (const std::string& remark : remarks(recording)) {
        text += "\n  " + remark;
    }
    return text;
}

/// Prints that a capture is unsound of which no more can be read.
Recording judged(const VerifyOptions& options) {
    try {
        return judge_capture(options.capture);
    } catch (const HostError& error) {
        if (options.json && error.exit_code() == exit_unsound_stream) {
            print_json({{"verdict", name_of(Verdict::unsound)},
                        {"sound", false},
                        {"findings", {error.what()}}});
        }
        throw;
    }
}

int verify(const VerifyOptions& options) {
    const Recording recording = judged(options);
    options.json ? print_json(to_json(recording)) : print_result(to_text(recording));
    require_passed(recording);
    return exit_passed;
}

} // namespace

void add_verify(CommandParser& program) {
    Command command = program.add_command(
        "verify", "Check that a capture is sound: whole, undamaged and free of contradictions");
    const auto options = std::make_shared<VerifyOptions>();
    command.add_option("capture", options->capture, "Capture file (.tmf)").required();
    command.add_flag("--json", options->json, "Print one JSON object");
    command.runs([options] { return verify(*options); });
}

} // namespace tinymf::host
