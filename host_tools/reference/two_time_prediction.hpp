// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "equations/two_time_solution.hpp"
#include "experiment/experiment.hpp"
#include "theory/prediction.hpp"

namespace tinymf::host {

/// C_x and C_phi among some times of an experiment, network or mean field, from its own initial law
/// and on its own time grid: exact theory of N -> infinity, where there is one.
struct TwoTimePrediction {
    std::vector<double> times;
    /// Among `times`; without responses.
    Quantity<TwoTimeArrays> value;
};

/// `times`, in time constants, are rounded to steps of the experiment; throws HostError (exit code
/// 2) for one beyond its end. Solved up to the latest of them.
[[nodiscard]] TwoTimePrediction predict_two_time(const Experiment& experiment,
                                                 const std::vector<double>& times);

/// Adds `two_time` to the JSON object of `tinymf theory`, and to its `notes` the reason for nulls.
void add_two_time(const TwoTimePrediction& prediction, nlohmann::json& all);

/// A table: t, C_x(t,t), C_phi(t,t).
[[nodiscard]] std::string to_text(const TwoTimePrediction& prediction);

} // namespace tinymf::host
