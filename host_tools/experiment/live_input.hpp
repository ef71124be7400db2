// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

#include "experiment/experiment.hpp"

namespace tinymf::host {

/// A live input: the value that acts on the step from `step` to `step` + 1 and on all later ones.
struct LiveInput {
    std::uint32_t step = 0;
    double value = 0.0;

    friend bool operator==(const LiveInput&, const LiveInput&) = default;
};

/// The live inputs of a file of at most 1 MiB: rows `step,value`, steps strictly ascending and
/// before the experiment's last, the value held from that step on; the first row may be the
/// heading `step,value`. As spreadsheets write it: a byte-order mark, quotes and blanks around
/// cells, a plus before a number, empty cells and carriage returns at the end of a row do no harm.
/// "-" is standard input. Throws HostError (exit code 2) naming the first line that is wrong, or
/// the experiment when its stimulus is not live.
[[nodiscard]] std::vector<LiveInput> load_inputs(const std::filesystem::path& file,
                                                 const Experiment& experiment);

/// As load_inputs, from text already in memory; `source` names it in messages.
[[nodiscard]] std::vector<LiveInput> parse_inputs(std::string_view text, std::string_view source,
                                                  const Experiment& experiment);

} // namespace tinymf::host
