// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "experiment/experiment.hpp"

namespace tinymf::host {

/// What an experiment sends while it runs: STATE or ROW, OBSERVE and DIGEST frames, at the
/// experiment's own rates. Not in it: the introduction, answers, END.
struct StreamRate {
    double frames = 0; ///< a step, on average over the run
    /// On the line a step, on average over the run: payloads exactly, and for each frame the most
    /// that header, checksum and byte stuffing can take (stream::wire_bound).
    double bytes = 0;
    double payload_bytes = 0; ///< a step, on average over the run
};

[[nodiscard]] StreamRate stream_rate(const Experiment& experiment);

} // namespace tinymf::host
