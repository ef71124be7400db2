// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "cavity/cavity_check.hpp"

namespace tinymf::host {

/// One self-contained page: the reaction against the memory term for each size, the residual over
/// N, and every number beside its prediction. Throws HostError as draw_svg.
[[nodiscard]] std::string cavity_report(const CavityCheck& check);

/// Writes it, complete or not at all.
void write_cavity_report(const std::filesystem::path& path, const CavityCheck& check);

} // namespace tinymf::host
