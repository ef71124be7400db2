// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "tinymf/stream/frame_kinds.hpp"

namespace tinymf::firmware {

/// Where a session stands; the number is part of the stream (STATUS).
/// restoring: a checkpoint is partly taken, and only its rest or another configuration may follow.
enum class RunState : std::uint8_t { idle, configured, running, paused, ended, restoring };
inline constexpr std::size_t run_states = 6;

/// One command and the states in which it is allowed.
struct CommandRule {
    stream::Kind command;
    std::array<bool, run_states> allowed;
};

/// The state machine's guard, the one table of it. CREDIT is flow control and has no rule.
/// (With a deduced type gcc 12 would put the table into RAM.)
inline constexpr std::array<CommandRule, 11> command_rules{
    //                                     idle  configured  running  paused  ended  restoring
    CommandRule{stream::Kind::configure, {true, true, false, false, true, true}},
    CommandRule{stream::Kind::start, {false, true, false, true, false, false}},
    CommandRule{stream::Kind::pause, {false, false, true, false, false, false}},
    CommandRule{stream::Kind::step, {false, true, false, true, false, false}},
    CommandRule{stream::Kind::stop, {false, true, true, true, false, false}},
    CommandRule{stream::Kind::input, {false, true, true, true, false, false}},
    CommandRule{stream::Kind::snapshot, {false, true, true, true, false, false}},
    CommandRule{stream::Kind::restore, {false, true, false, false, false, true}},
    CommandRule{stream::Kind::run_selftest, {true, true, false, false, true, false}},
    CommandRule{stream::Kind::query_status, {true, true, true, true, true, true}},
    CommandRule{stream::Kind::identify, {true, true, true, true, true, true}},
};

[[nodiscard]] constexpr const CommandRule* rule_for(std::uint8_t kind) {
    for (const CommandRule& rule : command_rules) {
        if (static_cast<std::uint8_t>(rule.command) == kind) {
            return &rule;
        }
    }
    return nullptr;
}

[[nodiscard]] constexpr bool is_allowed(const CommandRule& rule, RunState state) {
    return rule.allowed[static_cast<std::size_t>(state)];
}

} // namespace tinymf::firmware
