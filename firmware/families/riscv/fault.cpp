// SPDX-License-Identifier: Apache-2.0
#include "families/riscv/fault.hpp"

#include <cstdint>

#include "families/freestanding/fault.hpp"
#include "families/freestanding/memory_map.hpp"
#include "families/riscv/core.hpp"
#include "families/riscv/link_service.hpp"
#include "tinymf/assert.hpp"

namespace tinymf::firmware::riscv {
namespace {

[[noreturn]] void store_and_reset(FaultRecord record) {
    keep(record);
    reset_system();
}

/// A byte inside the call instruction: enough to name the line.
std::uint32_t place_of_call(std::uint32_t return_address) {
    return return_address - 2;
}

FaultCause cause_of(std::uint32_t exception) {
    switch (exception) {
    case 0: // misaligned instruction
    case 2: // illegal instruction
    case 4: // misaligned load
    case 6: // misaligned store
        return FaultCause::usage_fault;
    case 1: // fetch, load and store where nothing answers or protection forbids
    case 5:
    case 7:
        return FaultCause::bus_fault;
    default:
        return FaultCause::hard_fault;
    }
}

} // namespace

/// Entered on an empty stack with the registers of the fault. After an overflow pc and lr tell of
/// the call that found no room, in the function that called once too often.
extern "C" [[noreturn, gnu::used]] void capture_fault(std::uint32_t sp, std::uint32_t ra) {
    constexpr std::uint32_t too_near = 64; // bytes; a push of a few registers may have failed here
    FaultRecord record{};
    asm volatile(TINYMF_CSR("csrr %0, mcause") : "=r"(record.status));
    asm volatile(TINYMF_CSR("csrr %0, mepc") : "=r"(record.pc));
    asm volatile(TINYMF_CSR("csrr %0, mtval") : "=r"(record.address));
    asm volatile(TINYMF_CSR("csrr %0, mstatus") : "=r"(record.psr));
    record.detail = record.status;
    record.lr = ra;
    record.sp = sp;
    if (sp < reinterpret_cast<std::uintptr_t>(tinymf_stack_bottom) + too_near) {
        record.cause = FaultCause::stack_overflow;
        record.pc = place_of_call(ra);
    } else {
        record.cause = cause_of(record.status);
    }
    store_and_reset(record);
}

[[noreturn]] static void halt_at(std::uintptr_t return_address, FaultCause cause,
                                 std::uint32_t detail) {
    const FaultRecord record =
        record_of_call(place_of_call(return_address), return_address, cause, detail);
    store_and_reset(record);
}

[[gnu::noinline]] void halt(FaultCause cause, std::uint32_t detail) {
    halt_at(reinterpret_cast<std::uintptr_t>(__builtin_return_address(0)), cause, detail);
}

void halt_interrupted() {
    FaultRecord record{};
    record.cause = FaultCause::watchdog;
    record.pc = interrupted_by_link;
    if (record.pc == 0) {
        asm volatile(TINYMF_CSR("csrr %0, mepc") : "=r"(record.pc));
    }
    asm volatile(TINYMF_CSR("csrr %0, mcause") : "=r"(record.detail));
    asm volatile(TINYMF_CSR("csrr %0, mstatus") : "=r"(record.psr));
    record.sp = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
    store_and_reset(record);
}

} // namespace tinymf::firmware::riscv

namespace tinymf {

[[gnu::noinline]] void assertion_failed(std::uint32_t place) {
    using namespace firmware;
    riscv::halt_at(reinterpret_cast<std::uintptr_t>(__builtin_return_address(0)),
                   FaultCause::assertion, place);
}

} // namespace tinymf
