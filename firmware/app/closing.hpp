// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "app/phase_timer.hpp"
#include "app/tick_record.hpp"
#include "tinymf/mean_field/saturation.hpp"
#include "tinymf/observe/work_phase.hpp"
#include "tinymf/stream/byte_writer.hpp"
#include "tinymf/stream/frame_kinds.hpp"
#include "tinymf/stream/run_policy.hpp"

namespace tinymf::firmware {

/// The frames that close a run, in order: TIMING of each phase where the board keeps times, TICKS
/// where the run has a tick, SATURATION where numbers were held, END. A cursor like Report. Size 8
/// bytes.
class Closing {
public:
    /// The run is over; the last step's report goes first.
    void begin(stream::EndReason reason) {
        reason_ = reason;
        next_ = 0;
        pending_ = true;
    }

    [[nodiscard]] bool finished() const { return !pending_; }

    /// Offers one frame; false when it was not taken. `period`: of the tick in counts, 0 without.
    template <class Outbox, class Engine, class Timer>
    [[nodiscard]] bool offer_next(Outbox& outbox, const Engine& engine, Timer& timer,
                                  const TickRecord& ticks, std::uint32_t period) {
        if (next_ == 0) {
            timer.end_step();
        }
        const auto statistics = timer.statistics();
        if (next_ < statistics.size()) {
            const PhaseStatistics& phase = statistics[next_];
            stream::TimingFrame frame = phase.frame();
            frame.phase = static_cast<std::uint8_t>(
                static_cast<std::size_t>(observe::first_step_phase) + next_);
            return done(outbox.closing(
                frame, stream::add_values(std::span<const std::uint32_t>(phase.histogram))));
        }
        if (period != 0 && next_ == statistics.size()) {
            return done(outbox.closing(ticks.frame(period)));
        }
        const mean_field::Saturation saturation = engine.saturation();
        const std::size_t before_saturation = statistics.size() + (period != 0 ? 1U : 0U);
        if (saturation.count != 0 && next_ == before_saturation) {
            return done(outbox.closing(stream::SaturationFrame{
                .count = saturation.count, .first_step = saturation.first_step}));
        }
        const bool taken =
            outbox.closing(stream::EndFrame{.reason = static_cast<std::uint8_t>(reason_),
                                            .step = engine.step_index(),
                                            .states_digest = engine.digest(),
                                            .couplings_digest = engine.couplings_digest(),
                                            .dropped_frames = outbox.dropped()});
        pending_ = !taken;
        return taken;
    }

private:
    bool done(bool taken) {
        next_ += taken ? 1U : 0U;
        return taken;
    }

    std::uint32_t next_ = 0;
    stream::EndReason reason_ = stream::EndReason::completed;
    bool pending_ = false;
};

} // namespace tinymf::firmware
