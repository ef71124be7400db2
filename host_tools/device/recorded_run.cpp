// SPDX-License-Identifier: Apache-2.0
#include "device/recorded_run.hpp"

#include <optional>

#include "base/progress.hpp"
#include "capture/capture_writer.hpp"

namespace tinymf::host {

RecordedRun record_run(const Experiment& experiment, ByteLink& link, const SessionOptions& options,
                       const std::string& source, const std::filesystem::path& output,
                       RunProgress visibility, const std::optional<ResumedRun>& resumed) {
    std::optional<CaptureWriter> capture;
    const CaptureMetadata metadata{
        .experiment = experiment.text,
        .source = source,
        .delivery = options.delivery == stream::Delivery::lossless ? "lossless" : "realtime",
        .host_tool = host_tool_facts(),
        .resumed = resumed,
    };
    Session session(experiment, link, options, [&](std::span<const std::uint8_t> bytes) {
        if (!capture) {
            capture.emplace(output, metadata);
        }
        capture->append(bytes);
    });
    RecordedRun run;
    {
        std::optional<Progress> progress;
        if (visibility == RunProgress::shown) {
            progress.emplace(experiment.name, last_step_of(experiment));
            session.on_step([&progress](std::uint32_t step) { progress->show(step); });
        }
        session.on_silence([&capture] {
            if (capture) {
                capture->flush();
            }
        });
        run.end = session.run();
        run.failure = session.failure();
    }
    run.board = session.device().board;
    run.tick = session.tick();
    run.bytes = capture->bytes();
    capture->close();
    return run;
}

} // namespace tinymf::host
