// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <span>
#include <string_view>

#include "fuzz/temporary_folder.hpp"
#include "tinymf/assert.hpp"

namespace tinymf::fuzz {

/// The bytes as a file of that name, which the next one of the name takes the place of.
inline std::filesystem::path scratch_file(std::string_view name,
                                          std::span<const std::uint8_t> bytes) {
    std::filesystem::path path = temporary_folder() / name;
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file.write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
    file.close();
    TINYMF_ASSERT(file.good());
    return path;
}

} // namespace tinymf::fuzz
