// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "sweep/run_sweep.hpp"
#include "sweep/sweep.hpp"

namespace tinymf::host {

/// A number over the seeds of one point. Unknown where no run gave it, the error also where only
/// one did.
struct SeedAverage {
    std::optional<double> mean;
    std::optional<double> standard_error; ///< sd / sqrt(runs)
};

/// What a sweep found, reduced in the order of its jobs.
struct SweepResult {
    struct Point {
        std::vector<SeedAverage> run;       ///< for each of run_names
        std::vector<nlohmann::json> theory; ///< for each of collect.theory
        std::size_t failures = 0;
    };

    Sweep sweep;
    std::vector<JobOutcomes> jobs;
    std::vector<std::string> run_names; ///< those of collect.run that are numbers
    std::vector<Point> points;

    [[nodiscard]] std::size_t failures() const;
};

[[nodiscard]] SweepResult reduce(Sweep sweep, std::vector<JobOutcomes> jobs);

// Byte for byte a function of the result. Numbers are the shortest that read back as the same bits;
// what is unknown is empty in CSV and null in JSON.

/// A line for each point: axes, runs that failed, mean and standard error of each outcome, theory.
[[nodiscard]] std::string points_csv(const SweepResult& result);

/// A line for each job: point, axes, seed, outcomes, the reason of a failure.
[[nodiscard]] std::string jobs_csv(const SweepResult& result);

[[nodiscard]] nlohmann::json to_json(const SweepResult& result);

/// The points for a reader at a terminal.
[[nodiscard]] std::string to_text(const SweepResult& result);

} // namespace tinymf::host
