// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace tinymf::host {

/// Runs a gnuplot script that draws one plot and returns the drawing as an <svg> element, ready to
/// stand in a page among others: `name` is put before its ids, and it scales with its container.
/// The script must not choose a terminal. It goes through a pipe, so no file is made, and neither
/// the user's start-up file nor the environment reaches it. Throws HostError (exit_bad_input) when
/// gnuplot is missing, or with its own reason when it refuses the script.
[[nodiscard]] std::string draw_svg(std::string_view name, int width, int height,
                                   std::string_view script);

} // namespace tinymf::host
