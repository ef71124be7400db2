// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "families/register.hpp"

/// The processor's own registers and instructions (ARMv6-M, ARMv7-M, ARMv8-M).
namespace tinymf::firmware::cortex_m {

inline volatile std::uint32_t& interrupt_control() {
    return peripheral_word(0xe000'ed04);
}
inline constexpr std::uint32_t systick_pending = 1U << 26;
inline constexpr std::uint32_t systick_unpend = 1U << 25;
inline constexpr std::uint32_t request_pending = 1U << 28; ///< asks for PendSV
inline constexpr std::uint32_t request_unpend = 1U << 27;
inline constexpr std::uint32_t request_exception = 14; ///< PendSV's number

inline volatile std::uint32_t& coprocessor_access() {
    return peripheral_word(0xe000'ed88);
}
inline volatile std::uint32_t& configurable_fault_status() {
    return peripheral_word(0xe000'ed28);
}
inline volatile std::uint32_t& hard_fault_status() {
    return peripheral_word(0xe000'ed2c);
}
inline volatile std::uint32_t& memory_fault_address() {
    return peripheral_word(0xe000'ed34);
}
inline volatile std::uint32_t& bus_fault_address() {
    return peripheral_word(0xe000'ed38);
}

/// Lets the external interrupt `number` (0: the first after the 16 system exceptions) through.
inline void enable_interrupt(std::uint32_t number) {
    peripheral_word(0xe000'e100 + 4 * (number / 32)) = 1U << (number % 32);
}

inline void disable_interrupt(std::uint32_t number) {
    peripheral_word(0xe000'e180 + 4 * (number / 32)) = 1U << (number % 32);
}

/// An exception interrupts those with a larger number. Of the eight bits every core has the two
/// highest, and ARMv6-M no more; the others read as zero.
enum class Priority : std::uint32_t { first = 0x00, last = 0xc0 };

/// By whole words, which is all that ARMv6-M allows. Exceptions from 4 on.
inline void set_priority(std::uint32_t exception, Priority priority) {
    const std::uintptr_t place =
        exception < 16 ? 0xe000'ed14 + exception : 0xe000'e400 + (exception - 16);
    volatile std::uint32_t& four = peripheral_word(place & ~std::uintptr_t{3});
    const std::uint32_t shift = 8 * (place % 4);
    four = (four & ~(0xffU << shift)) | static_cast<std::uint32_t>(priority) << shift;
}

/// Resets processor and peripherals; memory keeps its contents. An emulator started with
/// -no-reboot ends here instead.
[[noreturn]] inline void reset_system() {
    constexpr std::uint32_t key_and_request = 0x05fa'0004;
    asm volatile("dsb" ::: "memory");
    peripheral_word(0xe000'ed0c) = key_and_request;
    asm volatile("dsb" ::: "memory");
    for (;;) {
    }
}

/// Holds interrupts back while it lives. Nests.
class InterruptLock {
public:
    InterruptLock() { asm volatile("mrs %0, primask\n\tcpsid i" : "=r"(previous_)::"memory"); }
    ~InterruptLock() { asm volatile("msr primask, %0\n\tisb" ::"r"(previous_) : "memory"); }
    InterruptLock(const InterruptLock&) = delete;
    InterruptLock& operator=(const InterruptLock&) = delete;

    /// Sleeps until an interrupt is pending, also one that came before the call; it is served when
    /// the lock ends, so a condition checked under the lock cannot change unseen before the sleep.
    void sleep() const { asm volatile("dsb\n\twfi\n\tisb" ::: "memory"); }

private:
    std::uint32_t previous_;
};

} // namespace tinymf::firmware::cortex_m
