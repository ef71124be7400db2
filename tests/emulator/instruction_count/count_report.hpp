// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "board.hpp"
#include "conformance/text_line.hpp"

namespace tinymf::firmware {

/// The board's counts for `rounds` calls.
template <class Work>
std::uint32_t counts(BoardPort& port, std::uint32_t rounds, Work work) {
    const std::uint32_t begin = port.cycles();
    for (std::uint32_t round = 0; round < rounds; ++round) {
        work();
        asm volatile("" ::: "memory"); // every round happens
    }
    return port.cycles() - begin;
}

/// COUNT name counts units: `units` terms, values or steps were worked through.
template <class Work>
void report(BoardPort& port, std::string_view name, std::uint32_t rounds,
            std::uint32_t units_per_round, Work work) {
    const std::uint32_t total = counts(port, rounds, work);
    TextLine{port} << "COUNT " << name << " " << total << " " << rounds * units_per_round;
}

} // namespace tinymf::firmware
