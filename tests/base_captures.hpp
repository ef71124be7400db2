// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "device/emulated_board.hpp"
#include "device/recorded_run.hpp"
#include "forged_capture.hpp"
#include "unit/capture_files.hpp"

namespace tinymf::test {

/// A small run that tests begin with.
struct BaseRun {
    std::string_view name;
    std::string_view experiment;
    host::SessionOptions options{};
};

inline constexpr std::string_view two_replicas = "schema = 1\n"
                                                 "[model]\nsteps = 40\ngain = 1.5\nnoise = 0.5\n"
                                                 "[network]\nneurons = 256\nreplicas = 2\n"
                                                 "[stream]\nstate_every = 20\ndigest_every = 15\n";

inline constexpr std::string_view observing =
    "schema = 1\n"
    "[model]\nsteps = 60\ngain = 1.5\nnoise = 0.5\n"
    "[network]\nneurons = 16\nreplicas = 2\n"
    "[stream]\nstate_every = 0\ndigest_every = 0\nobserve_every = 2\nobserve_after = 5\n"
    "observe_block = 8\nobserve_lags = 4\nobserve_window = 4\n"
    "observe = [\"moments\", \"autocorrelation\", \"response\", \"participation\", "
    "\"covariance\", \"lyapunov\", \"settling\"]\n";

inline constexpr std::string_view live = "schema = 1\n"
                                         "[model]\nsteps = 60\ngain = 2.0\n"
                                         "[network]\nneurons = 16\n"
                                         "[stimulus]\nkind = \"live\"\n"
                                         "[stream]\nstate_every = 10\ndigest_every = 7\n";

inline constexpr std::string_view two_populations =
    "schema = 1\n"
    "[model]\nkind = \"mean_field\"\ngain = 1.2\nnoise = 0.5\ndt = 0.1\nreciprocity = 0.5\n"
    "[mean_field]\nmethod = \"forward\"\npoints = 16\ntrajectories = 32\n"
    "storage = \"fixed16\"\npopulations = 2\nrow_every = 3\n";

inline constexpr std::string_view closure =
    "schema = 1\n"
    "[model]\nkind = \"mean_field\"\ngain = 1.2\nnoise = 0.5\ndt = 0.1\nsteps = 30\n"
    "[mean_field]\nmethod = \"gaussian_closure\"\npoints = 60\nscalar = \"float64\"\n"
    "[stream]\ndigest_every = 10\n";

inline constexpr std::string_view lags = "schema = 1\n"
                                         "[model]\nkind = \"mean_field\"\ngain = 1.5\nsteps = 12\n"
                                         "[mean_field]\nmethod = \"stationary\"\n";

inline constexpr std::string_view growing = "schema = 1\n"
                                            "[model]\nactivation = \"linear\"\ngain = 100.0\n"
                                            "dt = 1.0\nsteps = 60\n"
                                            "[network]\nneurons = 16\n"
                                            "[stream]\nstate_every = 4\ndigest_every = 5\n";

/// A capture of the run at `path`, whether the run failed or not.
inline void record_base(const BaseRun& run, const std::filesystem::path& path) {
    const host::Experiment experiment = host::parse_experiment(run.experiment, "base.toml");
    host::EmulatedBoard board;
    try {
        static_cast<void>(host::record_run(experiment, board, run.options, "emulation", path,
                                           host::RunProgress::hidden));
    } catch (const host::HostError&) {
        // A failed run leaves its capture.
    }
}

/// Captures of one experiment, in a folder of their own.
class CapturedRuns {
public:
    explicit CapturedRuns(std::string_view experiment) : experiment_{experiment} {}

    /// Path of a new capture of the experiment with these overrides.
    [[nodiscard]] std::string capture(const std::vector<std::string>& overrides,
                                      const host::SessionOptions& options = {},
                                      const std::string& name = "run.tmf") const {
        const host::Experiment experiment =
            host::parse_experiment(experiment_, "base.toml", overrides);
        host::EmulatedBoard board;
        static_cast<void>(
            host::record_run(experiment, board, options, "emulation", folder_ / name));
        return path(name);
    }
    [[nodiscard]] std::string path(const std::string& name) const { return folder_ / name; }

private:
    std::string_view experiment_;
    TestFolder folder_;
};

/// A realtime run of which data frames `first` to `first + count - 1` were dropped and announced.
inline ForgedCapture with_gap(ForgedCapture capture, std::size_t first, std::uint32_t count) {
    const std::size_t at = capture.find(stream::Kind::state, 0) + first;
    ForgedFrame gap{.kind = static_cast<std::uint8_t>(stream::Kind::gap), .payload = {}};
    gap.payload.resize(8);
    gap.put(0, 4, capture.frames[at].get(0, 4)); // STATE and DIGEST begin with their step
    gap.put(4, 4, count);
    for (std::uint32_t i = 0; i < count; ++i) {
        capture.erase(at);
    }
    capture.insert(at, gap);
    ForgedFrame& end = capture.frame(stream::Kind::end);
    end.put(21, 4, end.get(21, 4) + count);
    capture.renumber();
    return capture;
}

} // namespace tinymf::test
