// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "port/fault_record.hpp"
#include "tinymf/observe/work_phase.hpp"

namespace tinymf::firmware {

/// Looks in the clock's interrupt whether the loop still comes round. Only the loop feeds it, by
/// `Progress::rounds`, after its step was completed and found in order. It bites when a phase of a
/// step has gone on for `Progress::patience` counts; commands may take longer (a CONFIGURE solves a
/// whole stationary state), and sleep may last for ever.
///
/// Unlike a chip's own watchdog it leaves a record of where the loop hung, and is there on every
/// chip; it is blind while interrupts are held back. A chip's own watchdog ends that, where there
/// is one: the clock's interrupt feeds it as long as this one is content. A clock has to interrupt
/// once a second at the least. Size 8 bytes.
class Watchdog {
public:
    /// In the interrupt, at the count `now`.
    bool bites(const Progress& progress, std::uint32_t now) {
        const bool in_step =
            progress.phase >= static_cast<std::uint32_t>(observe::first_step_phase);
        if (!in_step || progress.rounds != rounds_ || progress.patience == 0) {
            rounds_ = progress.rounds;
            seen_alive_ = now;
            return false;
        }
        return now - seen_alive_ >= progress.patience;
    }

private:
    std::uint32_t rounds_ = 0;
    std::uint32_t seen_alive_ = 0;
};

} // namespace tinymf::firmware
