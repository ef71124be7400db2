// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "experiment/experiment.hpp"
#include "recording/recording.hpp"

namespace tinymf::host {

/// One number or word that a sweep keeps of a run.
struct Outcome {
    std::string_view name;
    std::string_view meaning;

    /// Why an experiment has no such outcome; empty where it has.
    std::function<std::string(const Experiment&)> missing;

    /// A number, text, or null where the run did not give it. `after` is the time, in tau, from
    /// which on states count.
    std::function<nlohmann::json(const Recording&, double after)> value;
};

/// All of them. One more: a line in the table of outcome.cpp.
[[nodiscard]] std::span<const Outcome> all_outcomes();

/// The one of that name; it must exist.
[[nodiscard]] const Outcome& outcome_named(std::string_view name);

/// Dotted names of the numbers in `tinymf theory --json`, which are the theory's outcomes.
[[nodiscard]] std::span<const std::string> theory_names();

} // namespace tinymf::host
