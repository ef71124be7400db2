// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "families/freestanding/memory_map.hpp"
#include "port/boot_facts.hpp"
#include "port/stack_paint.hpp"

/// Steps of every start-up, in the order in which they must run. Until the last one no variable
/// outside `.noinit` holds its value.
namespace tinymf::firmware {

/// `told`: by the chip. Where it cannot tell, a first boot was a power-on.
void count_boot(ResetCause told);

void take_fault_record();

/// `stack_pointer`: the caller's. Inlined, so that nothing in use lies below it.
[[gnu::always_inline]] inline void paint_stack_below(const std::uint32_t* stack_pointer) {
    for (std::uint32_t* word = tinymf_stack_bottom; word < stack_pointer; ++word) {
        *word = stack_paint;
    }
}

void load_data_and_clear_zeroes();

} // namespace tinymf::firmware
