// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "board.hpp"

namespace tinymf::firmware {

/// Counts steps of a network of two replicas that takes a sample at every step: with nothing to
/// observe, with one observable after the other and with all of them; then what tells the parts of
/// that work from each other, and a network of half the size that observes everything, as a check
/// of their sum (host_tools/plan/observation_work.hpp). 64 neurons where RAM holds the covariances,
/// otherwise 32 or 8, and half as many lags; nothing on boards with less than 16 KiB. In a
/// translation unit of its own: code shared with the plain network would change what the compiler
/// inlines there.
void report_observation(BoardPort& port);

} // namespace tinymf::firmware
