// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>

#include "app/closing.hpp"
#include "app/report.hpp"
#include "app/run_state.hpp"
#include "app/tick_record.hpp"
#include "port/port.hpp"
#include "tinymf/assert.hpp"
#include "tinymf/checkpoint/restoration.hpp"
#include "tinymf/checkpoint/snapshot.hpp"
#include "tinymf/experiment/refusal.hpp"
#include "tinymf/experiment/validation.hpp"
#include "tinymf/observe/work_phase.hpp"
#include "tinymf/stream/byte_reader.hpp"
#include "tinymf/stream/byte_writer.hpp"
#include "tinymf/stream/frame_kinds.hpp"
#include "tinymf/stream/run_policy.hpp"

namespace tinymf::firmware {

/// One run of the engine: its commands, when a step is due, and the frames that report
/// steps, checkpoints and the end. Commands arrive here checked against the state they are allowed
/// in. With a tick, the tick after the one of the step before releases a step (TickRecord); ticks
/// run while the run does. `Timer`: PhaseTimer or PhaseMarker. Holds an engine: no copies.
template <Port P, class Engine, class Timer>
class Run {
    using Refusal = experiment::Refusal;
    using RefusalCode = experiment::RefusalCode;
    using Field = experiment::Field;

public:
    explicit Run(P& port) : port_(port), timer_(port) {}
    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;

    [[nodiscard]] const Engine& engine() const { return engine_; }
    [[nodiscard]] RunState state() const { return state_; }
    [[nodiscard]] stream::Delivery delivery() const {
        return static_cast<stream::Delivery>(setup_.delivery);
    }
    [[nodiscard]] std::uint32_t missed_ticks() const { return ticks_.missed(); }

    /// The time from here on is spent in this phase.
    void enter(observe::WorkPhase phase) { timer_.enter(phase); }

    /// Replaces the run, unless something about the new one is refused.
    Refusal configure(stream::ByteReader& payload) {
        const auto setup = stream::get_fields<stream::ConfigureArguments>(payload);
        if (!payload.ok()) {
            return {RefusalCode::malformed, Field::none};
        }
        if (!experiment::in_range(Field::delivery, std::uint32_t{setup.delivery})) {
            return {RefusalCode::out_of_range, Field::delivery};
        }
        if (!experiment::in_range(Field::deadline, std::uint32_t{setup.deadline})) {
            return {RefusalCode::out_of_range, Field::deadline};
        }
        if (!experiment::in_range(Field::tick_period, setup.tick_period) ||
            (setup.tick_period != 0 && setup.tick_period < least_tick_microseconds<P>)) {
            return {RefusalCode::out_of_range, Field::tick_period};
        }
        if (const auto refusal = engine_.configure(setup.profile, payload)) {
            return refusal;
        }
        state_ = RunState::configured;
        setup_ = setup;
        period_ = counts(setup.tick_period);
        ticks_.clear();
        timer_.clear();
        started_ = false;
        report_ = {};
        closing_ = {};
        snapshot_ = {};
        restoration_ = {};
        return {};
    }

    void start() { run_for(unlimited); }

    Refusal step_for(stream::ByteReader& payload) {
        const auto steps = stream::get_fields<stream::StepArguments>(payload).steps;
        if (!payload.finished()) {
            return {RefusalCode::malformed, Field::none};
        }
        if (!experiment::in_range(Field::steps, steps)) {
            return {RefusalCode::out_of_range, Field::steps};
        }
        run_for(steps);
        return {};
    }

    void pause() { state_ = RunState::paused; }

    void end(stream::EndReason reason) {
        state_ = RunState::ended;
        closing_.begin(reason);
    }

    Refusal hold_input(stream::ByteReader& payload) { return engine_.hold_input(payload); }

    /// Where the configuration itself has no finite state there is nothing to keep: the run is
    /// over.
    Refusal begin_snapshot() {
        if (!snapshot_.finished()) {
            return {RefusalCode::wrong_state, Field::none};
        }
        if (engine_.fault().found) {
            begin_report();
        } else {
            snapshot_.begin(engine_);
        }
        return {};
    }

    /// One piece of a checkpoint; the last makes the run configured again. A damaged whole does so
    /// too, at step 0.
    Refusal restore(stream::ByteReader& payload) {
        const auto place = stream::get_fields<stream::CheckpointFrame>(payload);
        const auto piece = payload.get_bytes(payload.remaining());
        if (!payload.ok()) {
            return {RefusalCode::malformed, Field::none};
        }
        if (!snapshot_.finished()) {
            return {RefusalCode::wrong_state, Field::none};
        }
        const auto refusal = restoration_.take(engine_, place.first_byte, place.total, piece);
        state_ = restoration_.unfinished() ? RunState::restoring : RunState::configured;
        return refusal;
    }

