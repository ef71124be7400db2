// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "tinymf/experiment/profile.hpp"

namespace tinymf::host {

/// What firmware/boards/<name> says of a board; read from there when this program is configured.
struct BoardInfo {
    std::string_view name;
    std::string_view core;
    std::uint32_t clock_hz;
    std::uint32_t flash_bytes;
    std::uint32_t ram_bytes;
    std::string_view label; ///< what its image ran on in tests
    std::string_view qemu;  ///< emulator's command line without image and serial; may be empty
    /// As the board's image announces them.
    std::vector<experiment::ProfileInfo> profiles;
};

[[nodiscard]] std::span<const BoardInfo> boards();

/// The board of that name, or nullptr.
[[nodiscard]] const BoardInfo* find_board(std::string_view name);

} // namespace tinymf::host
