// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "conformance/text_line.hpp"

namespace tinymf::firmware {

/// Where the test stands, in memory that the resets it provokes do not clear.
struct Scoreboard {
    static constexpr std::uint32_t expected_magic = 0x5343'4f52;

    std::uint32_t magic;
    std::uint32_t stage;
    std::uint32_t boots; ///< of the port, when the stage began
    std::uint32_t passed;
    std::uint32_t failed;
    std::uint32_t check;

    std::uint32_t sum() const { return ~(magic + stage + boots + passed + failed); }
    bool is_sound() const { return magic == expected_magic && check == sum(); }
    void clear() {
        *this = {};
        magic = expected_magic;
        check = sum();
    }
    void enter(std::uint32_t next_stage, std::uint32_t boot) {
        stage = next_stage;
        boots = boot;
        check = sum();
    }
    template <Port P>
    void judge(P& port, std::string_view function, bool holds) {
        (holds ? passed : failed) += 1;
        check = sum();
        TextLine{port} << (holds ? "PASS " : "FAIL ") << function;
    }
};

} // namespace tinymf::firmware
