// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tinymf::observe {

/// Parts of the loop around a model, in the order of a step. A model tells the first three apart;
/// the number is part of the stream (TIMING, fault records): append only.
enum class WorkPhase : std::uint8_t {
    idle,       ///< asleep, or waiting for a tick or the host
    receive,    ///< commands
    mat_vec,    ///< product of the couplings with the rates
    activation, ///< rates from inputs
    update,     ///< everything else of a step: integrator, noise, stimulus; all of a mean field
    observe,    ///< estimators, digest, check for finite numbers
    pack,       ///< frames: numbering, CRC, encoding, queueing
    send,       ///< bytes handed to the line
};

inline constexpr std::array<std::string_view, 8> work_phase_names{
    "idle", "receive", "mat_vec", "activation", "update", "observe", "pack", "send"};

/// The phases that belong to a step, first and last; those before are between steps.
inline constexpr WorkPhase first_step_phase = WorkPhase::mat_vec;
inline constexpr std::size_t step_phases =
    work_phase_names.size() - static_cast<std::size_t>(first_step_phase);

/// Who is told which part of a step begins: nobody. The core knows no clock; firmware passes one
/// that reads its own.
struct Unobserved {
    constexpr void enter(WorkPhase /*phase*/) const {}
};

} // namespace tinymf::observe
