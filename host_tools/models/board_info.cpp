// SPDX-License-Identifier: Apache-2.0
#include "models/board_info.hpp"

#include <algorithm>

#include "tinymf/experiment/model_contract.hpp"
#include "tinymf/mean_field/profiles.hpp"
#include "tinymf/network/network.hpp"

namespace tinymf::host {
namespace {

/// The counterpart of firmware::Sized: the board's own bytes in place of this program's sizeof.
template <experiment::Model M, std::uint32_t bytes>
struct Sized {
    static constexpr experiment::ProfileInfo profile = [] {
        experiment::ProfileInfo info = experiment::profile_of<M>;
        info.bytes = bytes;
        return info;
    }();
};

/// Spelled as in the boards' profiles.hpp, from which the generated list takes the arguments.
template <class... SizedModels>
std::vector<experiment::ProfileInfo> profiles_of() {
    return {SizedModels::profile...};
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
