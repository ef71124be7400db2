// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "recording/observed_statistics.hpp"
#include "theory/prediction.hpp"

namespace tinymf::host {

/// Time for which noise stays what it is, in tau: zero where it changes from step to step, or is
/// none.
[[nodiscard]] double noise_lifetime(const experiment::Parameters<double>& parameters);

/// Time for which a neuron's activity remembers itself, in tau: of its leak, of the slowest mode
/// that theory knows, or of what lasts longer, noise that stays (static: for ever, or until it is
/// drawn anew).
[[nodiscard]] double memory_of(const experiment::Parameters<double>& parameters,
                               const Prediction& prediction);

/// What follows the origin of errors, where activity outlasts the blocks.
inline constexpr std::string_view scatter_of_neurons =
    "; activity that outlasts them: scatter of single neurons over root N";

/// Blocks of one run joined to such that hold six memories each, which scatter as independent ones
/// do; nothing where fewer than four of them remain.
[[nodiscard]] std::optional<ObservedUnits> independent_blocks(const ObservedUnits& observed,
                                                              double memory);

/// Where activity outlasts the blocks of one network's run, each neuron stays what it was drawn as,
/// and blocks do not tell how far averages over N neurons are off: by the scatter of single neurons
/// over sqrt(N). Relative to the averages themselves, at most (less, where a part of a neuron's
/// activity moves).
struct LastingActivity {
    double state = 0.0;  ///< of <x^2>
    double output = 0.0; ///< of <phi^2>
    double slope = 0.0;  ///< of <phi'>, and of a response
    double growth = 0.0; ///< of g sqrt<phi'^2> = lambda + 1, absolute
};

/// Nothing where theory knows no variance.
[[nodiscard]] std::optional<LastingActivity>
lasting_activity(std::size_t neurons, const experiment::Parameters<double>& parameters,
                 const Prediction& prediction);

} // namespace tinymf::host
