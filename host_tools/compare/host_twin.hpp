// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "compare/bit_comparison.hpp"

namespace tinymf::host {

/// Runs the recorded experiment again on this machine, by the same engine, with the configuration
/// that the device echoed and the live inputs at the steps at which it took them, and compares
/// every recorded state, digest and checkpoint bit for bit; a run that was resumed from its very
/// beginning. Stops at the first difference. Throws HostError
/// (exit_bad_input) when this program has no such profile.
[[nodiscard]] BitComparison compare_with_host_twin(const Recording& recording);

} // namespace tinymf::host
