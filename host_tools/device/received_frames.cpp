// SPDX-License-Identifier: Apache-2.0
// What a session takes from the frames that reach it.
#include <algorithm>
#include <span>

#include <fmt/format.h>

#include "base/host_error.hpp"
#include "device/session.hpp"
#include "recording/frame_contents.hpp"
#include "tinymf/experiment/refusal.hpp"
#include "tinymf/stream/byte_reader.hpp"
#include "tinymf/stream/command_frames.hpp"
#include "tinymf/stream/frame.hpp"
#include "tinymf/stream/frame_kinds.hpp"

namespace tinymf::host {

using stream::Kind;

bool Session::receive(std::chrono::milliseconds limit) {
    const auto frame = receiver_.next(limit);
    if (receiver_.flooded()) {
        throw_link_failure("the device sends without end before the run begins");
    }
    if (frame) {
        take(*frame);
        return true;
    }
    if (link_.ended()) {
        throw_link_failure(link_.takes_commands() ? "the line was closed"
                                                  : "the recording ends before the run does");
    }
    return false;
}

void Session::take(const stream::FrameView& frame) {
    const auto kind = static_cast<Kind>(frame.header.kind);
    take_sequence(frame.header.sequence);
    switch (kind) {
    case Kind::hello:
        take_hello(frame.payload);
        break;
    case Kind::profile:
        if (!add_profiles(device_, frame.payload)) {
            device_.profiles.clear(); // one was lost; the next introduction is asked for again
        }
        break;
    case Kind::ack:
    case Kind::nak:
        take_answer(kind, frame.payload);
        break;
    case Kind::configuration:
        take_configuration(frame.payload);
        break;
    case Kind::status:
        if (const auto status = read_frame<stream::StatusFrame>(frame.payload)) {
            take_status(*status);
        }
        break;
    default:
        if (configured_) {
            take_data(kind, frame.payload);
        }
        break;
    }
}

void Session::take_status(const stream::StatusFrame& status) {
    status_ = Status{.last_command = {.session = status.session, .number = status.command},
                     .state = static_cast<firmware::RunState>(status.run_state),
                     .step = status.step};
    if (status.step > furthest_status_step_ && status.step <= last_step_of(experiment_)) {
        furthest_status_step_ = status.step;
        tell_progress();
    }
}

/// Lost frames may have used up credit. What is lost, or counted from elsewhere, before the device
/// is configured does not matter: credit begins behind that.
void Session::take_sequence(std::uint32_t sequence) {
    constexpr std::uint32_t most_believable = 1U << 20U;
    const std::uint32_t lost = sequence - next_sequence_;
    next_sequence_ = sequence + 1U;
    if (lost < most_believable) {
        data_frames_ += lost;
    }
}

void Session::take_hello(std::span<const std::uint8_t> payload) {
    if (configured_ && link_.takes_commands()) {
        throw_link_failure("the device restarted in the middle of the run");
    }
    const auto device = read_hello(payload);
    if (!device) {
        return;
    }
    device_ = *device;
    if (device_.protocol != stream::protocol_version || device_.incompatible_features != 0) {
        throw HostError(exit_unsound_stream,
                        fmt::format("{} speaks protocol {} with features {:#x}, this program {} "
                                    "without; flash firmware of this version",
                                    device_.board, device_.protocol, device_.incompatible_features,
                                    stream::protocol_version));
    }
}

void Session::take_answer(Kind kind, std::span<const std::uint8_t> payload) {
    stream::ByteReader reader(payload);
    Answer answer;
    if (kind == Kind::nak) {
        const auto nak = stream::get_fields<stream::NakFrame>(reader);
        answer = {.to = nak.to,
                  .refusal = {static_cast<experiment::RefusalCode>(nak.code),
                              static_cast<experiment::Field>(nak.field)},
                  .lowest = nak.lowest,
                  .highest = nak.highest};
    } else {
        answer.to = stream::get_fields<stream::AckFrame>(reader).to;
    }
    if (!reader.ok()) {
        return;
    }
    if (awaited_ == answer.to && !awaited_came_) {
        awaited_came_ = true;
        last_news_ = options_.now();
    }
    // Inputs of a controller: one may come too late for the run, none may be refused otherwise.
    if (awaited_ != answer.to && answer.refusal.code != experiment::RefusalCode::wrong_state) {
        accept_or_throw(answer);
    }
    answer_ = answer;
}

/// A device repeats what it was told, and adds how its clock makes the tick; or an earlier session
/// left it on the line. A recording may be of something else.
void Session::take_configuration(std::span<const std::uint8_t> payload) {
    if (const auto configuration = read_configuration(payload, device_.profiles)) {
        tick_ = configuration->tick;
    }
    if (link_.takes_commands()) {
        return;
    }
    configured_ = true;
    const auto expected = configuration_bytes();
    constexpr std::size_t setup_bytes = stream::fixed_bytes<stream::ConfigureArguments>;
    const auto parameters = std::span(expected).subspan(setup_bytes);
    stream::ByteReader told(payload);
    static_cast<void>(told.get_bytes(stream::fixed_bytes<stream::ConfigurationFrame> -
                                     counted_tick_bytes)); // session and setup
    const bool same = std::ranges::equal(told.get_bytes(parameters.size()), parameters) &&
                      (told.finished() || told.remaining() == counted_tick_bytes);
    if (!same) {
        throw HostError(exit_bad_input, fmt::format("{}: the recording is of another experiment",
                                                    experiment_.source));
    }
    receiver_.begin_record();
}

void Session::take_data(Kind kind, std::span<const std::uint8_t> payload) {
    stream::ByteReader reader(payload);
    switch (kind) {
    case Kind::state: {
        const bool is_new = tell_position(position_of(kind, payload));
        if (options_.controller) {
            answer_state(payload);
            if (is_new) {
                tell_progress(); // the controller may have taken its time
            }
        }
        break;
    }
    case Kind::digest:
        static_cast<void>(tell_position(position_of(kind, payload)));
        send_response();
        break;
    case Kind::observe:
    case Kind::row:
        static_cast<void>(tell_position(position_of(kind, payload)));
        break;
    case Kind::restored:
        restored_step_ = stream::get_fields<stream::RestoredFrame>(reader).step;
        return;
    case Kind::checkpoint:
        static_cast<void>(checkpoint_.take(payload)); // a torn one is asked for again
        if (checkpoint_.size() > most_of_checkpoint_) {
            most_of_checkpoint_ = checkpoint_.size();
            last_news_ = options_.now();
        }
        break;
    case Kind::fault: {
        const auto fault = stream::get_fields<stream::FaultFrame>(reader);
        fault_cause_ = fault.cause;
        step_ = fault.step;
        fault_index_ = fault.index;
        break;
    }
    case Kind::end:
        if (auto end = read_end(payload)) {
            end->ticks = ticks_;
            end_ = end;
        }
        break;
    case Kind::ticks:
        ticks_ = read_frame<stream::TicksFrame>(payload);
        break;
    case Kind::table:
    case Kind::gap:
    case Kind::input_taken:
    case Kind::selftest:
        return; // answers and announcements take no credit
    default:
        break; // a kind that a later device knows may have taken some: too much does no harm
    }
    ++data_frames_;
    if (data_frames_ + credit_window() / 2 >= credit_ && !end_) {
        send_credit();
    }
}

Session::DataPosition Session::position_of(Kind kind, std::span<const std::uint8_t> payload) const {
    stream::ByteReader reader(payload);
    const auto number = static_cast<std::uint32_t>(kind);
    switch (kind) {
    case Kind::observe: {
        const auto [array, step, first] = stream::get_fields<stream::ObserveFrame>(reader);
        return {step, number, array, first};
    }
    case Kind::row: {
        const auto frame = stream::get_fields<stream::RowFrame>(reader);
        const std::uint32_t step =
            frame.population * (experiment_.parameters.steps + 1U) + frame.row;
        return {step, number, frame.array, frame.first_column};
    }
    case Kind::state: {
        const auto [step, replica, first] = stream::get_fields<stream::StateFrame>(reader);
        return {step, number, replica, first};
    }
    default:
        return {stream::get_fields<stream::DigestFrame>(reader).step, number};
    }
}

bool Session::tell_position(const DataPosition& position) {
    const std::uint32_t step = position.front();
    const bool of_run = step <= last_step_of(experiment_);
    const bool is_new = of_run && position > furthest_data_;
    if (is_new) {
        furthest_data_ = position;
        tell_progress();
    }
    if (of_run && step > furthest_step_) {
        furthest_step_ = step;
        last_news_ = options_.now();
    }
    step_ = step;
    if (report_step_) {
        report_step_(step_);
    }
    return is_new;
}

} // namespace tinymf::host
