// SPDX-License-Identifier: Apache-2.0
#include "families/cortex_m/fault.hpp"

#include <cstdint>
#include <span>

#include "families/cortex_m/core.hpp"
#include "families/freestanding/fault.hpp"
#include "families/freestanding/memory_map.hpp"
#include "tinymf/assert.hpp"

namespace tinymf::firmware::cortex_m {

namespace {

/// What the processor pushes when it takes an exception; above it the float registers, if any.
struct ExceptionFrame {
    std::uint32_t r0, r1, r2, r3, r12, lr, pc, psr;
};

[[noreturn]] void store_and_reset(FaultRecord record) {
    keep(record);
    reset_system();
}

struct FaultStatus {
    std::uint32_t configurable = 0;
    std::uint32_t hard = 0;
    std::uint32_t address = 0;
};

#ifdef __ARM_ARCH_6M__
FaultStatus read_fault_status() {
    return {};
}
#else
constexpr std::uint32_t memory_address_valid = 1U << 7;
constexpr std::uint32_t bus_address_valid = 1U << 15;

FaultStatus read_fault_status() {
    FaultStatus status{.configurable = configurable_fault_status(), .hard = hard_fault_status()};
    if ((status.configurable & memory_address_valid) != 0) {
        status.address = memory_fault_address();
    } else if ((status.configurable & bus_address_valid) != 0) {
        status.address = bus_fault_address();
    }
    return status;
}
#endif

FaultCause cause_of_hard_fault(std::uint32_t status) {
    if ((status & 0x0000'00ffU) != 0) {
        return FaultCause::memory_fault;
    }
    if ((status & 0x0000'ff00U) != 0) {
        return FaultCause::bus_fault;
    }
    return (status & 0xffff'0000U) != 0 ? FaultCause::usage_fault : FaultCause::hard_fault;
}

/// True for a word that a call instruction has left as its return address.
bool is_return_address(std::uint32_t word) {
    const auto begin = reinterpret_cast<std::uintptr_t>(tinymf_code_begin);
    const auto end = reinterpret_cast<std::uintptr_t>(tinymf_code_end);
    constexpr std::uint32_t longest_call = 4;
    if ((word & 1U) == 0 || word < begin + longest_call || word >= end) {
        return false;
    }
    // NOLINTNEXTLINE(performance-no-int-to-ptr): the word came off the stack
    const auto* after_call = reinterpret_cast<const std::uint16_t*>(word - 1);
    const bool bl = (after_call[-2] & 0xf800U) == 0xf000U && (after_call[-1] & 0xd000U) == 0xd000U;
    const bool blx_register = (after_call[-1] & 0xff87U) == 0x4780U;
    return bl || blx_register;
}

/// The instruction before a return address, or rather a byte inside it: enough to name the line.
std::uint32_t place_of_call(std::uint32_t return_address) {
    return (return_address & ~1U) - 2;
}

/// After an overflow the frame has no room and is lost. The deepest two calls that the stack still
/// shows stand in for pc and lr; the first lies in the function that called once too often.
void search_stack(FaultRecord& record) {
    std::uint32_t* const places[] = {&record.pc, &record.lr};
    unsigned found = 0;
    for (const std::uint32_t word : whole_stack()) {
        if (is_return_address(word)) {
            *places[found] = found == 0 ? place_of_call(word) : word;
            if (++found == 2) {
                return;
            }
        }
    }
}

std::uint32_t current_exception() {
    std::uint32_t number = 0;
    asm volatile("mrs %0, ipsr" : "=r"(number));
    return number;
}

} // namespace

/// `frame`: the stack pointer on entry; under it the processor has tried to push an ExceptionFrame.
extern "C" [[noreturn, gnu::used]] void capture_fault(const ExceptionFrame* frame) {
    constexpr std::uint32_t hard_fault = 3;
    constexpr std::uint32_t last_fault = 6;
    constexpr std::uint32_t stacking_failed = 1U << 4 | 1U << 5 | 1U << 12 | 1U << 13 | 1U << 20;
    constexpr std::uint32_t too_near = 64; // bytes; a push of a few registers may have failed here

    const auto sp = reinterpret_cast<std::uintptr_t>(frame);
    const auto bottom = reinterpret_cast<std::uintptr_t>(tinymf_stack_bottom);
    const auto top = reinterpret_cast<std::uintptr_t>(tinymf_stack_top);
    const std::uint32_t exception = current_exception();
    const FaultStatus status = read_fault_status();

    FaultRecord record{};
    record.sp = sp;
    record.status = status.configurable;
    record.hard_status = status.hard;
    record.address = status.address;
    record.detail = exception;
    const bool has_frame = sp >= bottom && sp + sizeof(ExceptionFrame) <= top &&
                           (status.configurable & stacking_failed) == 0;
    if (has_frame) {
        record.pc = frame->pc;
        record.lr = frame->lr;
        record.psr = frame->psr;
    } else {
        search_stack(record);
    }
    if (exception == request_exception) {
        record.cause = FaultCause::watchdog;
    } else if (exception < hard_fault || exception > last_fault) {
        record.cause = FaultCause::unexpected_interrupt;
    } else if (sp < bottom + too_near) {
        record.cause = FaultCause::stack_overflow;
    } else {
        record.cause = cause_of_hard_fault(status.configurable);
    }
    store_and_reset(record);
}

// The stack may be exhausted or the pointer lost: then the handler runs from the top, where nothing
// that the record needs is overwritten.
extern "C" [[gnu::naked]] void fault_entry() {
    asm volatile(R"(
        .syntax unified
        mrs   r0, msp
        ldr   r1, =tinymf_stack_bottom + 512
        ldr   r2, =tinymf_stack_top
        cmp   r0, r1
        blo   1f
        cmp   r0, r2
        blo   2f
    1:  mov   sp, r2
    2:  bl    capture_fault
        .ltorg
    )");
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

} // namespace tinymf::firmware::cortex_m

namespace tinymf {

[[gnu::noinline]] void assertion_failed(std::uint32_t place) {
    using namespace firmware;
    cortex_m::halt_at(reinterpret_cast<std::uintptr_t>(__builtin_return_address(0)),
                      FaultCause::assertion, place);
}

} // namespace tinymf
