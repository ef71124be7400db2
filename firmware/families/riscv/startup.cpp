// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>

#include "board.hpp"
#include "families/freestanding/boot.hpp"
#include "families/freestanding/memory_map.hpp"
#include "families/riscv/core.hpp"
#include "families/riscv/fault.hpp"
#include "families/riscv/float_unit.hpp"
#include "families/riscv/link_service.hpp"
#include "families/riscv/plic.hpp"

int main();

namespace tinymf::firmware::riscv {

void reset_system() {
    Chip::reset();
}

// Both save every register that they may change, the floating-point ones too.

extern "C" [[gnu::interrupt("machine"), gnu::used]] void serve_clock() {
    BoardPort::on_clock();
}

/// By the architecture no interrupt interrupts another: here the clock's is let through.
extern "C" [[gnu::interrupt("machine"), gnu::used]] void serve_link() {
    const LinkService with_the_clock_first;
    const std::uint32_t source = plic::claim();
    if (source == 0) { // withdrawn between the trap and the claim
        return;
    }
    if (std::ranges::find(BoardPort::link_exceptions, source) == BoardPort::link_exceptions.end()) {
        halt(FaultCause::unexpected_interrupt, machine_external);
    }
    BoardPort::on_link();
    plic::complete(source);
}

/// Interrupts go on with all registers as they were: the timer's cause is 7, an external one's 11.
/// Faults never return, so that their handler takes the whole stack, which may be exhausted or
/// lost.
extern "C" [[gnu::naked, gnu::used, gnu::aligned(4)]] void trap_entry() {
    asm volatile(TINYMF_CSR(R"(
        csrw  mscratch, t0
        csrr  t0, mcause
        bgez  t0, 2f
        andi  t0, t0, 8
        bnez  t0, 1f
        csrr  t0, mscratch
        j     serve_clock
    1:  csrr  t0, mscratch
        j     serve_link
    2:  mv    a0, sp
        mv    a1, ra
        la    sp, tinymf_stack_top
        j     capture_fault
    )"));
}

namespace {

const std::uint32_t* stack_pointer() {
    const std::uint32_t* pointer = nullptr;
    asm volatile("mv %0, sp" : "=r"(pointer));
    return pointer;
}

/// Memory from the code up to the stack can be read and executed only: an overflow faults where
/// code and stack share one memory, too. The rule binds machine mode until the next reset.
void protect_code() {
    constexpr std::uint32_t locked_range_to_read_and_execute = 0x8d00;
    const auto begin = reinterpret_cast<std::uintptr_t>(tinymf_code_begin);
    const auto end = reinterpret_cast<std::uintptr_t>(tinymf_stack_bottom);
    asm volatile(
        TINYMF_CSR("csrw pmpaddr0, %0\n\tcsrw pmpaddr1, %1\n\tcsrw pmpcfg0, %2")::"r"(begin / 4),
        "r"(end / 4), "r"(locked_range_to_read_and_execute));
}

} // namespace

/// The boot order. Nothing before step 1 may use the floating-point unit, nothing before step 6 a
/// variable outside `.noinit`.
extern "C" [[noreturn, gnu::used]] void boot() {
    start_float_unit();                         // 1. mode registers
    asm volatile(TINYMF_CSR("csrw mie, zero")); // a boot loader's
    asm volatile(TINYMF_CSR("csrw mtvec, %0")::"r"(&trap_entry));
    protect_code();
    count_boot(Chip::reset_cause());    // 2. reset cause
    take_fault_record();                // 3. fault record of the last run
    paint_stack_below(stack_pointer()); // 4. stack
    load_data_and_clear_zeroes();       // 5. memory
    main();                             // 6. the application, which starts with the port's init()
    reset_system();
}

/// The image's first instructions.
extern "C" [[gnu::naked, gnu::used, gnu::section(".vectors")]] void reset() {
    asm volatile("la sp, tinymf_stack_top\n\tj boot");
}

} // namespace tinymf::firmware::riscv
