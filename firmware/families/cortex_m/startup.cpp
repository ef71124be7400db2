// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstdint>

#include "board.hpp"
#include "families/cortex_m/core.hpp"
#include "families/cortex_m/fault.hpp"
#include "families/cortex_m/float_unit.hpp"
#include "families/cortex_m/loader_state.hpp"
#include "families/cortex_m/stack_guard.hpp"
#include "families/freestanding/boot.hpp"
#include "families/freestanding/memory_map.hpp"

int main();

namespace tinymf::firmware::cortex_m {

namespace {

const std::uint32_t* stack_pointer() {
    const std::uint32_t* pointer = nullptr;
    asm volatile("mov %0, sp" : "=r"(pointer));
    return pointer;
}

} // namespace

/// The boot order. Nothing before step 1 may use the floating-point unit, nothing before step 6 a
/// variable outside `.noinit`.
extern "C" [[noreturn]] void reset() {
    leave_the_loader_behind(tinymf_vectors, Chip::interrupts);
    start_float_unit(); // 1. mode registers
    guard_stack();
    count_boot(Chip::reset_cause());    // 2. reset cause
    take_fault_record();                // 3. fault record of the last run
    paint_stack_below(stack_pointer()); // 4. stack
    load_data_and_clear_zeroes();       // 5. memory
    main();                             // 6. the application, which starts with the port's init()
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
