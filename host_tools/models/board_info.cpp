// SPDX-License-Identifier: Apache-2.0
#include "models/board_info.hpp"

#include <algorithm>
#include <cstddef>

#include "profiles/cortex_m.hpp"
#include "profiles/riscv.hpp"

namespace tinymf::host {
namespace {

// As in the boards' profiles.hpp, from which the generated list takes the arguments of profiles_of.
using firmware::Sized;
namespace cortex_m = firmware::cortex_m;
namespace riscv = firmware::riscv;

/// Of a model with its bytes on a board, which stand in place of this program's sizeof.
template <class SizedModel>
struct BoardProfile;
template <experiment::Model M, std::size_t bytes, std::size_t bytes_here>
struct BoardProfile<Sized<M, bytes, bytes_here>> {
    static constexpr experiment::ProfileInfo value = [] {
        experiment::ProfileInfo info = experiment::profile_of<M>;
        info.bytes = bytes;
        return info;
    }();
};

template <class... SizedModels>
std::vector<experiment::ProfileInfo> profiles_of() {
    return {BoardProfile<SizedModels>::value...};
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
