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
#include "tinymf/stream/frame.hpp"
#include "tinymf/stream/message.hpp"

namespace tinymf::host {

using stream::Kind;

namespace {

/// Session, profile, delivery, deadline, tick period.
constexpr std::size_t configuration_header = 11;

} // namespace

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
    case Kind::status: {
        stream::ByteReader reader(frame.payload);
        const auto session = reader.get<std::uint32_t>();
        const auto number = reader.get<std::uint32_t>();
        const auto state = static_cast<firmware::RunState>(reader.get<std::uint8_t>());
        const auto step = reader.get<std::uint32_t>();
        if (reader.ok()) {
            status_ = Status{{session, number}, state, step};
            if (step > furthest_status_step_ && step <= last_step_of(experiment_)) {
                furthest_status_step_ = step;
                tell_progress();
            }
        }
        break;
    }
    default:
        if (configured_) {
            take_data(kind, frame.payload);
        }
        break;
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
    answer.to.session = reader.get<std::uint32_t>();
    answer.to.number = reader.get<std::uint32_t>();
    if (kind == Kind::nak) {
        answer.refusal.code = static_cast<experiment::RefusalCode>(reader.get<std::uint8_t>());
        answer.refusal.field = static_cast<experiment::Field>(reader.get<std::uint8_t>());
        answer.lowest = reader.get<float>();
        answer.highest = reader.get<float>();
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
    constexpr std::size_t expected_header = configuration_header - sizeof(std::uint32_t);
    const auto parameters = std::span(expected).subspan(expected_header);
    stream::ByteReader told(payload);
    static_cast<void>(told.get_bytes(configuration_header));
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
        restored_step_ = reader.get<std::uint32_t>();
        return;
    case Kind::checkpoint:
        static_cast<void>(checkpoint_.take(payload)); // a torn one is asked for again
        if (checkpoint_.size() > most_of_checkpoint_) {
            most_of_checkpoint_ = checkpoint_.size();
            last_news_ = options_.now();
        }
        break;
    case Kind::fault:
        fault_cause_ = reader.get<std::uint8_t>();
        step_ = reader.get<std::uint32_t>();
        fault_index_ = reader.get<std::uint32_t>();
        break;
    case Kind::end:
        if (auto end = read_end(payload)) {
            end->ticks = ticks_;
            end_ = end;
        }
        break;
    case Kind::ticks:
        ticks_ = read_ticks(payload);
        break;
    case Kind::timing:
    case Kind::saturation:
        break;
    default:
        return; // answers and announcements take no credit
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
        const auto array = reader.get<std::uint8_t>();
        const auto step = reader.get<std::uint32_t>();
        return {step, number, array, reader.get<std::uint32_t>()};
    }
    case Kind::row: {
        const auto array = reader.get<std::uint8_t>();
        const auto population = reader.get<std::uint8_t>();
        const auto row = reader.get<std::uint32_t>();
        const std::uint32_t step = population * (experiment_.parameters.steps + 1U) + row;
        return {step, number, array, reader.get<std::uint32_t>()};
    }
    case Kind::state: {
        const auto step = reader.get<std::uint32_t>();
        const auto replica = reader.get<std::uint8_t>();
        return {step, number, replica, reader.get<std::uint16_t>()};
    }
    default:
        return {reader.get<std::uint32_t>(), number};
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
