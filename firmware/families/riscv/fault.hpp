// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "port/fault_record.hpp"

namespace tinymf::firmware::riscv {

/// Records `cause` with the place of the call as pc, and resets. Uses no other code; nearly all of
/// its time goes into the record's CRC (480 bits).
[[noreturn]] void halt(FaultCause cause, std::uint32_t detail);

/// In the clock's interrupt: records what the first of the interrupts came into as hung, and
/// resets.
[[noreturn]] void halt_interrupted();

/// The chip's way to start again; memory keeps its contents.
[[noreturn]] void reset_system();

} // namespace tinymf::firmware::riscv
