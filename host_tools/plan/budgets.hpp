// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "models/board_info.hpp"
#include "tinymf/experiment/profile.hpp"

namespace tinymf::host {

/// What firmware/budgets.toml says of a board's application image; read from there when this
/// program is configured.
struct BoardBudget {
    std::uint32_t flash = 0;      ///< bytes of code, constants and initial data
    std::uint32_t static_ram = 0; ///< bytes, without the stack
    std::uint32_t stack_reserve = 0;
    std::uint32_t stack_bound = 0; ///< most bytes of stack that can be in use
    /// Bytes of flash that one more profile brings along, by the name of its kind.
    std::map<std::string, std::uint32_t, std::less<>> profile_flash;
    /// Counted under QEMU; empty for boards without emulation.
    std::map<std::string, double, std::less<>> instructions;
};

/// Nothing for a board whose image was not measured yet.
[[nodiscard]] std::optional<BoardBudget> find_budget(std::string_view board);

/// Counts of the board itself, or of an emulated one whose core runs the same instructions; nothing
/// where there is none. `board` is the counted one.
struct CountedInstructions {
    std::string_view board;
    std::map<std::string, double, std::less<>> counts;
};
[[nodiscard]] std::optional<CountedInstructions> instructions_for(const BoardInfo& board);

/// Flash that one more profile of the kind takes: as measured in the board's own image, or else in
/// the image, of those that carry one, where it took most.
[[nodiscard]] std::uint32_t flash_of_profile(const BoardBudget& board,
                                             const experiment::ProfileInfo& profile);

} // namespace tinymf::host
