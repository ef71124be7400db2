// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include "app/command.hpp"
#include "app/inbox.hpp"
#include "app/introduction.hpp"
#include "app/outbox.hpp"
#include "app/phase_timer.hpp"
#include "app/run.hpp"
#include "app/run_state.hpp"
#include "port/boot_facts.hpp"
#include "port/port.hpp"
#include "port/stack_paint.hpp"
#include "tinymf/experiment/refusal.hpp"
#include "tinymf/experiment/self_test.hpp"
#include "tinymf/stream/byte_reader.hpp"
#include "tinymf/stream/byte_writer.hpp"
#include "tinymf/stream/frame.hpp"
#include "tinymf/stream/frame_kinds.hpp"
#include "tinymf/stream/run_policy.hpp"

namespace tinymf::firmware {

/// The one application, the same on every board and on the host: the loop, and the dialogue with
/// the host about one run. `run()` never returns; a host that shares its thread calls `turn()`
/// instead.
///
/// Order within a turn: receive at most one command, queue pending replies, advance one step, send.
/// Nothing about the line, the host or the clock ever changes a number of the model. Boards with an
/// outbox below 1.5 KiB have no memory for the times of phases.
/// Size: the engine, TransmitCapacity, and about 1.4 KiB, with times 0.9 KiB more.
template <Port P, class Models, std::size_t TransmitCapacity>
class Application {
    using Engine = typename Models::Engine;
    using Timer = std::conditional_t<(TransmitCapacity < 1536), PhaseMarker<P>, PhaseTimer<P>>;
    using Refusal = experiment::Refusal;
    using RefusalCode = experiment::RefusalCode;
    using Field = experiment::Field;

public:
    explicit Application(P& port, std::string_view board)
        : port_(port), board_(board), run_(port) {}
    Application(const Application&) = delete;
    Application& operator=(const Application&) = delete;

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
        if (turn()) {
            run_.look_at_clock();
        } else {
            rest();
        }
    }

    /// One turn of the loop; false when there was nothing to do.
    bool turn() {
        const bool received = receive();
        const bool queued = queue_replies();
        const bool stepped = !pending_.any() && run_.advance();
        const bool sent = send();
        feed_watchdog();
        return received || queued || stepped || sent;
    }

    /// Sleeps until a byte, a tick, or room on the line.
    void rest() { run_.rest(); }

