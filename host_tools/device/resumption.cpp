// SPDX-License-Identifier: Apache-2.0
#include "device/resumption.hpp"

#include <fmt/format.h>

#include "base/host_error.hpp"
#include "capture/checkpoint_assembler.hpp"
#include "recording/recording.hpp"
#include "tinymf/checkpoint/header.hpp"

namespace tinymf::host {
namespace {

std::uint64_t parameters_digest(const Experiment& experiment) {
    return experiment.scalar() == experiment::ScalarKind::float32
               ? checkpoint::digest_of_parameters(rounded_to_float(experiment))
               : checkpoint::digest_of_parameters(experiment.parameters);
}

/// The inputs that the checkpoint has felt: one given at its own step may have come after it.
std::vector<LiveInput> inputs_before(const checkpoint::Header& header, const Recording& recording) {
    std::vector<LiveInput> inputs = recording.live_inputs;
    std::erase_if(inputs, [&](const LiveInput& input) {
        return input.step > header.step ||
               (input.step == header.step &&
                held_input_bits(input.value, recording.profile.scalar) != header.held_input);
    });
    return inputs;
}

} // namespace

Resumption resume_from(const std::filesystem::path& capture,
                       std::span<const std::string> overrides) {
    Recording recording = read_recording(capture);
    if (recording.last_checkpoint.empty()) {
        throw HostError(exit_bad_input, fmt::format("{}: no whole checkpoint in it; record with "
                                                    "--snapshot-every or --stop-at",
                                                    recording.file));
    }
    const checkpoint::Header header = *checkpoint::read_header(recording.last_checkpoint);
    Experiment experiment = parse_experiment(recording.metadata.experiment,
                                             recording.file + " (experiment)", overrides);
    if (parameters_digest(experiment) != header.identity.parameters) {
        throw HostError(exit_bad_input,
                        fmt::format("{}: the run goes on with its own parameters; --set may change "
                                    "stream.* only",
                                    recording.file));
    }
    return {.experiment = std::move(experiment),
            .checkpoint = std::move(recording.last_checkpoint),
            .origin = {.capture = recording.file,
                       .step = header.step,
                       .inputs = inputs_before(header, recording)}};
}

} // namespace tinymf::host