    /// One step, once everything about the step before was said; false when none is due.
    bool advance() {
        if (state_ != RunState::running || !report_.finished() || !snapshot_.finished() ||
            engine_.finished()) {
            return false;
        }
        if (period_ != 0 && !ticks_.releases_a_step()) {
            return false;
        }
        if (period_ != 0 && ticks_.judge(period_) && stops_at_missed_ticks()) {
            end(stream::EndReason::missed_deadline);
            return true;
        }
        port_.progress.tick = engine_.step_index();
        timer_.begin_step();
        engine_.step(timer_);
        TINYMF_ASSERT(engine_.step_index() == port_.progress.tick + 1);
        begin_report();
        if (steps_allowed_ != unlimited && --steps_allowed_ == 0 && state_ == RunState::running) {
            state_ = RunState::paused;
        }
        return true;
    }

    /// Sleeps until a byte, a tick, or room on the line.
    void rest() {
        timer_.enter(observe::WorkPhase::idle);
        const std::uint32_t running = ticks_.running();
        const Wake wake = port_.wait(is_ticking() ? period_ : 0, running);
        if (is_ticking() && wake.tick != running) {
            ticks_.take(wake);
        }
    }

    /// Sees a tick that has begun although there is no time to rest. No tick before the first is
    /// running, so that the wait returns at once.
    void look_at_clock() {
        if (!is_ticking()) {
            return;
        }
        const Wake wake = port_.wait(period_, ticks_.running() - 1);
        if (wake.tick != ticks_.running()) {
            ticks_.take(wake);
        }
    }

    /// Offers the next frame of the run; false when there is none, or no room for it.
    template <class Outbox>
    bool offer_next(Outbox& outbox) {
        if (!snapshot_.finished()) {
            return offer_checkpoint(outbox);
        }
        if (!report_.finished()) {
            return report_.offer_next(outbox, engine_);
        }
        return !closing_.finished() &&
               closing_.offer_next(outbox, engine_, timer_, ticks_, period_);
    }

    // Answers of which the dialogue knows when they are due; false when there was no room.

    template <class Outbox>
    [[nodiscard]] bool offer_setup(Outbox& outbox, std::uint32_t session) const {
        return outbox.answer(
            stream::ConfigurationFrame{.session = session,
                                       .setup = setup_,
                                       .tick_counts = period_,
                                       .tick_clock =
                                           period_ != 0 ? std::uint32_t{P::cycles_per_second} : 0U},
            [this](stream::ByteWriter& payload) { engine_.write_parameters(payload); });
    }

    template <class Outbox>
    [[nodiscard]] bool offer_input(Outbox& outbox) const {
        return outbox.answer(
            stream::InputTakenFrame{.step = engine_.step_index()},
            [this](stream::ByteWriter& payload) { engine_.write_held_input(payload); });
    }

    template <class Outbox>
    [[nodiscard]] bool offer_place(Outbox& outbox) const {
        return outbox.answer(
            stream::RestoredFrame{{.step = engine_.step_index(),
                                   .states_digest = engine_.digest(),
                                   .couplings_digest = engine_.couplings_digest()}});
    }

private:
    static constexpr std::uint32_t unlimited = std::numeric_limits<std::uint32_t>::max();

    /// Rounded to nearest: at 32,768 counts a second a millisecond is .7 % off, not 2.3 %.
    [[nodiscard]] static constexpr std::uint32_t counts(std::uint32_t microseconds) {
        constexpr std::uint32_t second = 1'000'000;
        return static_cast<std::uint32_t>(
            (std::uint64_t{microseconds} * P::cycles_per_second + second / 2) / second);
    }

    [[nodiscard]] bool stops_at_missed_ticks() const {
        return setup_.deadline == static_cast<std::uint8_t>(stream::DeadlinePolicy::stop);
    }

    [[nodiscard]] bool is_ticking() const { return period_ != 0 && state_ == RunState::running; }

    void run_for(std::uint32_t steps) {
        state_ = RunState::running;
        steps_allowed_ = steps;
        restart_ticks();
        if (!started_) {
            started_ = true;
            begin_report();
        }
    }

    /// Another period restarts the port's ticks, also when the next wait asks for this one again.
    /// It does not sleep: tick 0, which begins now, is not tick 1.
    void restart_ticks() {
        ticks_.restart();
        if (period_ != 0) {
            static_cast<void>(port_.wait(period_ + 1, 1));
        }
    }

    void begin_report() {
        report_.begin(engine_);
        if (engine_.fault().found) {
            end(stream::EndReason::non_finite);
        } else if (engine_.finished()) {
            end(stream::EndReason::completed);
        }
    }

    /// Before what the step still has to say, so that nothing comes after END.
    template <class Outbox>
    bool offer_checkpoint(Outbox& outbox) {
        const bool taken = outbox.closing(
            stream::CheckpointFrame{.first_byte = snapshot_.position(),
                                    .total = snapshot_.total_bytes()},
            [this](stream::ByteWriter& payload) { snapshot_.write_next(engine_, payload); });
        if (taken) {
            snapshot_.accept();
        }
        return taken;
    }

    P& port_;
    Engine engine_;
    Report report_;
    Closing closing_;
    TickRecord ticks_;
    Timer timer_;
    checkpoint::Snapshot snapshot_;
    checkpoint::Restoration restoration_;
    RunState state_ = RunState::idle;
    stream::ConfigureArguments setup_;
    bool started_ = false;
    std::uint32_t steps_allowed_ = 0;
    std::uint32_t period_ = 0; ///< counts of the port's counter; 0: free running
};

} // namespace tinymf::firmware