    [[nodiscard]] const Engine& engine() const { return run_.engine(); }
    [[nodiscard]] RunState state() const { return run_.state(); }

private:
    /// 30 s, or where the counter is too fast for them, nearly all of its 2^32 counts.
    static constexpr std::uint32_t longest_phase = static_cast<std::uint32_t>(
        std::min(std::uint64_t{30} * P::cycles_per_second, std::uint64_t{0xF000'0000}));

    /// Frames that the host waits for besides those of the run.
    struct PendingReplies {
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

    /// Reads until one command is complete or nothing more has come. While an answer is pending no
    /// further command is taken, so none can be lost; the line holds the bytes back.
    bool receive() {
        run_.enter(observe::WorkPhase::receive);
        if (pending_.any() || !inbox_.fill(port_)) {
            return false;
        }
        while (!pending_.any() && inbox_.decode()) {
            take(inbox_.frame());
        }
        return true;
    }

    void take(const stream::FrameView& frame) {
        stream::ByteReader payload(frame.payload);
        const auto header = stream::get_fields<CommandHeader>(payload);
        if (frame.header.kind == static_cast<std::uint8_t>(stream::Kind::credit)) {
            take_credit(header, payload);
            return;
        }
        answer_ = {header, {}};
        pending_.answer = true;
        if (!payload.ok() || frame.header.schema != stream::schema_id) {
            answer_.refusal = {RefusalCode::malformed, Field::none};
            return;
        }
        if (is_answered(header)) {
            answer_ = last_answer_;
            return;
        }
        answer_.refusal = check_and_execute(frame.header.kind, header, payload);
        if (is_newest(header)) {
            last_answer_ = answer_;
        }
    }

    /// One that came late must not make those after it look unanswered.
    [[nodiscard]] bool is_newest(const CommandHeader& header) const {
        const bool opened_session = last_answer_.to.session != session_;
        return header.session == session_ &&
               (opened_session || header.number > last_answer_.to.number);
    }

    /// Numbers count from 1: before the first command of a session nothing is answered.
    [[nodiscard]] bool is_answered(const CommandHeader& header) const {
        return header == last_answer_.to && header.session == session_ && header.number != 0;
    }

    /// Flow control: cumulative, so that a lost one is made good by the next, and not answered.
    void take_credit(const CommandHeader& header, stream::ByteReader& payload) {
        const auto credit = stream::get_fields<stream::CreditArguments>(payload);
        if (payload.finished() && header.session == session_) {
            outbox_.grant(credit.frames);
        }
    }

    Refusal check_and_execute(std::uint8_t kind, const CommandHeader& header,
                              stream::ByteReader& payload) {
        const CommandRule* rule = rule_for(kind);
        if (rule == nullptr) {
            return {RefusalCode::unknown_command, Field::none};
        }
        if (is_stale(rule->command, header)) {
            return {RefusalCode::stale, Field::none};
        }
        if (!is_allowed(*rule, run_.state())) {
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

    Refusal execute(stream::Kind command, const CommandHeader& header,
                    stream::ByteReader& payload) {
        switch (command) {
        case stream::Kind::configure:
            return configure(header, payload);
        case stream::Kind::step:
            return run_.step_for(payload);
        case stream::Kind::input:
            return pending_unless_refused(pending_.input, run_.hold_input(payload));
        case stream::Kind::restore:
            return restore(payload);
        default:
            break;
        }
        return payload.finished() ? execute_plain(command)
                                  : Refusal{RefusalCode::malformed, Field::none};
    }

    /// The commands without arguments.
    Refusal execute_plain(stream::Kind command) {
        switch (command) {
        case stream::Kind::start:
            run_.start();
            break;
        case stream::Kind::pause:
            run_.pause();
            break;
        case stream::Kind::stop:
            run_.end(stream::EndReason::stopped);
            break;
        case stream::Kind::snapshot:
            return run_.begin_snapshot();
        case stream::Kind::query_status:
            pending_.status = true;
            break;
        case stream::Kind::run_selftest:
            announce_changed_float_mode();
            selftest_ = experiment::run_self_test();
            pending_.selftest = true;
            break;
        default:
            look_at_float_mode();
            introduction_.begin();
            break;
        }
        return {};
    }

    static Refusal pending_unless_refused(bool& pending, const Refusal& refusal) {
        pending = !refusal;
        return refusal;
    }

    /// A board has its mode from start-up; in a process, other code may have changed it since.
    void look_at_float_mode() {
        if constexpr (requires { port_.current_float_mode(); }) {
            boot_.float_mode = port_.current_float_mode();
        }
    }

    /// A host must not take a run for one in the mode that HELLO announced: another is announced
    /// first.
    void announce_changed_float_mode() {
        const std::uint32_t announced = boot_.float_mode;
        look_at_float_mode();
        if (boot_.float_mode != announced) {
            introduction_.begin();
        }
    }

    Refusal configure(const CommandHeader& header, stream::ByteReader& payload) {
        announce_changed_float_mode();
        const auto refusal =
            pending_unless_refused(pending_.configuration, run_.configure(payload));
        if (!refusal) {
            session_ = header.session;
            outbox_.open(run_.delivery());
        }
        return refusal;
    }

    Refusal restore(stream::ByteReader& payload) {
        const auto refusal = run_.restore(payload);
        pending_.restored = !refusal && run_.state() == RunState::configured;
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

    /// Offers what is pending, in order, until something finds no room or nothing is left.
    bool queue_replies() {
        run_.enter(observe::WorkPhase::pack);
        bool queued = false;
        while (offer_next()) {
            queued = true;
        }
        return queued;
    }

    /// True when one frame was taken by the outbox.
    bool offer_next() {
        if (!introduction_.finished(Engine::profiles.size())) {
            return introduction_.template offer_next<P>(outbox_, boot_, board_, Engine::profiles);
        }
        if (pending_.answer) {
            return offered(pending_.answer, answer_.offer(outbox_, least_tick_microseconds<P>));
        }
        if (pending_.configuration) {
            return offered(pending_.configuration, run_.offer_setup(outbox_, session_));
        }
        if (pending_.input) {
            return offered(pending_.input, run_.offer_input(outbox_));
        }
        if (pending_.status) {
            return offered(pending_.status, outbox_.answer(status()));
        }
        if (pending_.selftest) {
            return offered(pending_.selftest, outbox_.answer(selftest()));
        }
        if (pending_.restored) {
            return offered(pending_.restored, run_.offer_place(outbox_));
        }
        return run_.offer_next(outbox_);
    }

    static bool offered(bool& pending, bool queued) {
        pending = !queued;
        return queued;
    }

    [[nodiscard]] stream::StatusFrame status() const {
        return {.session = session_,
                .command = last_answer_.to.number,
                .run_state = static_cast<std::uint8_t>(run_.state()),
                .step = engine().step_index(),
                .dropped_frames = outbox_.dropped(),
                .missed_ticks = run_.missed_ticks(),
                .stack_high_water = static_cast<std::uint32_t>(painted_high_water(boot_.stack)),
                .states_digest = engine().digest()};
    }

    [[nodiscard]] stream::SelftestFrame selftest() const {
        return {.passed = static_cast<std::uint8_t>(selftest_.passed() ? 1 : 0),
                .functions_digest = selftest_.functions,
                .network_digest = selftest_.network,
                .known_answers = static_cast<std::uint8_t>(selftest_.generator ? 1 : 0),
                .mode_bits = boot_.float_mode};
    }

    bool send() {
        run_.enter(observe::WorkPhase::send);
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
    Inbox inbox_;
    Outbox<TransmitCapacity> outbox_;
    Introduction introduction_;
    Run<P, Engine, Timer> run_;
    Answer answer_;
    Answer last_answer_;
    PendingReplies pending_;
    experiment::SelfTestResult selftest_;
    std::uint32_t session_ = 0;
};

} // namespace tinymf::firmware
