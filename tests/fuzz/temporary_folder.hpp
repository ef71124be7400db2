// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

#include "tinymf/assert.hpp"

namespace tinymf::fuzz {

/// A folder for as long as the fuzzer lives; the campaign removes what is in it.
inline const std::filesystem::path& temporary_folder() {
    static const std::filesystem::path path = [] {
        std::string name = std::filesystem::temp_directory_path() / "tinymf-fuzz-XXXXXX";
        TINYMF_ASSERT(::mkdtemp(name.data()) != nullptr);
        return std::filesystem::path(name);
    }();
    return path;
}

} // namespace tinymf::fuzz
