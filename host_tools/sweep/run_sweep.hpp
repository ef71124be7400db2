// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "sweep/sweep.hpp"
#include "sweep/sweep_folder.hpp"

namespace tinymf::host {

struct SweepRequest {
    unsigned workers = 1;
    bool keep_captures = false;
};

/// Outcomes by name: numbers, texts or null. The first job of a point has the theory's as well,
/// under "theory."; a run that failed has "failure", the reason, and nothing else of its own.
using JobOutcomes = nlohmann::json;

/// Runs every job that the folder does not hold yet, each on an emulated board of its own, and
/// returns the outcomes of all of them in the order of their numbers. These depend on the sweep and
/// the build alone, not on workers, earlier interruptions or the order in which jobs end. Throws
/// HostError when a job cannot be carried out. Memory: 25 MB a worker and its run's states.
[[nodiscard]] std::vector<JobOutcomes> run_sweep(const Sweep& sweep, const SweepFolder& folder,
                                                 const SweepRequest& request);

} // namespace tinymf::host
