// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "board.hpp"

namespace tinymf::firmware {

/// Counts steps of a network of two replicas that takes a sample at every step, with nothing, with
/// one observable after the other and with all of them; 64 neurons where RAM holds the covariances,
/// otherwise 8, and half as many lags; nothing on boards with less than 16 KiB. In a translation
/// unit of its own: code shared with the plain network would change what the compiler inlines
/// there.
void report_observation(BoardPort& port);

} // namespace tinymf::firmware
