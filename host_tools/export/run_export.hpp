// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "recording/recording.hpp"

namespace tinymf::host {

/// Writes the recording's arrays, complete or not at all, in the format that the file's name ends
/// with. Throws HostError (exit_bad_input) when it is neither .npz nor .csv.
void export_recording(const Recording& recording, const std::filesystem::path& path);

/// `t`[T] in tau, `step`[T], `x`[T,N] in the run's own scalar (a second replica: `x_replica_1`,
/// with its own t and step where some of its states are missing), `digest_step`[D], `digest`[D],
/// where there are live inputs `input_step` and `input`, where the board keeps times
/// `timing_samples`, `timing_least`, `timing_most`, `timing_total`[P] and `timing_histogram`[P,32]
/// of the phases of a step, and `metadata` (JSON text).
void export_npz(const Recording& recording, const std::filesystem::path& path);

/// A line for each state and replica: step, t, replica, x0 ... x(N-1). Numbers are the shortest
/// that read back as the same bits. The heading gives the units.
[[nodiscard]] std::string csv_text(const Recording& recording);

/// A field of a comma-separated file, in quotes where it needs them (RFC 4180).
[[nodiscard]] std::string csv_field(std::string_view text);

} // namespace tinymf::host
