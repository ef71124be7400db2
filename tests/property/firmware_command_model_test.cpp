// SPDX-License-Identifier: Apache-2.0
// A million commands, valid, mutated and damaged, against a model of the session: every answer, and
// after every command the state, the step, the digest and the parameters are the model's.
#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tinymf/experiment/engine.hpp"
#include "tinymf/network/network.hpp"
#include "tinymf/stream/byte_reader.hpp"
#include "unit/device_bench.hpp"

namespace tinymf::firmware {
namespace {

using experiment::Refusal;
using Bytes = std::vector<std::uint8_t>;
using Tiny = network::Network<float, 4, model::CouplingKind::gaussian>;
using TinyEngine = experiment::Engine<Tiny>;

constexpr std::uint32_t unlimited = std::numeric_limits<std::uint32_t>::max();

template <class... Values>
Bytes bytes_of(Values... values) {
    Bytes bytes(stream::largest_payload);
    stream::ByteWriter writer(bytes);
    (writer.put(values), ...);
    bytes.resize(writer.size());
    return bytes;
}

/// A command on its way, and what a device must think of its content, were it to look at it.
struct Command {
    std::uint8_t kind = 0;
    std::uint8_t schema = stream::schema_id;
    CommandHeader header;
    Bytes arguments;
    Refusal of_content;
    bool whole = true; ///< long enough to hold a header
};

/// The session as the protocol describes it, without a byte of the application's code; the numbers
/// come from an engine of its own.
class SessionModel {
public:
    /// The answer that must come; none for CREDIT.
    std::optional<Refusal> answer(const Command& command) {
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
        if (command.header.session == session_) {
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
    static bool is(const Command& command, Kind kind) {
        return command.kind == static_cast<std::uint8_t>(kind);
    }

    void take_credit(const Command& command) {
        if (command.whole && command.header.session == session_ && command.arguments.size() == 4) {
            stream::ByteReader reader(command.arguments);
            credit_ = std::max(credit_, reader.get<std::uint32_t>());
        }
    }

    [[nodiscard]] Refusal judge(const Command& command) const {
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

    static std::optional<std::vector<RunState>> states_of(const Command& command) {
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

    void execute(const Command& command) {
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

    void configure(const Command& command, stream::ByteReader& arguments) {
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

/// One way to spoil valid parameters, and the field that a device must name.
struct Spoiling {
    Field field;
    void (*spoil)(Parameters<float>&);
    RefusalCode code = RefusalCode::out_of_range;
};

template <class Enum>
constexpr Enum enumerator(int index) {
    return static_cast<Enum>(index);
}

/// Bits that no writer of this project puts on a line.
constexpr std::uint32_t not_a_number = 0x7FC00000U;
constexpr std::uint32_t infinite = 0xFF800000U;

const std::array spoilings{
    Spoiling{Field::activation,
             [](auto& p) { p.activation = enumerator<model::ActivationKind>(6); }},
    Spoiling{Field::exponent, [](auto& p) { p.exponent = 0.01F; }},
    Spoiling{Field::pade_numerator, [](auto& p) { p.pade_numerator[0] = 2000.0F; }},
    Spoiling{Field::pade_denominator, [](auto& p) { p.pade_denominator[0] = -0.5F; }},
    Spoiling{Field::gain, [](auto& p) { p.gain = -0.5F; }},
    Spoiling{Field::gain, [](auto& p) { p.gain = 100.5F; }},
    Spoiling{Field::reciprocity, [](auto& p) { p.reciprocity = 1.5F; }},
    Spoiling{Field::noise, [](auto& p) { p.noise = -1.0F; }},
    Spoiling{Field::noise_kind, [](auto& p) { p.noise_kind = enumerator<model::NoiseKind>(3); }},
    Spoiling{Field::noise_time, [](auto& p) { p.noise_time = 0.0F; }},
    Spoiling{Field::dt, [](auto& p) { p.dt = 0.0F; }},
    Spoiling{Field::dt, [](auto& p) { p.dt = 1.5F; }},
    Spoiling{Field::steps, [](auto& p) { p.steps = 0; }},
    Spoiling{Field::steps, [](auto& p) { p.steps = 0x80000001U; }},
    Spoiling{Field::integrator,
             [](auto& p) { p.integrator = enumerator<model::IntegratorKind>(4); }},
    Spoiling{Field::integrator,
             [](auto& p) {
                 p.integrator = model::IntegratorKind::rk4;
                 p.noise = 0.5F;
                 p.noise_kind = model::NoiseKind::white;
             },
             RefusalCode::bad_combination},
    Spoiling{Field::initial_kind, [](auto& p) { p.initial = enumerator<model::InitialKind>(3); }},
    Spoiling{Field::initial_scale, [](auto& p) { p.initial_scale = 101.0F; }},
    Spoiling{Field::stimulus_kind,
             [](auto& p) { p.stimulus = enumerator<model::StimulusKind>(5); }},
    Spoiling{Field::stimulus_amplitude, [](auto& p) { p.stimulus_amplitude = -101.0F; }},
    Spoiling{Field::stimulus_frequency, [](auto& p) { p.stimulus_frequency = -1.0F; }},
    Spoiling{Field::stimulus_onset, [](auto& p) { p.stimulus_onset = -1.0F; }},
    Spoiling{Field::replicas, [](auto& p) { p.replicas = 0; }},
    Spoiling{Field::replicas, [](auto& p) { p.replicas = 3; }},
    Spoiling{Field::state_every, [](auto& p) { p.state_every = 0x80000001U; }},
    Spoiling{Field::digest_every, [](auto& p) { p.digest_every = unlimited; }},
};

/// Draws commands that fit the session's present state more often than not.
class CommandSource {
public:
    explicit CommandSource(std::uint64_t seed) : random_(seed) {}

    std::uint32_t below(std::uint32_t bound) {
        return static_cast<std::uint32_t>(random_() % bound);
    }
    bool once_in(std::uint32_t times) { return below(times) == 0; }

    Command next(const SessionModel& session) {
        Command command = by_grammar(session);
        if (once_in(3)) {
            mutate(command, session);
        }
        return command;
    }

private:
    Command by_grammar(const SessionModel& session) {
        using enum Kind;
        // The state machine's own words often, the long answers seldom.
        constexpr std::array often{configure, start, pause,  step,   step,   stop,
                                   input,     input, credit, credit, credit, query_status};
        Kind kind = often[below(often.size())];
        if (once_in(500)) {
            kind = identify;
        } else if (once_in(2000)) {
            kind = run_selftest;
        }
        Command command;
        command.kind = static_cast<std::uint8_t>(kind);
        command.header = {session.session(), session.last_number() + 1};
        switch (kind) {
        case configure:
            command.header.session = 1 + below(4);
            fill_configuration(command);
            break;
        case step:
            fill_steps(command);
            break;
        case input:
            fill_input(command);
            break;
        case credit:
            command.header.number = 0;
            command.arguments = bytes_of(session.credit() + below(12));
            break;
        default:
            break;
        }
        return command;
    }

    Parameters<float> valid_parameters() {
        Parameters<float> p;
        p.activation = enumerator<model::ActivationKind>(static_cast<int>(below(6)));
        p.gain = 0.5F * static_cast<float>(below(5));
        p.reciprocity = 0.5F * static_cast<float>(below(5)) - 1.0F;
        p.noise = once_in(2) ? 0.0F : 0.5F;
        p.noise_kind = enumerator<model::NoiseKind>(static_cast<int>(below(3)));
        const bool white = p.noise > 0.0F && p.noise_kind == model::NoiseKind::white;
        p.integrator = enumerator<model::IntegratorKind>(static_cast<int>(below(white ? 3 : 4)));
        p.stimulus = once_in(3) ? model::StimulusKind::sine : model::StimulusKind::live;
        p.stimulus_frequency = 0.25F;
        p.replicas = static_cast<std::uint8_t>(1 + below(2));
        p.steps = 1 + below(30);
        p.state_every = below(4);
        p.digest_every = below(4);
        p.seed = below(1000);
        if (once_in(20)) { // leaves the finite numbers
            p.activation = model::ActivationKind::linear;
            p.gain = 100.0F;
            p.dt = 1.0F;
            p.steps = 30;
        }
        return p;
    }

    void fill_configuration(Command& command) {
        Parameters<float> parameters = valid_parameters();
        std::uint8_t profile = 0;
        std::uint8_t delivery = static_cast<std::uint8_t>(below(2));
        std::uint8_t deadline = static_cast<std::uint8_t>(below(2));
        std::uint32_t period_us = 0;
        if (once_in(3)) {
            const Spoiling& spoiling = spoilings[below(spoilings.size())];
            spoiling.spoil(parameters);
            command.of_content = {spoiling.code, spoiling.field};
        } else if (once_in(20)) {
            profile = static_cast<std::uint8_t>(1 + below(255));
            command.of_content = {RefusalCode::no_such_profile, Field::profile};
        } else if (once_in(20)) {
            delivery = static_cast<std::uint8_t>(2 + below(254));
            command.of_content = {RefusalCode::out_of_range, Field::delivery};
        } else if (once_in(20)) {
            deadline = static_cast<std::uint8_t>(2 + below(254));
            command.of_content = {RefusalCode::out_of_range, Field::deadline};
        } else if (once_in(20)) {
            period_us = 1'000'001U + below(0x40000000U);
            command.of_content = {RefusalCode::out_of_range, Field::tick_period};
        }
        command.arguments = bytes_of(profile, delivery, deadline, period_us);
        Bytes wire(stream::largest_payload);
        stream::ByteWriter writer(wire);
        experiment::write(writer, parameters);
        if (command.of_content.code == RefusalCode::accepted && once_in(20)) {
            constexpr std::size_t exponent = 1; // after the activation
            stream::ByteWriter(std::span(wire).subspan(exponent, 4)).put(not_a_number);
            command.of_content = {RefusalCode::malformed, Field::none};
        }
        command.arguments.insert(command.arguments.end(), wire.begin(),
                                 wire.begin() + static_cast<std::ptrdiff_t>(writer.size()));
    }

    void fill_steps(Command& command) {
        std::uint32_t steps = 1 + below(8);
        if (once_in(8)) {
            steps = once_in(2) ? 0 : 0x80000001U + below(1000);
            command.of_content = {RefusalCode::out_of_range, Field::steps};
        }
        command.arguments = bytes_of(steps);
    }

    void fill_input(Command& command) {
        command.arguments = bytes_of(0.25F * static_cast<float>(below(9)) - 1.0F);
        if (once_in(10)) {
            command.arguments = bytes_of(once_in(2) ? 1e7F : -2e6F);
            command.of_content = {RefusalCode::out_of_range, Field::input};
        } else if (once_in(10)) {
            command.arguments = bytes_of(once_in(2) ? not_a_number : infinite);
            command.of_content = {RefusalCode::malformed, Field::input};
        }
    }

    void mutate(Command& command, const SessionModel& session) {
        switch (below(7)) {
        case 0: // another session
            command.header.session = once_in(2) ? below(6) : static_cast<std::uint32_t>(random_());
            break;
        case 1: // a repetition, or an older command
            command.header.number = session.last_number() - (once_in(2) ? 0 : below(3));
            break;
        case 2: // numbers may jump
            command.header.number += below(5);
            break;
        case 3:
            lengthen(command);
            break;
        case 4:
            shorten(command);
            break;
        case 5:
            command.schema = static_cast<std::uint8_t>(command.schema + 1 + below(255));
            break;
        default:
            command = unknown_command(command.header);
            break;
        }
    }

    /// A content of another length is malformed, of an input by its field. What comes first in the
    /// payload is judged first.
    static void spoil_length(Command& command) {
        const auto kind = static_cast<Kind>(command.kind);
        if (kind == Kind::configure && command.of_content.code == RefusalCode::out_of_range &&
            is_before_parameters(command.of_content.field) && command.arguments.size() >= 7) {
            return;
        }
        if (kind == Kind::configure && command.arguments.size() >= 7 &&
            command.of_content.code == RefusalCode::no_such_profile) {
            return;
        }
        command.of_content = {RefusalCode::malformed,
                              kind == Kind::input ? Field::input : Field::none};
    }
    static bool is_before_parameters(Field field) {
        return field == Field::delivery || field == Field::deadline || field == Field::tick_period;
    }

    void lengthen(Command& command) {
        for (std::uint32_t count = 1 + below(20); count > 0; --count) {
            command.arguments.push_back(static_cast<std::uint8_t>(random_()));
        }
        spoil_length(command);
    }

    void shorten(Command& command) {
        if (command.arguments.empty() || once_in(10)) {
            command.whole = false;
            return;
        }
        command.arguments.resize(below(static_cast<std::uint32_t>(command.arguments.size())));
        spoil_length(command);
    }

    Command unknown_command(const CommandHeader& header) {
        Command command;
        do {
            command.kind = static_cast<std::uint8_t>(random_());
        } while (command.kind >= static_cast<std::uint8_t>(Kind::configure) &&
                 command.kind <= static_cast<std::uint8_t>(Kind::identify));
        command.header = header;
        return command;
    }

    std::mt19937_64 random_;
};

/// The device, the model, and the line between.
class ModelTest {
public:
    explicit ModelTest(std::uint64_t seed) : source_(seed) { (void)bench_.settle(); }

    void one_command() {
        if (source_.once_in(20)) {
            send_noise();
            return;
        }
        const Command command = source_.next(model_);
        Bytes wire = encoded(command);
        if (source_.once_in(20)) {
            damage(wire);
            EXPECT_TRUE(bench_.settle().empty()) << "a damaged frame was taken";
            ++damaged;
        } else {
            bench_.put(wire);
            check(command);
        }
        compare_states();
    }

    std::uint64_t accepted = 0;
    std::uint64_t refused = 0;
    std::uint64_t damaged = 0;

private:
    static Bytes encoded(const Command& command) {
        Bytes payload = bytes_of(command.header.session, command.header.number);
        payload.insert(payload.end(), command.arguments.begin(), command.arguments.end());
        if (!command.whole) {
            payload.resize(5);
        }
        Bytes wire(stream::largest_wire_frame);
        wire.resize(stream::encode_frame(wire, {command.kind, command.schema, 0}, payload));
        return wire;
    }

    /// One byte of the frame is changed; the zero ends whatever became of it.
    void damage(Bytes& wire) {
        wire[source_.below(static_cast<std::uint32_t>(wire.size()))] ^=
            static_cast<std::uint8_t>(1 + source_.below(255));
        wire.push_back(0);
        bench_.put(wire);
    }

    void send_noise() {
        Bytes noise(1 + source_.below(40));
        for (std::uint8_t& byte : noise) {
            byte = static_cast<std::uint8_t>(source_.below(256));
        }
        noise.push_back(0);
        bench_.put(noise);
        EXPECT_TRUE(bench_.settle().empty()) << "noise was taken for a frame";
        compare_states();
        ++damaged;
    }

    void check(const Command& command) {
        const std::optional<Refusal> expected = model_.answer(command);
        const std::uint32_t step_of_answer = model_.engine().step_index();
        const std::uint32_t expected_data = model_.run();
        std::uint32_t answers = 0;
        std::uint32_t data = 0;
        for (const ReceivedFrame& frame : bench_.settle()) {
            if (frame.kind == Kind::ack || frame.kind == Kind::nak) {
                ++answers;
                check_answer(command, expected, frame);
            } else if (frame.kind == Kind::input_taken) {
                stream::ByteReader reader(frame.payload);
                EXPECT_EQ(reader.get<std::uint32_t>(), step_of_answer);
            } else {
                data += is_data(frame.kind) ? 1 : 0;
            }
        }
        EXPECT_EQ(answers, expected ? 1U : 0U);
        EXPECT_EQ(data, expected_data);
        (expected && *expected ? refused : accepted) += 1;
    }

    static bool is_data(Kind kind) {
        return kind == Kind::state || kind == Kind::digest || kind == Kind::fault ||
               kind == Kind::timing || kind == Kind::ticks || kind == Kind::end;
    }

    static void check_answer(const Command& command, const std::optional<Refusal>& expected,
                             const ReceivedFrame& frame) {
        ASSERT_TRUE(expected);
        EXPECT_EQ(frame.kind, *expected ? Kind::nak : Kind::ack);
        stream::ByteReader reader(frame.payload);
        const auto session = reader.get<std::uint32_t>();
        const auto number = reader.get<std::uint32_t>();
        if (command.whole) {
            EXPECT_EQ(session, command.header.session);
            EXPECT_EQ(number, command.header.number);
        }
        if (frame.kind == Kind::nak) {
            EXPECT_EQ(reader.get<std::uint8_t>(), static_cast<std::uint8_t>(expected->code));
            const auto field = reader.get<std::uint8_t>();
            EXPECT_EQ(field, static_cast<std::uint8_t>(expected->field));
            EXPECT_EQ(reader.get<float>(), experiment::info(expected->field).lowest);
            EXPECT_EQ(reader.get<float>(), experiment::info(expected->field).highest);
        }
        EXPECT_TRUE(reader.finished());
    }

    void compare_states() {
        const auto& device = bench_.device();
        EXPECT_EQ(device.state(), model_.state());
        if (model_.state() == RunState::idle) {
            return;
        }
        EXPECT_EQ(device.engine().step_index(), model_.engine().step_index());
        EXPECT_EQ(device.engine().digest(), model_.engine().digest());
        Bytes parameters(stream::largest_payload);
        stream::ByteWriter writer(parameters);
        device.engine().write_parameters(writer);
        EXPECT_TRUE(std::ranges::equal(writer.written(), model_.parameters()));
    }

    DeviceBench<Tiny, 16384> bench_;
    SessionModel model_;
    CommandSource source_;
};

TEST(CommandModel, AMillionCommandsAgree) {
    constexpr std::uint64_t seed = 20230514;
    constexpr int commands = 1'000'000;
    ModelTest test(seed);
    for (int i = 0; i < commands; ++i) {
        test.one_command();
        ASSERT_FALSE(::testing::Test::HasFailure()) << "at command " << i << " of seed " << seed;
    }
    std::printf("%llu accepted, %llu refused, %llu damaged\n",
                static_cast<unsigned long long>(test.accepted),
                static_cast<unsigned long long>(test.refused),
                static_cast<unsigned long long>(test.damaged));
    // The test means something only if it sees both sides.
    EXPECT_GT(test.accepted, commands / 5);
    EXPECT_GT(test.refused, commands / 5);
}

} // namespace
} // namespace tinymf::firmware
