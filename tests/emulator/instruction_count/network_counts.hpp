// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "board.hpp"
#include "tinymf/model/coupling.hpp"
#include "tinymf/network/network.hpp"

namespace tinymf::firmware {

/// As many neurons as RAM holds stored couplings for.
inline constexpr std::size_t counted_neurons = TINYMF_BOARD_RAM_BYTES >= 65536   ? 64
                                               : TINYMF_BOARD_RAM_BYTES >= 16384 ? 32
                                                                                 : 16;

using CountedNetwork = network::Network<float, counted_neurons, model::CouplingKind::gaussian, 1>;

/// Counts what a step of a network is made of: every activation and integrator, a normal, a word of
/// the digest, a byte of a frame; and two whole steps, check_heun and check_colored, to hold a sum
/// of these against. In a translation unit of its own: code shared with the other counts would
/// change what the compiler inlines there. `memory`: of a CountedNetwork, to be used up.
void report_network(BoardPort& port, std::byte* memory);

} // namespace tinymf::firmware
