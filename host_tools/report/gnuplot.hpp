// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace tinymf::host {

/// Runs a gnuplot script that draws one plot and returns the drawing as an <svg> element, ready to
/// stand in a page among others: `name` is put before its ids, and it scales with its container.
/// The script must not choose a terminal. Throws HostError when gnuplot is missing (exit_bad_input)
/// or refuses the script.
[[nodiscard]] std::string draw_svg(std::string_view name, int width, int height,
                                   std::string_view script);

} // namespace tinymf::host
