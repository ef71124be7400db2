// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "recording/recording.hpp"

namespace tinymf::host {

/// A mean field's part of the page: its plots with headings. `run` numbers the runs of a page. A
/// run that did not tell enough rows gets a sentence instead. Throws HostError as draw_svg.
[[nodiscard]] std::string mean_field_section(const Recording& recording, std::size_t run);

} // namespace tinymf::host
