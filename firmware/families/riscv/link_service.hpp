// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "families/riscv/core.hpp"

namespace tinymf::firmware::riscv {

/// What the link's interrupt came into; 0 while none is served.
inline constinit volatile std::uint32_t interrupted_by_link = 0;

/// Lets the clock interrupt the service of the link while it lives. What the trap of the one
/// overwrites is kept for the other: the place to go back to, and that this was in machine mode
/// with interrupts enabled.
class LinkService {
public:
    LinkService() {
        asm volatile(TINYMF_CSR("csrr %0, mepc") : "=r"(came_into_));
        interrupted_by_link = came_into_;
        disable_interrupt(machine_external);
        asm volatile(TINYMF_CSR("csrs mstatus, %0")::"r"(interrupts_enabled) : "memory");
    }
    ~LinkService() {
        asm volatile(TINYMF_CSR("csrc mstatus, %0")::"r"(interrupts_enabled) : "memory");
        enable_interrupt(machine_external);
        asm volatile(TINYMF_CSR("csrs mstatus, %0")::"r"(came_from_enabled_machine_mode));
        asm volatile(TINYMF_CSR("csrw mepc, %0")::"r"(came_into_));
        interrupted_by_link = 0;
    }
    LinkService(const LinkService&) = delete;
    LinkService& operator=(const LinkService&) = delete;

private:
    static constexpr std::uint32_t came_from_enabled_machine_mode = 1U << 7 | 3U << 11;
    std::uint32_t came_into_;
};

} // namespace tinymf::firmware::riscv
