// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <type_traits>

#include "app/closing.hpp"
#include "app/command.hpp"
#include "app/introduction.hpp"
#include "app/outbox.hpp"
#include "app/phase_timer.hpp"
#include "app/report.hpp"
#include "app/run_state.hpp"
#include "app/tick_record.hpp"
#include "port/boot_facts.hpp"
#include "port/port.hpp"
#include "port/stack_paint.hpp"
#include "tinymf/assert.hpp"
#include "tinymf/checkpoint/restoration.hpp"
#include "tinymf/checkpoint/snapshot.hpp"
#include "tinymf/experiment/engine.hpp"
#include "tinymf/experiment/self_test.hpp"
#include "tinymf/stream/byte_reader.hpp"
#include "tinymf/stream/frame.hpp"
#include "tinymf/stream/message.hpp"

namespace tinymf::firmware {

/// The one application, the same on every board and on the host: takes commands, steps the engine,
/// tells of the steps. `run()` never returns; a host that shares its thread calls `turn()` instead.
///
/// Order within a turn: receive at most one command, speak what is owed, advance one step, send.
/// Nothing about the line, the host or the clock ever changes a number of the model. With a tick,
/// the tick after the one of the step before releases a step (TickRecord); ticks run while the run
/// does. Boards with an outbox below 1.5 KiB have no memory for the times of phases.
/// Size: the engine, TransmitCapacity, and about 1.4 KiB, with times 0.9 KiB more.
template <Port P, class Models, std::size_t TransmitCapacity>
class Application {
    using Engine = typename Models::Engine;
    using Timer = std::conditional_t<(TransmitCapacity < 1536), PhaseMarker<P>, PhaseTimer<P>>;

public:
    explicit Application(P& port, std::string_view board) : port_(port), board_(board) {}

    /// Brings the board up and announces it. Once, first.
    void boot() {
        boot_ = port_.init();
        port_.progress.patience = longest_phase;
        introduction_.begin();
    }

    [[noreturn]] void run() {
        boot();
        for (;;) {
            pass();
        }
    }

    /// A turn, and the sleep or the look at the clock that follows it.
    void pass() {
        const bool busy = turn();
        if (!busy) {
            rest();
        } else if (is_ticking()) {
            look_at_clock();
        }
    }

    /// One turn of the loop; false when there was nothing to do.
    bool turn() {
        const bool received = receive();
        const bool spoken = speak();
        const bool stepped = advance();
        const bool sent = send();
        feed_watchdog();
        return received || spoken || stepped || sent;
    }

    /// Sleeps until a byte, a tick, or room on the line.
    void rest() {
        timer_.enter(WorkPhase::idle);
        const std::uint32_t running = ticks_.running();
        const Wake wake = port_.wait(is_ticking() ? period_ : 0, running);
        if (is_ticking() && wake.tick != running) {
            ticks_.take(wake);
        }
    }

