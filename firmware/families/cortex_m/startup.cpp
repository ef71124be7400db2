// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstdint>

#include "board.hpp"
#include "families/cortex_m/core.hpp"
#include "families/cortex_m/fault.hpp"
#include "families/cortex_m/float_unit.hpp"
#include "families/cortex_m/kept.hpp"
#include "families/cortex_m/memory_map.hpp"
#include "port/stack_paint.hpp"

int main();

namespace tinymf::firmware::cortex_m {

TINYMF_KEPT FaultRecord last_fault;
TINYMF_KEPT ResetCause reset_cause;
TINYMF_KEPT BootCount boot_count;

BootFacts boot_facts() {
    return {.reset_cause = reset_cause,
            .float_mode = current_float_mode(),
            .boots = boot_count.count,
            .last_fault = last_fault,
            .stack = whole_stack()};
}

namespace {

void count_boot() {
    const bool sound = boot_count.check == ~boot_count.count;
    boot_count.count = sound ? boot_count.count + 1 : 1;
    boot_count.check = ~boot_count.count;
}

/// What the chip says; where it cannot tell, a first boot was a power-on.
ResetCause find_reset_cause() {
    const ResetCause told = Chip::reset_cause();
    return told == ResetCause::unknown && boot_count.count == 1 ? ResetCause::power_on : told;
}

void take_fault_record() {
    last_fault = is_sound(fault_record) ? fault_record : FaultRecord{};
    fault_record.magic = 0;
}

void paint_unused_stack() {
    const std::uint32_t* in_use = nullptr;
    asm volatile("mov %0, sp" : "=r"(in_use));
    for (std::uint32_t* word = tinymf_stack_bottom; word < in_use; ++word) {
        *word = stack_paint;
    }
}

void load_data_and_clear_zeroes() {
    std::copy(tinymf_data_load, tinymf_data_load + (tinymf_data_end - tinymf_data_begin),
              tinymf_data_begin);
    std::fill(tinymf_zero_begin, tinymf_zero_end, 0U);
}

} // namespace

/// The boot order. Nothing before step 1 may use the floating-point unit, nothing before step 6 a
/// variable outside `.noinit`.
extern "C" [[noreturn]] void reset() {
    start_float_unit(); // 1. mode registers
    count_boot();       // 2. reset cause
    reset_cause = find_reset_cause();
    take_fault_record();          // 3. fault record of the last run
    paint_unused_stack();         // 4. stack
    load_data_and_clear_zeroes(); // 5. memory
    main();                       // 6. the application, which starts with the port's init()
    reset_system();
}

namespace {

using Handler = void (*)();

/// As the processor reads it: initial stack pointer, then one handler per exception number from 1.
struct VectorTable {
    std::uint32_t* stack;
    std::array<Handler, 15 + Chip::interrupts> handlers;
};

constexpr VectorTable make_vectors() {
    VectorTable table{.stack = tinymf_stack_top, .handlers = {}};
    table.handlers.fill(&fault_entry);
    table.handlers[0] = &reset;
    for (const std::uint32_t exception : BoardPort::link_exceptions) {
        table.handlers[exception - 1] = &BoardPort::on_link;
    }
    table.handlers[BoardPort::clock_exception - 1] = &BoardPort::on_clock;
    return table;
}

[[gnu::section(".vectors"), gnu::used]] constinit const VectorTable vectors = make_vectors();

} // namespace

} // namespace tinymf::firmware::cortex_m
