// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "arrays/array.hpp"
#include "export/state_source.hpp"
#include "recording/recording.hpp"

namespace tinymf::host {

/// Writes the recording's arrays with states from `states`, complete or not at all, in the format
/// that the file's name ends with; of .csv, a table of states or rows, and OUT.NAME.csv for every
/// array NAME that it does not hold ("-": the table alone, on standard output). Throws HostError
/// (exit_bad_input) when it is neither .npz nor .csv, or when a table beside it would, without
/// `force`, take the place of a file of another kind.
void export_recording(const Recording& recording, const StateSource& states,
                      const std::filesystem::path& path, bool force = false);

/// All arrays of a run, as an archive holds them; those of states as streams (array.hpp). Of a
/// network: `t`[T] in tau, `step`[T], `x`[T,N] in the run's own scalar (a second replica:
/// `x_replica_1`, with its own t and step where some of its states are missing) and the estimates
/// (observed_arrays.hpp); of a mean field its rows (mean_field_arrays.hpp). `digest_step`[D],
/// `digest`[D]; where there are live inputs `input_step` and `input`; where the board keeps times
/// `timing_samples`, `timing_least`, `timing_most`, `timing_total`[P] and `timing_histogram`[P,32]
/// of the phases of a step.
[[nodiscard]] std::vector<NamedArray> run_arrays(const Recording& recording,
                                                 const StateSource& states);

/// A line for each state and replica: step, t, replica, x0 ... x(N-1); of a mean field its rows.
/// Numbers are the shortest that read back as the same bits. The heading gives the units.
void visit_csv(const Recording& recording, const StateSource& states, const ByteSink& sink);

/// A field of a comma-separated file, in quotes where it needs them (RFC 4180).
[[nodiscard]] std::string csv_field(std::string_view text);

} // namespace tinymf::host
