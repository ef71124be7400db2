// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "tinymf/experiment/parameters.hpp"

namespace tinymf::host {

/// Why a linear network's activity grows without bound: its gain is not below the critical gain
/// 1 / (1 + reciprocity), where the elliptic spectrum of the couplings reaches 1. Empty for stable
/// and for nonlinear networks.
[[nodiscard]] std::string linear_instability(const experiment::Parameters<double>& parameters);

} // namespace tinymf::host
