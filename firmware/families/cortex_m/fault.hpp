// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "port/fault_record.hpp"

namespace tinymf::firmware::cortex_m {

/// Records `cause` with the place of the call as pc, and resets. Uses no other code; nearly all of
/// its time goes into the record's CRC (480 bits).
[[noreturn]] void halt(FaultCause cause, std::uint32_t detail);

/// Entry of every exception without a handler of its own, faults included.
extern "C" void fault_entry();

} // namespace tinymf::firmware::cortex_m
