// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include <gtest/gtest.h>

#include "app/run_state.hpp"
#include "property/drawn_command.hpp"
#include "tinymf/experiment/engine.hpp"
#include "tinymf/experiment/refusal.hpp"
#include "tinymf/experiment/wire.hpp"
#include "tinymf/network/network.hpp"
#include "tinymf/observe/work_phase.hpp"
#include "tinymf/stream/byte_reader.hpp"
#include "tinymf/stream/frame_kinds.hpp"

namespace tinymf::firmware {

using Tiny = network::Network<float, 4, model::CouplingKind::gaussian>;
using TinyEngine = experiment::Engine<Tiny>;

/// The session as the protocol describes it, without a byte of the application's code; the numbers
/// come from an engine of its own.
class SessionModel {
public:
    /// The answer that must come; none for CREDIT.
    std::optional<Refusal> answer(const DrawnCommand& command) {
        if (is(command, Kind::credit)) {
            take_credit(command);
            return {};
        }
        if (!command.whole || command.schema != stream::schema_id) {
            return Refusal{RefusalCode::malformed, Field::none};
        }
        const bool in_session = command.header.session == session_;
        if (in_session && command.header.number != 0 && command.header.number == last_number_) {
            return last_refusal_;
        }
        const Refusal refusal = judge(command);
        if (!refusal) {
            execute(command);
        }
        const bool newest = !in_session || command.header.number > last_number_;
        if (command.header.session == session_ && newest) {
            last_number_ = command.header.number;
            last_refusal_ = refusal;
        }
        return refusal;
    }

    /// Lets the run go as far as credit and permission allow; returns the data frames it sends.
    std::uint32_t run() {
        const std::uint32_t before = used_;
        for (;;) {
            while (owed_ > 0 && (realtime_ || used_ < credit_)) {
                --owed_;
                ++used_;
            }
            if (owed_ > 0 || state_ != RunState::running) {
                return used_ - before;
            }
            engine_->step();
            report_step();
            if (allowed_ != unlimited && --allowed_ == 0 && state_ == RunState::running) {
                state_ = RunState::paused;
            }
        }
    }

    [[nodiscard]] RunState state() const { return state_; }
    [[nodiscard]] std::uint32_t session() const { return session_; }
    [[nodiscard]] std::uint32_t last_number() const { return last_number_; }
    [[nodiscard]] std::uint32_t credit() const { return credit_; }
    [[nodiscard]] const TinyEngine& engine() const { return *engine_; }
    [[nodiscard]] const Bytes& parameters() const { return parameters_; }

private:
    static constexpr std::uint32_t unlimited = std::numeric_limits<std::uint32_t>::max();

    static bool is(const DrawnCommand& command, Kind kind) {
        return command.kind == static_cast<std::uint8_t>(kind);
    }

    void take_credit(const DrawnCommand& command) {
        if (command.whole && command.header.session == session_ && command.arguments.size() == 4) {
            stream::ByteReader reader(command.arguments);
            credit_ = std::max(credit_, reader.get<std::uint32_t>());
        }
    }

    [[nodiscard]] Refusal judge(const DrawnCommand& command) const {
        const std::optional<std::vector<RunState>> allowed = states_of(command);
        if (!allowed) {
            return {RefusalCode::unknown_command, Field::none};
        }
        const bool in_session = command.header.session == session_;
        const bool needs_none = is(command, Kind::configure) || is(command, Kind::identify) ||
                                is(command, Kind::query_status);
        if (in_session ? command.header.number <= last_number_ : !needs_none) {
            return {RefusalCode::stale, Field::none};
        }
        if (std::ranges::find(*allowed, state_) == allowed->end()) {
            return {RefusalCode::wrong_state, Field::none};
        }
        if (is(command, Kind::input) && command.of_content.field != Field::input && !is_live()) {
            return {RefusalCode::bad_combination, Field::stimulus_kind};
        }
        if (is(command, Kind::input) && command.of_content.code == RefusalCode::out_of_range &&
            !is_live()) {
            return {RefusalCode::bad_combination, Field::stimulus_kind};
        }
        return command.of_content;
    }

    static std::optional<std::vector<RunState>> states_of(const DrawnCommand& command) {
        using enum RunState;
        switch (static_cast<Kind>(command.kind)) {
        case Kind::configure:
        case Kind::run_selftest:
            return {{idle, configured, ended}};
        case Kind::start:
        case Kind::step:
            return {{configured, paused}};
        case Kind::pause:
            return {{running}};
        case Kind::stop:
        case Kind::input:
            return {{configured, running, paused}};
        case Kind::query_status:
        case Kind::identify:
            return {{idle, configured, running, paused, ended}};
        default:
            return {};
        }
    }

    [[nodiscard]] bool is_live() const { return stimulus_ == model::StimulusKind::live; }

    void execute(const DrawnCommand& command) {
        stream::ByteReader arguments(command.arguments);
        switch (static_cast<Kind>(command.kind)) {
        case Kind::configure:
            configure(command, arguments);
            break;
        case Kind::start:
            go(unlimited);
            break;
        case Kind::step:
            go(arguments.get<std::uint32_t>());
            break;
        case Kind::pause:
            state_ = RunState::paused;
            break;
        case Kind::stop:
            end();
            break;
        case Kind::input:
            EXPECT_FALSE(engine_->hold_input(arguments));
            break;
        default:
            break;
        }
    }

    void configure(const DrawnCommand& command, stream::ByteReader& arguments) {
        (void)arguments.get<std::uint8_t>();
        realtime_ = arguments.get<std::uint8_t>() == 1;
        (void)arguments.get_bytes(5);
        const auto rest = std::span(command.arguments).subspan(arguments.position());
        parameters_.assign(rest.begin(), rest.end());
        stream::ByteReader of_parameters(parameters_);
        stimulus_ = experiment::read_parameters<float>(of_parameters).stimulus;
        stream::ByteReader wire(parameters_);
        EXPECT_FALSE(engine_->configure(0, wire));
        session_ = command.header.session;
        state_ = RunState::configured;
        started_ = false;
        credit_ = used_ = owed_ = 0;
    }

    void go(std::uint32_t steps) {
        state_ = RunState::running;
        allowed_ = steps;
        if (!started_) {
            started_ = true;
            report_step();
        }
    }

    void report_step() {
        const bool faulty = engine_->fault().found;
        const std::uint32_t replicas = static_cast<std::uint8_t>(engine_->visit(
            [](const auto& model) { return std::uint32_t{model.parameters().replicas}; }));
        owed_ += faulty ? 1 : engine_->state_is_due() ? replicas : 0;
        owed_ += !faulty && engine_->digest_is_due() ? 1 : 0;
        if (faulty || engine_->finished()) {
            end();
        }
    }

    /// TIMING of every phase, and END.
    void end() {
        state_ = RunState::ended;
        owed_ += observe::step_phases + 1;
    }

    std::unique_ptr<TinyEngine> engine_ = std::make_unique<TinyEngine>();
    RunState state_ = RunState::idle;
    std::uint32_t session_ = 0;
    std::uint32_t last_number_ = 0;
    Refusal last_refusal_;
    bool realtime_ = false;
    bool started_ = false;
    std::uint32_t allowed_ = 0;
    std::uint32_t credit_ = 0;
    std::uint32_t used_ = 0;
    std::uint32_t owed_ = 0;
    Bytes parameters_;
    model::StimulusKind stimulus_{};
};

} // namespace tinymf::firmware
