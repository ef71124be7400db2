// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "experiment/experiment.hpp"
#include "experiment/override.hpp"

namespace tinymf::host {

/// One value of a key that a sweep varies: as it is shown in results, and what sets it.
struct SweepValue {
    nlohmann::json shown;
    Override given;
};

/// One key and all its values.
struct SweepAxis {
    std::string key;
    std::vector<SweepValue> values;
};

/// What is kept of every job and every point.
struct Collection {
    std::vector<std::string> run;    ///< names of outcome.hpp; empty: nothing is run
    double after = 0.0;              ///< states before this time, in tau, are left out
    std::vector<std::string> theory; ///< dotted names of `tinymf theory --json`, one number each
    bool discrete = false;           ///< theory of the experiment's own integrator and dt
};

/// One drawing: columns of the results over one axis, a line for each value of the other axes.
struct SweepPlot {
    std::size_t axis = 0;
    std::vector<std::string> columns;
    bool logarithmic_x = false;
    bool logarithmic_y = false;
};

/// A parameter grid around one experiment. The points are all combinations of the axes' values, the
/// last axis fastest; each point has as many jobs as there are seeds, numbered point by point.
///
/// Read from a TOML file, schema 1:
///
///     experiment = "../noisy_linear.toml"   # beside the sweep file
///     seed  = 1                             # all jobs' seeds follow from it
///     seeds = 8                             # jobs at every point
///     [set]                                 # overrides of the experiment
///     model.steps = 4000
///     [grid]                                # axes, in the order of the results
///     model.gain = { from = 0.1, to = 0.9, count = 9 }     # or spacing = "logarithmic"
///     model.reciprocity = [-0.5, 0.0, 0.5]
///     [collect]
///     run = ["states.Cx0", "digest"]
///     after = 20.0
///     theory = ["stationary.Cx0"]
///     discrete = true
///     [[plot]]
///     x = "model.gain"
///     y = ["states.Cx0", "theory.stationary.Cx0"]
///     logarithmic = ["y"]
struct Sweep {
    std::string name;
    std::string source; ///< where it was read from, for messages
    std::string text;   ///< the file
    std::filesystem::path experiment_file;
    std::string experiment_text;
    std::vector<Override> fixed;
    std::vector<SweepAxis> axes;
    std::uint64_t seed = 1;
    std::uint32_t seeds = 1;
    Collection collect;
    std::vector<SweepPlot> plots;

    /// All that its results depend on, the build apart: tells it from other sweeps. Drawings and
    /// comments are no part of it.
    [[nodiscard]] nlohmann::json identity() const;

    [[nodiscard]] std::size_t points() const;
    [[nodiscard]] std::size_t jobs() const { return points() * seeds; }

    /// The value that each axis has at a point.
    [[nodiscard]] std::vector<const SweepValue*> values_at(std::size_t point) const;

    /// The experiment of a job. Throws HostError (exit code 2) with the place in the sweep file of
    /// a value that cannot be.
    [[nodiscard]] Experiment experiment_of(std::size_t job) const;

    /// derived_seed of the sweep's seed and the job's number.
    [[nodiscard]] std::uint64_t seed_of(std::size_t job) const;
};

// What the keys of a sweep file may be: for its reader, and for its schema.
inline constexpr std::uint32_t sweep_schema_version = 1;
inline constexpr std::size_t longest_path = 1024;
inline constexpr std::size_t most_sweep_jobs = 100'000;
inline constexpr std::uint32_t most_sweep_values = 10'000; ///< of one key
inline constexpr double largest_sweep_end = 1e12;          ///< of a range, either way
inline constexpr double latest_collection = 1e9;           ///< in tau
inline constexpr std::array<std::string_view, 2> spacings{"linear", "logarithmic"};
inline constexpr std::array<std::string_view, 2> plot_directions{"x", "y"};

/// Reads and validates a sweep and the experiments of all its jobs, and that this program has a
/// profile for each. `overrides` are the command line's, of the experiment; they come last. Throws
/// HostError (exit code 2), one line for each problem of the file or of the first job that has one.
[[nodiscard]] Sweep load_sweep(const std::filesystem::path& file,
                               std::span<const std::string> overrides = {});

} // namespace tinymf::host
