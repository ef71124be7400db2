// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "families/freestanding/kept.hpp"

// What the fault handlers of all families do with a record; inlined, because a handler calls no
// code that the fault may have come from.

namespace tinymf::firmware {

/// Adds where the application is, and leaves the record for the next start to find. A reset must
/// follow.
[[gnu::always_inline]] inline void keep(FaultRecord& record) {
    record.tick = progress.tick;
    record.phase = progress.phase;
    record.boots = boot_count.count;
    seal(record);
    fault_record = record;
}

/// Of a function that halts. `place`: a byte inside the instruction that called it, and
/// `return_address` what that left. `sp` is that of the function.
[[gnu::always_inline]] inline FaultRecord record_of_call(std::uint32_t place,
                                                         std::uintptr_t return_address,
                                                         FaultCause cause, std::uint32_t detail) {
    FaultRecord record{};
    record.cause = cause;
    record.detail = detail;
    record.pc = place;
    record.lr = return_address;
    record.sp = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
    return record;
}

} // namespace tinymf::firmware
