// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "experiment/experiment.hpp"

namespace tinymf::host {

/// Samples that a network takes of itself in a run, and blocks of them that end within it.
[[nodiscard]] std::uint32_t samples_of_run(const Experiment& experiment);
[[nodiscard]] std::uint32_t blocks_of_run(const Experiment& experiment);

/// Why a run that is to observe itself will tell no estimates: it ends before its first block does.
/// Empty when there is at least one block, or nothing to observe.
[[nodiscard]] std::string observation_note(const Experiment& experiment);

/// Elements of every array that a block sends, in the order of observe::ObservedArray; empty where
/// nothing is observed.
[[nodiscard]] std::vector<std::size_t> observed_arrays_of_block(const Experiment& experiment);

/// Their sum.
[[nodiscard]] std::size_t observed_words(const Experiment& experiment);

} // namespace tinymf::host
