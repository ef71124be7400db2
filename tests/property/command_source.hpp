// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <span>

#include "property/drawn_command.hpp"
#include "property/session_model.hpp"
#include "tinymf/experiment/parameters.hpp"
#include "tinymf/experiment/refusal.hpp"
#include "tinymf/experiment/wire.hpp"
#include "tinymf/stream/byte_writer.hpp"
#include "tinymf/stream/frame_kinds.hpp"

namespace tinymf::firmware {

using experiment::Parameters;

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
inline constexpr std::uint32_t not_a_number = 0x7FC00000U;
inline constexpr std::uint32_t infinite = 0xFF800000U;

inline const std::array spoilings{
    Spoiling{Field::activation,
             [](auto& p) { p.activation = enumerator<model::ActivationKind>(6); }},
    Spoiling{Field::exponent, [](auto& p) { p.exponent = 0.01F; }},
    Spoiling{Field::pade_numerator, [](auto& p) { p.pade_numerator[0] = 2000.0F; }},
    Spoiling{Field::pade_denominator, [](auto& p) { p.pade_denominator[0] = -2000.0F; }},
    Spoiling{Field::pade_denominator, [](auto& p) { p.pade_denominator[0] = -0.5F; },
             RefusalCode::bad_combination},
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
    Spoiling{Field::digest_every, [](auto& p) { p.digest_every = 0xFFFFFFFFU; }},
};

/// Draws commands that fit the session's present state more often than not.
class CommandSource {
public:
    explicit CommandSource(std::uint64_t seed) : random_(seed) {}

    std::uint32_t below(std::uint32_t bound) {
        return static_cast<std::uint32_t>(random_() % bound);
    }
    bool once_in(std::uint32_t times) { return below(times) == 0; }

    DrawnCommand next(const SessionModel& session) {
        DrawnCommand command = by_grammar(session);
        if (once_in(3)) {
            mutate(command, session);
        }
        return command;
    }

private:
    DrawnCommand by_grammar(const SessionModel& session) {
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
        DrawnCommand command;
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
        if (once_in(20)) { // becomes NaN or infinite
            p.activation = model::ActivationKind::linear;
            p.gain = 100.0F;
            p.dt = 1.0F;
            p.steps = 30;
        }
        return p;
    }

    void fill_configuration(DrawnCommand& command) {
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

    void fill_steps(DrawnCommand& command) {
        std::uint32_t steps = 1 + below(8);
        if (once_in(8)) {
            steps = once_in(2) ? 0 : 0x80000001U + below(1000);
            command.of_content = {RefusalCode::out_of_range, Field::steps};
        }
        command.arguments = bytes_of(steps);
    }

    void fill_input(DrawnCommand& command) {
        command.arguments = bytes_of(0.25F * static_cast<float>(below(9)) - 1.0F);
        if (once_in(10)) {
            command.arguments = bytes_of(once_in(2) ? 1e7F : -2e6F);
            command.of_content = {RefusalCode::out_of_range, Field::input};
        } else if (once_in(10)) {
            command.arguments = bytes_of(once_in(2) ? not_a_number : infinite);
            command.of_content = {RefusalCode::malformed, Field::input};
        }
    }

    void mutate(DrawnCommand& command, const SessionModel& session) {
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
    static void spoil_length(DrawnCommand& command) {
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

    void lengthen(DrawnCommand& command) {
        for (std::uint32_t count = 1 + below(20); count > 0; --count) {
            command.arguments.push_back(static_cast<std::uint8_t>(random_()));
        }
        spoil_length(command);
    }

    void shorten(DrawnCommand& command) {
        if (command.arguments.empty() || once_in(10)) {
            command.whole = false;
            return;
        }
        command.arguments.resize(below(static_cast<std::uint32_t>(command.arguments.size())));
        spoil_length(command);
    }

    DrawnCommand unknown_command(const CommandHeader& header) {
        DrawnCommand command;
        do {
            command.kind = static_cast<std::uint8_t>(random_());
        } while (command.kind >= static_cast<std::uint8_t>(Kind::configure) &&
                 command.kind <= static_cast<std::uint8_t>(Kind::identify));
        command.header = header;
        return command;
    }

    std::mt19937_64 random_;
};

} // namespace tinymf::firmware
