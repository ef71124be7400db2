// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "experiment/experiment.hpp"
#include "plan/budgets.hpp"
#include "plan/stream_rate.hpp"

namespace tinymf::host {

/// Instructions of a step. Both are without what interrupts of the line take.
struct StepWork {
    double average = 0.0; ///< over a run
    /// Of the step that does most: it takes a sample and ends a block, or draws static noise anew;
    /// with the average's share of sending, which is spread over the steps that follow.
    double longest = 0.0;
};

/// Instructions of a step, from counted parts. Of a network:
///
///     stages (N^2 term + N activation) + N update + draws N normal + words digest_word + bytes
///     frame_byte
///
/// where the update is what remains of a counted step of the same integrator, and what observing
/// adds (observation_of_step). Of a forward sampler: paths (a + b t) for row t, the two numbers
/// from counted runs. Not in it: interrupts of the line. Soft-float instructions depend on the
/// numbers, so that other parameters move the figure. Nothing for what was not counted: float64,
/// and the other mean-field methods.
[[nodiscard]] std::optional<StepWork> instructions_of_step(const Experiment& experiment,
                                                           const CountedInstructions& counted,
                                                           const StreamRate& stream);

} // namespace tinymf::host
