// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace tinymf::host {

/// Instructions of a step. Both are without what interrupts of the line take.
struct StepWork {
    double average = 0.0; ///< over a run
    /// Of the step that does most: it takes a sample and ends a block, or draws static noise anew;
    /// with the average's share of sending, which is spread over the steps that follow.
    double longest = 0.0;
};

} // namespace tinymf::host
