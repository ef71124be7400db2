// SPDX-License-Identifier: Apache-2.0
#include "boards/board_info.hpp"

#include <algorithm>

#include "tinymf/network/network.hpp"

namespace tinymf::host {
namespace {

/// Spelled as in the boards' profiles.hpp, from which the generated list takes the types.
template <class... Models>
std::vector<experiment::ProfileInfo> profiles_of() {
    return {experiment::profile_of<Models>...};
}

const std::vector<BoardInfo>& board_list() {
    static const std::vector<BoardInfo> list{
#include "board_list.inc"
    };
    return list;
}

} // namespace

std::span<const BoardInfo> boards() {
    return board_list();
}

const BoardInfo* find_board(std::string_view name) {
    const auto found = std::ranges::find(board_list(), name, &BoardInfo::name);
    return found == board_list().end() ? nullptr : &*found;
}

} // namespace tinymf::host
