// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace tinymf::host {

/// One `section.key=value` from outside an experiment file, where the value is TOML or a bare word
/// for a string.
struct Override {
    std::string assignment;
    std::string place; ///< how messages name where it was given

    [[nodiscard]] static Override on_command_line(const std::string& assignment);
};

} // namespace tinymf::host
