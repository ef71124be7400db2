// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "tinymf/experiment/refusal.hpp"
#include "tinymf/stream/byte_reader.hpp"
#include "tinymf/stream/byte_writer.hpp"
#include "tinymf/stream/message.hpp"

namespace tinymf::firmware {

/// What every command starts with. A host picks the session number with CONFIGURE and counts its
/// commands from 1; a command repeated after a lost answer has no second effect.
struct CommandHeader {
    std::uint32_t session = 0;
    std::uint32_t number = 0;

    friend constexpr bool operator==(const CommandHeader&, const CommandHeader&) = default;
};

[[nodiscard]] constexpr CommandHeader read_command_header(stream::ByteReader& payload) {
    CommandHeader header;
    header.session = payload.get<std::uint32_t>();
    header.number = payload.get<std::uint32_t>();
    return header;
}

/// The answer to one command: ACK, or NAK with what was wrong and the allowed range.
struct Answer {
    CommandHeader to;
    experiment::Refusal refusal;

    [[nodiscard]] constexpr stream::Kind kind() const {
        return refusal ? stream::Kind::nak : stream::Kind::ack;
    }

    /// `least_tick`: microseconds, the board's own end of that field's range.
    constexpr void write(stream::ByteWriter& payload, std::uint32_t least_tick) const {
        payload.put(to.session);
        payload.put(to.number);
        if (refusal) {
            const experiment::FieldInfo& field = experiment::info(refusal.field);
            payload.put(static_cast<std::uint8_t>(refusal.code));
            payload.put(static_cast<std::uint8_t>(refusal.field));
            payload.put(refusal.field == experiment::Field::tick_period
                            ? static_cast<float>(least_tick)
                            : field.lowest);
            payload.put(field.highest);
        }
    }
};

} // namespace tinymf::firmware
