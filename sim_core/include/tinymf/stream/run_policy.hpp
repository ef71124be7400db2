// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace tinymf::stream {

/// How frames meet a slow link; recorded in the capture.
/// lossless: the model waits for credit. realtime: the tick never waits, whole frames are dropped,
/// counted and announced by GAP.
enum class Delivery : std::uint8_t { lossless, realtime };
inline constexpr std::array<std::string_view, 2> delivery_names{"lossless", "realtime"};

/// What a tick without a step does to a run; recorded in the capture. late: it is counted and the
/// run goes on, every step computed. stop: it ends the run.
enum class DeadlinePolicy : std::uint8_t { late, stop };
inline constexpr std::array<std::string_view, 2> deadline_policy_names{"late", "stop"};

/// Why a run ended. No device says `fault`: a fault restarts the board.
enum class EndReason : std::uint8_t { completed, stopped, non_finite, fault, missed_deadline };
inline constexpr std::array<std::string_view, 5> end_reason_names{
    "completed", "stopped", "non_finite", "fault", "missed_deadline"};

} // namespace tinymf::stream
