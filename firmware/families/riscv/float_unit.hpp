// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "families/riscv/core.hpp"
#include "port/boot_facts.hpp"

namespace tinymf::firmware::riscv {

/// Switches the floating-point unit on, rounding to nearest-even; subnormals are always kept. Must
/// precede the first floating-point instruction; nothing to do on cores without the unit.
inline void start_float_unit() {
#ifdef __riscv_flen
    constexpr std::uint32_t unit_is_initial = 1U << 13;
    asm volatile(TINYMF_CSR("csrs mstatus, %0\n\tcsrw fcsr, zero")::"r"(unit_is_initial));
#endif
}

/// The mode in force, as bits of `firmware::float_mode`. The architecture knows no NaN but the
/// default one, so that this is no mode.
inline std::uint32_t current_float_mode() {
#ifdef __riscv_flen
    std::uint32_t rounding = 0;
    asm volatile(TINYMF_CSR("csrr %0, frm") : "=r"(rounding));
    return float_mode::hardware | (rounding != 0 ? float_mode::other_rounding : 0U);
#else
    return 0; // libgcc's arithmetic keeps subnormals and rounds to nearest-even
#endif
}

} // namespace tinymf::firmware::riscv
