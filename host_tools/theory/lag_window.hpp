// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "equations/time_scheme.hpp"
#include "theory/autocorrelation.hpp"

namespace tinymf::host {

// Where an iteration for C_x on a window of lags begins, without reciprocity and for any drive but
// a static one: the continuum's C_x, of which coloured noise takes that of white noise.

/// False when no continuum state exists that moves. Coloured noise may move where white noise of
/// the same strength would have no stationary state.
[[nodiscard]] bool may_move(const experiment::Parameters<double>& parameters, const Drive& drive);

/// White noise that moves a neuron without couplings as much as coloured noise; other drives as
/// they are.
[[nodiscard]] Autocorrelation continuum_guess(const experiment::Parameters<double>& parameters,
                                              const Drive& drive);

/// Lags, in time constants, until C_x has decayed to rounding, 1e-14 of itself; of rates below
/// 1/1000 so much as of that.
[[nodiscard]] double lag_window(double decay_rate);

/// The same of the guess.
[[nodiscard]] double guessed_window(const experiment::Parameters<double>& parameters,
                                    const Drive& drive);

} // namespace tinymf::host
