// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <optional>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "capture/capture_reader.hpp"
#include "cli/command.hpp"
#include "diagnostics/host_error.hpp"
#include "diagnostics/standard_streams.hpp"
#include "recording/frame_contents.hpp"
#include "recording/run_times.hpp"

namespace tinymf::host {
namespace {

struct VerifyOptions {
    std::string capture;
    bool json = false;
};

std::string verdict_of(const CaptureSurvey& found) {
    if (!found.sound()) {
        return "unsound";
    }
    return found.complete() ? "sound" : "incomplete";
}

/// What the capture tells of its ticks; the run may have had none, or not have come to its END.
std::optional<TickTimes> ticks_in(const std::string& capture) {
    std::optional<TickTimes> ticks;
    CaptureReader reader(capture);
    while (const auto captured = reader.next()) {
        if (captured->frame.header.kind == static_cast<std::uint8_t>(stream::Kind::ticks)) {
            ticks = read_ticks(captured->frame.payload);
        }
    }
    return ticks;
}

void print_json(const CaptureSurvey& found, const std::optional<TickTimes>& ticks) {
    const nlohmann::json summary{{"verdict", verdict_of(found)},
                                 {"sound", found.sound()},
                                 {"complete", found.complete()},
                                 {"stream",
                                  {{"frames", found.counters.frames},
                                   {"lost", found.ledger.lost()},
                                   {"announced", found.ledger.announced()},
                                   {"crc_errors", found.counters.crc_errors},
                                   {"gaps", found.ledger.gaps()}}},
                                 {"bytes", found.bytes},
                                 {"tail_bytes", found.tail.size},
                                 {"ticks", ticks ? to_json(*ticks) : nlohmann::json()},
                                 {"findings", found.findings()}};
    host::print_json(summary);
}

void print_text(const std::string& capture, const CaptureSurvey& found,
                const std::optional<TickTimes>& ticks) {
    std::string text = fmt::format("{}: {}: {} frames, {} lost, {} announced, {} bytes", capture,
                                   verdict_of(found), found.counters.frames, found.ledger.lost(),
                                   found.ledger.announced(), found.bytes);
    if (ticks) {
        text += "\n  " + to_text(*ticks);
    }
    for (const std::string& finding : found.findings()) {
        text += "\n  " + finding;
    }
    print_result(text);
}

int verify(const VerifyOptions& options) {
    CaptureReader reader(options.capture);
    const CaptureSurvey found = survey(reader);
    const std::optional<TickTimes> ticks = ticks_in(options.capture);
    options.json ? print_json(found, ticks) : print_text(options.capture, found, ticks);
    if (found.sound() && found.complete()) {
        return exit_passed;
    }
    const auto findings = found.findings();
    throw HostError(exit_unsound_stream,
                    fmt::format("{}: {}: {}", options.capture, verdict_of(found),
                                findings.empty() ? "no END" : findings.front()));
}

} // namespace

void add_verify(CLI::App& program, Action& chosen) {
    CLI::App* command =
        program.add_subcommand("verify", "Check that a capture is whole and undamaged");
    const auto options = std::make_shared<VerifyOptions>();
    command->add_option("capture", options->capture, "Capture file (.tmf)")->required();
    command->add_flag("--json", options->json, "Print one JSON object");
    command->callback([options, &chosen] { chosen = [options] { return verify(*options); }; });
}

} // namespace tinymf::host
