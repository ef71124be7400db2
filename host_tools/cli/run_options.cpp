// SPDX-License-Identifier: Apache-2.0
#include "cli/run_options.hpp"

#include <array>
#include <cmath>
#include <filesystem>
#include <limits>
#include <memory>
#include <span>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/host_error.hpp"
#include "base/standard_streams.hpp"
#include "cli/output_path.hpp"
#include "device/controller.hpp"
#include "device/resumption.hpp"
#include "experiment/live_input.hpp"
#include "plan/observed_blocks.hpp"
#include "recording/recording.hpp"
#include "tinymf/experiment/fields.hpp"

namespace tinymf::host {
namespace {

constexpr double microseconds_per_ms = 1000.0;
/// Times --patience: as long as a device has in all.
constexpr int controller_answers = 5;

} // namespace

void RunOptions::declare(Command command) {
    Option file = experiment.declare(command).required(false);
    command
        .add_option("--resume", resume,
                    "Instead of an experiment: the capture whose last checkpoint the run goes on "
                    "from")
        .type_name("RUN.tmf")
        .excludes(file);
    command
        .add_option("-o,--output", output,
                    "Capture file to write (.tmf); default: in out/, by the experiment's name")
        .type_name("RUN.tmf");
    Option live =
        command
            .add_option("--input", inputs,
                        "Values for a live stimulus: rows step,value, each held from its step on")
            .type_name("FILE.csv");
    constexpr auto most_steps = std::numeric_limits<std::uint32_t>::max();
    Option snapshots = command
                           .add_option("--snapshot-every", snapshot_every,
                                       "Record a checkpoint after every so many steps; 0: none")
                           .type_name("STEPS")
                           .between(0U, most_steps);
    Option stop =
        command.add_option("--stop-at", stop_at, "End the run at this step, with a checkpoint")
            .type_name("STEP")
            .between(1U, most_steps);
    command
        .add_option("--controller", controller,
                    "Program that closes a loop: reads a line 'step x0 x1 ...' for every state, "
                    "writes a line with the input that shall act from then on. Its words are "
                    "parted by blanks, with '...', \"...\" and \\ as in a shell, but no shell runs")
        .excludes(live)
        .type_name("COMMAND");
    command
        .add_flag("--realtime", realtime,
                  "Never wait for the host: drop and announce whole frames instead")
        .excludes(live)
        .excludes(snapshots)
        .excludes(stop);
    const float longest_us = experiment::info(experiment::Field::tick_period).highest;
    Option tick = command
                      .add_option("--tick-ms", tick_ms,
                                  "Milliseconds a step, in whole microseconds; 0: untimed")
                      .zero_or_between(1.0 / microseconds_per_ms,
                                       static_cast<double>(longest_us) / microseconds_per_ms);
    command
        .add_option("--deadline", deadline,
                    "When a tick passes without a step: late counts it and goes on, stop ends the "
                    "run")
        .one_of({"late", "stop"})
        .show_default()
        .needs(tick);
    command
        .add_option("--patience", answer_seconds,
                    "Seconds to wait for an answer of the device before asking again; five times. "
                    "A controller gets five times as long at once")
        .between(0.01, 3600.0)
        .show_default();
    command.add_flag("--json", json, "Print one JSON object");
}

PreparedRun RunOptions::prepare(const std::string& place) const {
    if (experiment.file.empty() && resume.empty()) {
        throw HostError(exit_bad_input, "tinymf: experiment is required, or --resume RUN.tmf");
    }
    PreparedRun run;
    if (resume.empty()) {
        run.experiment = experiment.load();
    } else {
        Resumption resumption = resume_from(resume, experiment.overrides);
        run = {std::move(resumption.experiment), std::move(resumption.checkpoint),
               std::move(resumption.origin)};
    }
    check_stop(run);
    if (const std::string note = observation_note(run.experiment); !note.empty()) {
        say(fmt::format("note: {}: {}", run.experiment.source, note));
    }
    const std::array<std::filesystem::path, 2> read{resume.empty() ? experiment.file : resume,
                                                    inputs};
    run.output = output_or_default(output, run.experiment.name + place +
                                               (resume.empty() ? "" : "-resumed") + ".tmf");
    check_output_path(run.output, std::span(read).first(inputs.empty() ? 1 : 2),
                      {.kind = FileKind::capture});
    return run;
}

void RunOptions::check_stop(const PreparedRun& run) const {
    const std::uint32_t begin = run.resumed ? run.resumed->step : 0;
    const std::uint32_t last = last_step_of(run.experiment);
    if (stop_at && (*stop_at < begin || *stop_at >= last)) {
        throw HostError(exit_bad_input, fmt::format("--stop-at {}: the run begins at step {} and "
                                                    "its last step is {}",
                                                    *stop_at, begin, last));
    }
}

SessionOptions RunOptions::session(std::uint32_t id, const PreparedRun& run) const {
    SessionOptions session{
        .id = id,
        .delivery = realtime ? stream::Delivery::realtime : stream::Delivery::lossless,
        .tick_period_us = static_cast<std::uint32_t>(std::lround(tick_ms * microseconds_per_ms)),
        .deadline =
            deadline == "stop" ? stream::DeadlinePolicy::stop : stream::DeadlinePolicy::late,
        .answer_limit = std::chrono::milliseconds(std::lround(answer_seconds * 1000.0)),
        .inputs = inputs.empty() ? std::vector<LiveInput>{} : load_inputs(inputs, run.experiment),
        .snapshot_every = snapshot_every,
        .stop_at = stop_at,
        .checkpoint = run.checkpoint};
    start_controller(session, run.experiment);
    return session;
}

void RunOptions::start_controller(SessionOptions& session, const Experiment& loaded) const {
    if (controller.empty()) {
        return;
    }
    if (loaded.parameters.stimulus != model::StimulusKind::live ||
        loaded.parameters.state_every == 0) {
        throw HostError(exit_bad_input,
                        loaded.source + ": --controller needs stimulus.kind = \"live\" and states "
                                        "in the stream, stream.state_every > 0");
    }
    const auto program =
        std::make_shared<Controller>(controller, controller_answers * session.answer_limit);
    session.controller = [program](std::uint32_t step, std::span<const double> x) {
        return program->respond(step, x);
    };
}

int RunOptions::report(const PreparedRun& prepared, const RecordedRun& run) const {
    print(prepared, run);
    if (const auto remark = remark_on(run.tick)) {
        say(fmt::format("note: {}: {}", prepared.experiment.source, *remark));
    }
    if (run.failure) {
        say(*run.failure);
        return exit_failed;
    }
    // What the line did to it, and what saturated, shows in the record alone; one that went into a
    // pipe is its reader's.
    if (std::filesystem::is_regular_file(prepared.output)) {
        require_passed(judge_capture(prepared.output));
    }
    return exit_passed;
}

void RunOptions::print(const PreparedRun& prepared, const RecordedRun& run) const {
    const Experiment& loaded = prepared.experiment;
    const auto reason = stream::end_reason_names.at(static_cast<std::size_t>(run.end.reason));
    const std::string digest = fmt::format("{:016x}", run.end.digest);
    const std::string couplings = fmt::format("{:016x}", run.end.couplings_digest);
    if (json) {
        nlohmann::json summary{{"name", loaded.name},
                               {"board", run.board},
                               {"end", reason},
                               {"steps", run.end.step},
                               {"digest", digest},
                               {"couplings_digest", couplings},
                               {"capture", prepared.output},
                               {"stream_bytes", run.bytes},
                               {"dropped_frames", run.end.dropped_frames}};
        summary["tick"] = to_json(run.tick);
        summary["ticks"] = run.end.ticks ? to_json(*run.end.ticks) : nlohmann::json();
        print_json(summary);
        return;
    }
    std::string text = fmt::format("{}: {} after {} steps on {}\n  states    {}\n  couplings {}\n"
                                   "  {} bytes of stream, {} frames dropped, in {}",
                                   loaded.name, reason, run.end.step, run.board, digest, couplings,
                                   run.bytes, run.end.dropped_frames, prepared.output);
    if (run.tick.asked_us != 0) {
        text += "\n  a tick of " + to_text(run.tick);
    }
    if (run.end.ticks) {
        text += "\n  " + to_text(*run.end.ticks);
    }
    print_result(text);
}

} // namespace tinymf::host
