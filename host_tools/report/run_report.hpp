// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "compare/comparison.hpp"

namespace tinymf::host {

/// One self-contained page about one or more compared runs: verdicts, what ran where, plots, and
/// the stream's ledger. Throws HostError as draw_svg.
[[nodiscard]] std::string run_report(std::span<const Comparison> comparisons);

/// Writes it, complete or not at all.
void write_run_report(const std::filesystem::path& path, std::span<const Comparison> comparisons);

} // namespace tinymf::host
