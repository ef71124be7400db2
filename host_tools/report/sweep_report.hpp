// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "sweep/sweep_result.hpp"

namespace tinymf::host {

/// One self-contained page: the plots that the sweep file asks for, a table of all points, and the
/// files. Throws HostError as draw_svg.
[[nodiscard]] std::string sweep_report(const SweepResult& result);

/// Writes it, complete or not at all.
void write_sweep_report(const std::filesystem::path& path, const SweepResult& result);

} // namespace tinymf::host
