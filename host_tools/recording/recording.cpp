// SPDX-License-Identifier: Apache-2.0
#include "recording/recording.hpp"

#include <fmt/format.h>

#include "base/host_error.hpp"
#include "capture/profile_choice.hpp"
#include "experiment/parameter_bytes.hpp"
#include "recording/run_decoder.hpp"

namespace tinymf::host {
namespace {

Recording read(const std::filesystem::path& path, RunDecoder decoder) {
    CaptureReader reader(path);
    while (const auto captured = reader.next()) {
        decoder.take(*captured);
    }
    return std::move(decoder).finish(reader.metadata(), survey(reader));
}

Recording require_configured(Recording recording) {
    if (!recording.configured) {
        throw HostError(exit_unsound_stream,
                        fmt::format("{}: {}", recording.file, recording.judgement.unsound.front()));
    }
    return recording;
}

} // namespace

std::string to_text(const stream::SaturationFrame& saturation) {
    return fmt::format("{} numbers of 16-bit path histories saturated, the first at step {}",
                       saturation.count, saturation.first_step);
}

Recording read_recording(const std::filesystem::path& path) {
    return require_configured(read(path, RunDecoder(path.string(), Contents::kept)));
}

Recording read_recording(const std::filesystem::path& path, const StateSink& states) {
    return require_configured(read(path, RunDecoder(path.string(), states)));
}

Recording judge_capture(const std::filesystem::path& path) {
    return read(path, RunDecoder(path.string(), Contents::judged_only));
}

std::string judgement_line(const Recording& recording) {
    const Judgement& judgement = recording.judgement;
    const auto& findings = judgement.sound() ? judgement.failures : judgement.unsound;
    std::string line = fmt::format("{}: {}", recording.file, name_of(judgement));
    if (!findings.empty()) {
        line += ": " + findings.front();
    }
    if (findings.size() > 1) {
        line += fmt::format(" (and {} more)", findings.size() - 1);
    }
    return line;
}

void require_passed(const Recording& recording) {
    const Verdict verdict = recording.judgement.verdict();
    if (verdict != Verdict::pass) {
        throw HostError(exit_code_of(verdict), judgement_line(recording));
    }
}

void require_all_inputs(const Recording& recording) {
    const bool live = recording.parameters.stimulus == model::StimulusKind::live;
    if (live && recording.resumed_at && !recording.metadata.resumed) {
        throw HostError(exit_bad_input,
                        fmt::format("{}: it goes on from step {}, and the live inputs before are "
                                    "not in it",
                                    recording.file, *recording.resumed_at));
    }
}

Experiment recorded_experiment(const Recording& recording) {
    Experiment experiment =
        parse_experiment(recording.metadata.experiment, recording.file + " (experiment)");
    const auto expected = recording.profile.scalar == experiment::ScalarKind::float32
                              ? parameter_bytes(rounded_to_float(experiment))
                              : parameter_bytes(experiment.parameters);
    if (!serves(recording.profile, wanted_profile(experiment)) ||
        expected != recording.parameter_bytes) {
        throw HostError(exit_unsound_stream,
                        fmt::format("{}: the experiment it names is not the one the device ran",
                                    recording.file));
    }
    return experiment;
}

} // namespace tinymf::host
