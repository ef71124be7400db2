// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "tinymf/experiment/profile.hpp"

namespace tinymf::host {

/// What this program's own engine carries, in the order of its profile numbers; for all who need
/// no engine.
[[nodiscard]] std::span<const experiment::ProfileInfo> host_profiles();

} // namespace tinymf::host
