// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "port/boot_facts.hpp"
#include "port/fault_record.hpp"

namespace tinymf::firmware {

/// Memory that start-up neither clears nor loads, so that it outlives a reset. Garbage after
/// power-on: every object says by itself whether it is sound.
#define TINYMF_KEPT [[gnu::section(".noinit.kept")]]

/// Resets since power was applied; sound when `check == ~count`.
struct BootCount {
    std::uint32_t count;
    std::uint32_t check;
};

/// The record of the last fault; taken, and marked unsound, by the next start-up.
extern FaultRecord fault_record;

/// What start-up found out before it cleared memory.
extern FaultRecord last_fault;
extern ResetCause reset_cause;
extern BootCount boot_count;

/// All of it, with the float mode that the processor tells.
BootFacts boot_facts(std::uint32_t float_mode);

/// The application's place, as it goes into the record.
extern Progress progress;

} // namespace tinymf::firmware
