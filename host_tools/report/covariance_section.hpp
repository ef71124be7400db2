// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "recording/recording.hpp"

namespace tinymf::host {

/// The part of the page on the eigenvalues of the covariance matrices that a network streamed;
/// empty where it streamed none. `run` numbers the runs of a page. Throws HostError as draw_svg.
[[nodiscard]] std::string covariance_section(const Recording& recording, std::size_t run);

} // namespace tinymf::host
