// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "tinymf/experiment/refusal.hpp"
#include "tinymf/stream/frame_kinds.hpp"

namespace tinymf::firmware {

using stream::CommandHeader;

/// The answer to one command: ACK, or NAK with what was wrong and the allowed range.
struct Answer {
    CommandHeader to;
    experiment::Refusal refusal;

    /// Queues it. `least_tick`: microseconds, the board's own end of that field's range.
    template <class Outbox>
    [[nodiscard]] bool offer(Outbox& outbox, std::uint32_t least_tick) const {
        if (!refusal) {
            return outbox.answer(stream::AckFrame{to});
        }
        const experiment::FieldInfo& field = experiment::info(refusal.field);
        return outbox.answer(
            stream::NakFrame{.to = to,
                             .code = static_cast<std::uint8_t>(refusal.code),
                             .field = static_cast<std::uint8_t>(refusal.field),
                             .lowest = refusal.field == experiment::Field::tick_period
                                           ? static_cast<float>(least_tick)
                                           : field.lowest,
                             .highest = field.highest});
    }
};

} // namespace tinymf::firmware