    [[nodiscard]] const Engine& engine() const { return engine_; }
    [[nodiscard]] RunState state() const { return state_; }

private:
    static constexpr std::uint32_t unlimited = std::numeric_limits<std::uint32_t>::max();
    /// 30 s, or where the counter is too fast for them, nearly all of its 2^32 counts.
    static constexpr std::uint32_t longest_phase = static_cast<std::uint32_t>(
        std::min(std::uint64_t{30} * P::cycles_per_second, std::uint64_t{0xF000'0000}));

    /// Frames owed to the host besides the report of a step.
    struct Debts {
        bool answer = false;
        bool configuration = false;
        bool input = false;
        bool status = false;
        bool selftest = false;
        bool restored = false;

        [[nodiscard]] bool any() const {
            return answer || configuration || input || status || selftest || restored;
        }
    };

    [[nodiscard]] bool is_ticking() const { return period_ != 0 && state_ == RunState::running; }

    /// Sees a tick that has begun although there is no time to rest. No tick before the first is
    /// running, so that the wait returns at once.
    void look_at_clock() {
        const Wake wake = port_.wait(period_, ticks_.running() - 1);
        if (wake.tick != ticks_.running()) {
            ticks_.take(wake);
        }
    }

    /// Reads until one command is complete or nothing more has come. While an answer is owed no
    /// further command is taken, so none can be lost; the line holds the bytes back.
    bool receive() {
        timer_.enter(WorkPhase::receive);
        if (debts_.any()) {
            return false;
        }
        if (inbox_.empty()) {
            inbox_ = std::span<const std::uint8_t>(inbox_bytes_).first(port_.read(inbox_bytes_));
        }
        if (inbox_.empty()) {
            return false;
        }
        while (!inbox_.empty() && !debts_.any()) {
            const std::uint8_t byte = inbox_.front();
            inbox_ = inbox_.subspan(1);
            if (decoder_.feed(byte)) {
                take(decoder_.frame());
            }
        }
        return true;
    }

    void take(const stream::FrameView& frame) {
        stream::ByteReader payload(frame.payload);
        const CommandHeader header = read_command_header(payload);
        if (frame.header.kind == static_cast<std::uint8_t>(stream::Kind::credit)) {
            take_credit(header, payload);
            return;
        }
        answer_ = {header, {}};
        debts_.answer = true;
        if (!payload.ok() || frame.header.schema != stream::schema_id) {
            answer_.refusal = {experiment::RefusalCode::malformed, experiment::Field::none};
            return;
        }
        if (is_answered(header)) {
            answer_ = last_answer_;
            return;
        }
        answer_.refusal = check_and_execute(frame.header.kind, header, payload);
        if (header.session == session_) {
            last_answer_ = answer_;
        }
    }

    /// Numbers count from 1: before the first command of a session nothing is answered.
    [[nodiscard]] bool is_answered(const CommandHeader& header) const {
        return header == last_answer_.to && header.session == session_ && header.number != 0;
    }

    /// Flow control: cumulative, so that a lost one is made good by the next, and not answered.
    void take_credit(const CommandHeader& header, stream::ByteReader& payload) {
        const auto total = payload.get<std::uint32_t>();
        if (payload.finished() && header.session == session_) {
            outbox_.grant(total);
        }
    }

    experiment::Refusal check_and_execute(std::uint8_t kind, const CommandHeader& header,
                                          stream::ByteReader& payload) {
        using experiment::Field;
        using experiment::RefusalCode;
        const CommandRule* rule = rule_for(kind);
        if (rule == nullptr) {
            return {RefusalCode::unknown_command, Field::none};
        }
        if (is_stale(rule->command, header)) {
            return {RefusalCode::stale, Field::none};
        }
        if (!is_allowed(*rule, state_)) {
            return {RefusalCode::wrong_state, Field::none};
        }
        return execute(rule->command, header, payload);
    }

    [[nodiscard]] bool is_stale(stream::Kind command, const CommandHeader& header) const {
        const bool outside_sessions =
            command == stream::Kind::identify || command == stream::Kind::query_status;
        const bool opens_session = command == stream::Kind::configure;
        if (header.session != session_) {
            return !outside_sessions && !opens_session;
        }
        return header.number <= last_answer_.to.number;
    }

    experiment::Refusal execute(stream::Kind command, const CommandHeader& header,
                                stream::ByteReader& payload) {
        switch (command) {
        case stream::Kind::configure:
            return configure(header, payload);
        case stream::Kind::step:
            return step_for(payload);
        case stream::Kind::input:
            return hold_input(payload);
        case stream::Kind::restore:
            return restore(payload);
        default:
            break;
        }
        if (!payload.finished()) {
            return {experiment::RefusalCode::malformed, experiment::Field::none};
        }
        switch (command) {
        case stream::Kind::start:
            run_for(unlimited);
            break;
        case stream::Kind::pause:
            state_ = RunState::paused;
            break;
        case stream::Kind::stop:
            end_run(stream::EndReason::stopped);
            break;
        case stream::Kind::snapshot:
            return begin_snapshot();
        case stream::Kind::query_status:
            debts_.status = true;
            break;
        case stream::Kind::run_selftest:
            selftest_ = experiment::run_self_test();
            debts_.selftest = true;
            break;
        default:
            introduction_.begin();
            break;
        }
        return {};
    }

    experiment::Refusal configure(const CommandHeader& header, stream::ByteReader& payload) {
        using experiment::Field;
        using experiment::RefusalCode;
        const auto profile = payload.get<std::uint8_t>();
        const auto delivery = payload.get<std::uint8_t>();
        const auto deadline = payload.get<std::uint8_t>();
        const auto period_us = payload.get<std::uint32_t>();
        if (!payload.ok()) {
            return {RefusalCode::malformed, Field::none};
        }
        if (!experiment::in_range(Field::delivery, std::uint32_t{delivery})) {
            return {RefusalCode::out_of_range, Field::delivery};
        }
        if (!experiment::in_range(Field::deadline, std::uint32_t{deadline})) {
            return {RefusalCode::out_of_range, Field::deadline};
        }
        if (!experiment::in_range(Field::tick_period, period_us) ||
            (period_us != 0 && counts(period_us) == 0)) {
            return {RefusalCode::out_of_range, Field::tick_period};
        }
        if (const auto refusal = engine_.configure(profile, payload)) {
            return refusal;
        }
        session_ = header.session;
        state_ = RunState::configured;
        delivery_ = static_cast<stream::Delivery>(delivery);
        deadline_ = static_cast<stream::DeadlinePolicy>(deadline);
        period_us_ = period_us;
        period_ = counts(period_us);
        ticks_.clear();
        timer_.clear();
        started_ = false;
        report_ = {};
        closing_ = {};
        snapshot_ = {};
        restoration_ = {};
        outbox_.open(delivery_);
        debts_.configuration = true;
        return {};
    }

    [[nodiscard]] static constexpr std::uint32_t counts(std::uint32_t microseconds) {
        return static_cast<std::uint32_t>(std::uint64_t{microseconds} * P::cycles_per_second /
                                          1000000U);
    }

    experiment::Refusal step_for(stream::ByteReader& payload) {
        const auto steps = payload.get<std::uint32_t>();
        if (!payload.finished()) {
            return {experiment::RefusalCode::malformed, experiment::Field::none};
        }
        if (!experiment::in_range(experiment::Field::steps, steps)) {
            return {experiment::RefusalCode::out_of_range, experiment::Field::steps};
        }
        run_for(steps);
        return {};
    }

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

    experiment::Refusal hold_input(stream::ByteReader& payload) {
        const auto refusal = engine_.hold_input(payload);
        debts_.input = !refusal;
        return refusal;
    }

    experiment::Refusal begin_snapshot() {
        if (!snapshot_.finished()) {
            return {experiment::RefusalCode::wrong_state, experiment::Field::none};
        }
        snapshot_.begin(engine_);
        return {};
    }

    /// One piece of a checkpoint. A damaged whole leaves the run configured, at step 0.
    experiment::Refusal restore(stream::ByteReader& payload) {
        const auto first = payload.get<std::uint32_t>();
        const auto total = payload.get<std::uint32_t>();
        const auto piece = payload.get_bytes(payload.remaining());
        if (!payload.ok()) {
            return {experiment::RefusalCode::malformed, experiment::Field::none};
        }
        if (!snapshot_.finished()) {
            return {experiment::RefusalCode::wrong_state, experiment::Field::none};
        }
        const auto refusal = restoration_.take(engine_, first, total, piece);
        state_ = restoration_.unfinished() ? RunState::restoring : RunState::configured;
        debts_.restored = !refusal && !restoration_.unfinished();
        return refusal;
    }

    /// After a turn, and only here. The stack's lowest word was painted at the start; a step that
    /// was not exactly the next has ended in an assertion before.
    void feed_watchdog() {
        if (!boot_.stack.empty() && boot_.stack.front() != stack_paint) {
            port_.fatal(FaultCause::stack_overflow, 0);
        }
        port_.progress.rounds = port_.progress.rounds + 1;
    }

    /// Offers what is owed, in order, until something finds no room or nothing is left.
    bool speak() {
        timer_.enter(WorkPhase::pack);
        bool spoken = false;
        while (offer_next()) {
            spoken = true;
        }
        return spoken;
    }

    /// True when one frame was taken by the outbox.
    bool offer_next() {
        using stream::ByteWriter;
        if (!introduction_.finished(Engine::profiles.size())) {
            return introduction_.template offer_next<P>(outbox_, boot_, board_, Engine::profiles);
        }
        if (debts_.answer) {
            return settle(debts_.answer,
                          outbox_.answer(answer_.kind(),
                                         [this](ByteWriter& payload) { answer_.write(payload); }));
        }
        if (debts_.configuration) {
            return settle(debts_.configuration,
                          outbox_.answer(stream::Kind::configuration,
                                         [this](ByteWriter& payload) { write_setup(payload); }));
        }
        if (debts_.input) {
            return settle(debts_.input,
                          outbox_.answer(stream::Kind::input_taken, [this](ByteWriter& payload) {
                              payload.put(engine_.step_index());
                              engine_.write_held_input(payload);
                          }));
        }
        if (debts_.status) {
            return settle(debts_.status,
                          outbox_.answer(stream::Kind::status,
                                         [this](ByteWriter& payload) { write_status(payload); }));
        }
        if (debts_.selftest) {
            return settle(debts_.selftest,
                          outbox_.answer(stream::Kind::selftest,
                                         [this](ByteWriter& payload) { write_selftest(payload); }));
        }
        if (debts_.restored) {
            return settle(debts_.restored,
                          outbox_.answer(stream::Kind::restored,
                                         [this](ByteWriter& payload) { write_place(payload); }));
        }
        if (!snapshot_.finished()) {
            return offer_checkpoint();
        }
        if (!report_.finished()) {
            return report_.offer_next(outbox_, engine_);
        }
        return !closing_.finished() &&
               closing_.offer_next(outbox_, engine_, timer_, ticks_, period_);
    }

    /// Before what the step still has to say, so that nothing comes after END.
    bool offer_checkpoint() {
        const auto write = [this](stream::ByteWriter& payload) {
            payload.put(snapshot_.position());
            payload.put(snapshot_.total_bytes());
            snapshot_.write_next(engine_, payload);
        };
        const bool taken = outbox_.closing(stream::Kind::checkpoint, write);
        if (taken) {
            snapshot_.accept();
        }
        return taken;
    }

    static bool settle(bool& debt, bool queued) {
        debt = !queued;
        return queued;
    }

    void write_setup(stream::ByteWriter& payload) const {
        payload.put(session_);
        payload.put(engine_.profile());
        payload.put(static_cast<std::uint8_t>(delivery_));
        payload.put(static_cast<std::uint8_t>(deadline_));
        payload.put(period_us_);
        engine_.write_parameters(payload);
    }

    void write_place(stream::ByteWriter& payload) const {
        payload.put(engine_.step_index());
        payload.put(engine_.digest());
        payload.put(engine_.couplings_digest());
    }

    void write_status(stream::ByteWriter& payload) const {
        payload.put(session_);
        payload.put(last_answer_.to.number);
        payload.put(static_cast<std::uint8_t>(state_));
        payload.put(engine_.step_index());
        payload.put(outbox_.dropped());
        payload.put(ticks_.missed());
        payload.put(static_cast<std::uint32_t>(painted_high_water(boot_.stack)));
        payload.put(engine_.digest());
    }

    void write_selftest(stream::ByteWriter& payload) const {
        payload.put(static_cast<std::uint8_t>(selftest_.passed() ? 1 : 0));
        payload.put(selftest_.functions);
        payload.put(selftest_.network);
        payload.put(static_cast<std::uint8_t>(selftest_.generator ? 1 : 0));
        payload.put(boot_.float_mode);
    }

    /// One step, once everything about the step before was said.
    bool advance() {
        if (state_ != RunState::running || !report_.finished() || !snapshot_.finished() ||
            debts_.any() || engine_.finished()) {
            return false;
        }
        if (period_ != 0 && !ticks_.releases_a_step()) {
            return false;
        }
        if (period_ != 0 && ticks_.judge(period_) && deadline_ == stream::DeadlinePolicy::stop) {
            end_run(stream::EndReason::missed_deadline);
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

    void begin_report() {
        report_.begin(engine_);
        if (engine_.fault().found) {
            end_run(stream::EndReason::non_finite);
        } else if (engine_.finished()) {
            end_run(stream::EndReason::completed);
        }
    }

    void end_run(stream::EndReason reason) {
        state_ = RunState::ended;
        closing_.begin(reason);
    }

    bool send() {
        timer_.enter(WorkPhase::send);
        const auto bytes = outbox_.unsent();
        if (bytes.empty()) {
            return false;
        }
        const std::size_t taken = port_.write(bytes);
        outbox_.sent(taken);
        return taken != 0;
    }

    P& port_;
    std::string_view board_;
    BootFacts boot_{};
    Engine engine_;
    Outbox<TransmitCapacity> outbox_;
    stream::FrameDecoder decoder_;
    Introduction introduction_;
    Report report_;
    Closing closing_;
    TickRecord ticks_;
    Timer timer_{port_};
    checkpoint::Snapshot snapshot_;
    checkpoint::Restoration restoration_;
    Answer answer_;
    Answer last_answer_;
    Debts debts_;
    experiment::SelfTestResult selftest_;
    RunState state_ = RunState::idle;
    stream::Delivery delivery_ = stream::Delivery::lossless;
    stream::DeadlinePolicy deadline_ = stream::DeadlinePolicy::late;
    bool started_ = false;
    std::uint32_t session_ = 0;
    std::uint32_t steps_allowed_ = 0;
    std::uint32_t period_us_ = 0;
    std::uint32_t period_ = 0; ///< counts of the port's counter; 0: free running
    std::array<std::uint8_t, 64> inbox_bytes_{};
    std::span<const std::uint8_t> inbox_; ///< read, not yet decoded
};

} // namespace tinymf::firmware
