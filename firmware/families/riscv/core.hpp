// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

// The instructions that reach control and status registers are an extension of their own, which
// libgcc's variants do not know as part of -march.
#define TINYMF_CSR(instruction)                                                                    \
    ".option push\n\t.option arch, +zicsr\n\t" instruction "\n\t.option pop"

/// The processor's own registers and instructions (RISC-V privileged architecture 1.12, RV32,
/// machine mode only).
namespace tinymf::firmware::riscv {

inline constexpr std::uint32_t interrupts_enabled = 1U << 3; ///< of mstatus
inline constexpr std::uint32_t is_interrupt = 1U << 31;      ///< of mcause
inline constexpr std::uint32_t machine_timer = is_interrupt | 7;
inline constexpr std::uint32_t machine_external = is_interrupt | 11;

/// Lets a kind of interrupt through, by its mcause.
inline void enable_interrupt(std::uint32_t cause) {
    asm volatile(TINYMF_CSR("csrs mie, %0")::"r"(1U << (cause & 31U)) : "memory");
}

inline void disable_interrupt(std::uint32_t cause) {
    asm volatile(TINYMF_CSR("csrc mie, %0")::"r"(1U << (cause & 31U)) : "memory");
}

/// Holds interrupts back while it lives. Nests.
class InterruptLock {
public:
    InterruptLock() {
        asm volatile(TINYMF_CSR("csrrc %0, mstatus, %1")
                     : "=r"(previous_)
                     : "r"(interrupts_enabled)
                     : "memory");
    }
    ~InterruptLock() {
        asm volatile(TINYMF_CSR("csrs mstatus, %0")::"r"(previous_ & interrupts_enabled)
                     : "memory");
    }
    InterruptLock(const InterruptLock&) = delete;
    InterruptLock& operator=(const InterruptLock&) = delete;

    /// Sleeps until an interrupt is pending, also one that came before the call; it is served when
    /// the lock ends, so a condition checked under the lock cannot change unseen before the sleep.
    void sleep() const { asm volatile("fence\n\twfi" ::: "memory"); }

private:
    std::uint32_t previous_;
};

} // namespace tinymf::firmware::riscv
