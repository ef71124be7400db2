// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>

#include <nlohmann/json_fwd.hpp>

#include "base/file_descriptor.hpp"

namespace tinymf::host {

/// Where a sweep keeps its jobs and its results, and what makes it resumable:
///
///     jobs/000017.json   what job 17 found, and what it depended on
///     jobs/000017.tmf    its capture, while it runs or where captures are kept
///     sweep.json         which sweep this is
///     points.csv  jobs.csv  results.json
///
/// A record appears complete or not at all and carries a checksum; one that cannot be read, that
/// was altered, or that belongs to another job, experiment or build, counts as absent.
class SweepFolder {
public:
    /// Makes the folder where there is none, and holds it against other sweeps until destruction.
    /// `sweep` tells it from others (Sweep::identity). Throws HostError (exit_bad_input) when that
    /// cannot be, or when the folder holds another sweep's results and `force` does not give them
    /// up.
    SweepFolder(std::filesystem::path folder, const nlohmann::json& sweep, bool force = false);

    [[nodiscard]] std::filesystem::path result(std::string_view name) const {
        return folder_ / name;
    }
    [[nodiscard]] std::filesystem::path capture(std::size_t job) const;

    /// What the job found, if it was recorded with the same `identity`: all that its outcomes
    /// depend on.
    [[nodiscard]] std::optional<nlohmann::json> find(std::size_t job,
                                                     const nlohmann::json& identity) const;

    void record(std::size_t job, const nlohmann::json& identity,
                const nlohmann::json& outcomes) const;

private:
    [[nodiscard]] std::filesystem::path record_path(std::size_t job) const;
    void claim(const nlohmann::json& sweep, bool force) const;
    [[nodiscard]] bool holds_results() const;
    void remove_unfinished_records() const;

    std::filesystem::path folder_;
    FileDescriptor lock_;
};

} // namespace tinymf::host
