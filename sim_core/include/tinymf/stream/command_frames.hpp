// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "tinymf/stream/frame_fields.hpp"

namespace tinymf::stream {

// What stands in commands, and what answers them.

/// What every command starts with. A host picks the session number with CONFIGURE and counts its
/// commands from 1; a command repeated after a lost answer has no second effect.
struct CommandHeader {
    std::uint32_t session = 0;
    std::uint32_t number = 0;

    static constexpr void visit(auto& header, auto&& field) {
        field(header.session, name<"session">);
        field(header.number, name<"command">);
    }

    friend constexpr bool operator==(const CommandHeader&, const CommandHeader&) = default;
};

struct AckFrame {
    CommandHeader to;

    static constexpr void visit(auto& frame, auto&& field) {
        CommandHeader::visit(frame.to, field);
    }
};

/// A command that is refused, and the range that its field may have.
struct NakFrame {
    CommandHeader to;
    std::uint8_t code = 0;  ///< experiment::RefusalCode
    std::uint8_t field = 0; ///< experiment::Field
    float lowest = 0.0F;
    float highest = 0.0F;

    static constexpr void visit(auto& frame, auto&& field) {
        CommandHeader::visit(frame.to, field);
        field(frame.code, name<"code">);
        field(frame.field, name<"field">);
        field(frame.lowest, name<"lowest">);
        field(frame.highest, name<"highest">);
    }
};

/// The arguments of CONFIGURE, which opens a session.
struct ConfigureArguments {
    std::uint8_t profile = 0;
    std::uint8_t delivery = 0;
    std::uint8_t deadline = 0;     ///< DeadlinePolicy
    std::uint32_t tick_period = 0; ///< 0: none

    static constexpr void visit(auto& arguments, auto&& field) {
        field(arguments.profile, name<"profile">);
        field(arguments.delivery, name<"delivery">);
        field(arguments.deadline, name<"deadline">);
        field(arguments.tick_period, name<"tick_period", "us">);
        field(RunTimeParameters{}, name<"">);
    }
};

/// STEP: so many, then pause.
struct StepArguments {
    std::uint32_t steps = 0;

    static constexpr void visit(auto& arguments, auto&& field) {
        field(arguments.steps, name<"steps", "steps">);
    }
};

/// CREDIT: data frames that the device may have sent in this session, in all.
struct CreditArguments {
    std::uint32_t frames = 0;

    static constexpr void visit(auto& arguments, auto&& field) {
        field(arguments.frames, name<"frames">);
    }
};

} // namespace tinymf::stream
