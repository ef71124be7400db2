// SPDX-License-Identifier: Apache-2.0
#include "session/session.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "diagnostics/host_error.hpp"
#include "experiment_file/problem_list.hpp"
#include "experiment_file/ranges.hpp"
#include "recording/frame_contents.hpp"
#include "session/profile_choice.hpp"
#include "tinymf/experiment/wire.hpp"
#include "tinymf/stream/byte_reader.hpp"
#include "tinymf/stream/byte_writer.hpp"
#include "tinymf/stream/frame.hpp"

namespace tinymf::host {
namespace {

using namespace std::chrono_literals;
using stream::Kind;

constexpr auto quiet = 100ms;
constexpr int most_attempts = 5;

/// Session, profile, delivery, deadline, tick period.
constexpr std::size_t configuration_header = 11;

} // namespace

Session::Session(const Experiment& experiment, ByteLink& link, const SessionOptions& options,
                 RecordBytes record)
    : experiment_{experiment}, link_{link}, options_{options}, receiver_{link, std::move(record)} {}

RunEnd Session::run() {
    if (link_.takes_commands()) {
        identify();
        configure();
        send_credit();
        if (!options_.checkpoint.empty()) {
            restore();
        }
        if (make_stops()) {
            start();
        }
    }
    receive_until_end();
    if (end_->reason == stream::EndReason::non_finite) {
        throw_non_finite();
    }
    if (end_->reason == stream::EndReason::missed_deadline) {
        throw_missed_deadline();
    }
    if (end_->reason == stream::EndReason::fault) {
        throw_link_failure("the board stopped the run with a fault");
    }
    return *end_;
}

void Session::identify() {
    for (int attempt = 0; attempt < most_attempts && !is_complete(device_); ++attempt) {
        device_ = {};
        accept_or_throw(command(Kind::identify));
    }
    if (!is_complete(device_)) {
        throw_link_failure("the device answers, but its introduction does not arrive whole");
    }
}

void Session::configure() {
    profile_ = choose_profile(experiment_, device_);
    const auto arguments = configuration_bytes();
    Answer answer = command(Kind::configure, arguments);
    if (answer.refusal.code == experiment::RefusalCode::wrong_state) {
        stop_earlier_session();
        answer = command(Kind::configure, arguments);
    }
    accept_or_throw(answer);
    // A refused experiment leaves no record.
    receiver_.begin_record();
    configured_ = true;
    data_frames_ = 0;
}

/// A host that went away in the middle of a run left the device waiting.
void Session::stop_earlier_session() {
    CommandName name = ask_status().last_command;
    ++name.number;
    accept_or_throw(command(Kind::stop, name, {}));
}

Session::Status Session::ask_status() {
    status_.reset();
    for (int attempt = 0; !status_ && attempt < most_attempts; ++attempt) {
        accept_or_throw(command(Kind::query_status));
        // The status follows its answer at once.
        while (!status_ && receive(options_.answer_limit)) {
        }
    }
    if (!status_) {
        throw_link_failure("the device does not tell its status");
    }
    return *status_;
}

void Session::start() {
    accept_or_throw(command(Kind::start));
}

void Session::receive_until_end() {
    while (!end_) {
        if (receive(quiet)) {
            continue;
        }
        if (notice_silence_) {
            notice_silence_();
        }
        if (receive(options_.answer_limit)) {
            continue;
        }
        // Silence: a lost credit, a long pause between frames, or a dead line.
        send_credit();
        accept_or_throw(command(Kind::query_status));
    }
}

std::vector<std::uint8_t> Session::configuration_bytes() const {
    std::array<std::uint8_t, stream::largest_payload> bytes{};
    stream::ByteWriter writer(bytes);
    writer.put(profile_);
    writer.put(static_cast<std::uint8_t>(options_.delivery));
    writer.put(static_cast<std::uint8_t>(options_.deadline));
    writer.put(options_.tick_period_us);
    if (experiment_.scalar() == experiment::ScalarKind::float32) {
        experiment::write(writer, rounded_to_float(experiment_));
    } else {
        experiment::write(writer, experiment_.parameters);
    }
    TINYMF_ASSERT(writer.ok());
    const auto written = writer.written();
    return {written.begin(), written.end()};
}

void Session::send(Kind kind, const CommandName& name, std::span<const std::uint8_t> arguments) {
    std::array<std::uint8_t, stream::largest_payload> payload{};
    stream::ByteWriter writer(payload);
    writer.put(name.session);
    writer.put(name.number);
    writer.put(arguments);
    TINYMF_ASSERT(writer.ok());
    std::array<std::uint8_t, stream::largest_wire_frame> wire{};
    const stream::FrameHeader header{static_cast<std::uint8_t>(kind), stream::schema_id,
                                     name.number};
    const std::size_t size = stream::encode_frame(wire, header, writer.written());
    TINYMF_ASSERT(size != 0);
    link_.write(std::span<const std::uint8_t>(wire).first(size));
}

void Session::send_credit() {
    if (options_.delivery == stream::Delivery::realtime || !link_.takes_commands()) {
        return;
    }
    credit_ = data_frames_ + credit_window();
    std::array<std::uint8_t, sizeof credit_> bytes{};
    stream::ByteWriter writer(bytes);
    writer.put(credit_);
    send(Kind::credit, {options_.id, 0}, bytes);
}

/// With a controller every frame is waited for, so that no step overtakes its input.
std::uint32_t Session::credit_window() const {
    constexpr std::uint32_t frames_on_the_way = 64;
    return options_.controller ? 1 : frames_on_the_way;
}

Session::Answer Session::command(Kind kind, std::span<const std::uint8_t> arguments) {
    return command(kind, next_command(), arguments);
}

Session::Answer Session::command(Kind kind, const CommandName& name,
                                 std::span<const std::uint8_t> arguments) {
    if (!link_.takes_commands()) {
        throw_link_failure("the recording ends before the run does");
    }
    answer_.reset();
    awaited_ = name;
    const auto answered = [this, &name] { return answer_ && answer_->to == name; };
    for (int attempt = 0; attempt < most_attempts && !answered(); ++attempt) {
        send(kind, name, arguments);
        const auto deadline = std::chrono::steady_clock::now() + options_.answer_limit;
        while (!answered() && std::chrono::steady_clock::now() < deadline) {
            static_cast<void>(receive(options_.answer_limit));
        }
    }
    if (!answered()) {
        throw_link_failure(device_.board.empty() ? "no answer: is the firmware running?"
                                                 : "the device has fallen silent");
    }
    return *answer_;
}

void Session::accept_or_throw(const Answer& answer) const {
    using experiment::RefusalCode;
    const experiment::Refusal& refusal = answer.refusal;
    if (!refusal) {
        return;
    }
    const auto code = static_cast<std::size_t>(refusal.code);
    const auto field = static_cast<std::size_t>(refusal.field);
    const std::string_view reason = code < experiment::refusal_names.size()
                                        ? experiment::refusal_names[code]
                                        : "unknown reason";
    if (field == 0 || field >= experiment::fields.size()) {
        throw HostError(exit_link_failed, fmt::format("{}: command refused by {}: {}",
                                                      experiment_.source, device_.board, reason));
    }
    const std::string range =
        refusal.code == RefusalCode::out_of_range
            ? fmt::format("; {}", range_text(static_cast<double>(answer.lowest),
                                             static_cast<double>(answer.highest)))
            : std::string();
    throw HostError(exit_bad_input,
                    fmt::format("{}: {}: refused by {}: {}{}", experiment_.source,
                                experiment::fields[field].key, device_.board, reason, range));
}

bool Session::receive(std::chrono::milliseconds limit) {
    const auto frame = receiver_.next(limit);
    if (frame) {
        take(*frame);
        return true;
    }
    if (link_.ended() && !end_) {
        throw_link_failure(link_.takes_commands() ? "the line was closed"
                                                  : "the recording ends before the run does");
    }
    return false;
}

void Session::take(const stream::FrameView& frame) {
    const auto kind = static_cast<Kind>(frame.header.kind);
    if (kind != Kind::hello) {
        take_sequence(frame.header.sequence);
    }
    switch (kind) {
    case Kind::hello:
        last_sequence_ = frame.header.sequence;
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

/// Lost frames may have used up credit.
void Session::take_sequence(std::uint32_t sequence) {
    constexpr std::uint32_t most_believable = 1U << 20U;
    const std::uint32_t lost = last_sequence_ ? sequence - *last_sequence_ - 1U : 0;
    last_sequence_ = sequence;
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
    device_.board = printable(device_.board);
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
    // Inputs of a controller: one may come too late for the run, none may be refused otherwise.
    if (awaited_ != answer.to && answer.refusal.code != experiment::RefusalCode::wrong_state) {
        accept_or_throw(answer);
    }
    answer_ = answer;
}

/// A device repeats what it was told; a recording may be of something else.
void Session::take_configuration(std::span<const std::uint8_t> payload) {
    configured_ = true;
    if (link_.takes_commands()) {
        return;
    }
    const auto expected = configuration_bytes();
    constexpr std::size_t expected_header = configuration_header - sizeof(std::uint32_t);
    const bool same = payload.size() == expected.size() + sizeof(std::uint32_t) &&
                      std::ranges::equal(payload.subspan(configuration_header),
                                         std::span(expected).subspan(expected_header));
    if (!same) {
        throw HostError(exit_bad_input, fmt::format("{}: the recording is of another experiment",
                                                    experiment_.source));
    }
    receiver_.begin_record();
}

void Session::take_data(Kind kind, std::span<const std::uint8_t> payload) {
    stream::ByteReader reader(payload);
    switch (kind) {
    case Kind::state:
        tell_step(reader.get<std::uint32_t>());
        if (options_.controller) {
            answer_state(payload);
        }
        break;
    case Kind::digest:
        tell_step(reader.get<std::uint32_t>());
        send_response();
        break;
    case Kind::restored:
        restored_step_ = reader.get<std::uint32_t>();
        return;
    case Kind::checkpoint:
        static_cast<void>(checkpoint_.take(payload)); // a torn one is asked for again
        break;
    case Kind::fault:
        static_cast<void>(reader.get<std::uint8_t>());
        step_ = reader.get<std::uint32_t>();
        faulty_neuron_ = reader.get<std::uint32_t>();
        break;
    case Kind::end: {
        RunEnd end;
        end.reason = static_cast<stream::EndReason>(reader.get<std::uint8_t>());
        end.step = reader.get<std::uint32_t>();
        end.digest = reader.get<std::uint64_t>();
        end.couplings_digest = reader.get<std::uint64_t>();
        end.dropped_frames = reader.get<std::uint32_t>();
        end.ticks = ticks_;
        if (reader.ok()) {
            end_ = end;
        }
        break;
    }
    case Kind::row: {
        static_cast<void>(reader.get<std::uint8_t>()); // the array
        const auto population = reader.get<std::uint8_t>();
        tell_step(population * (experiment_.parameters.steps + 1U) + reader.get<std::uint32_t>());
        break;
    }
    case Kind::ticks:
        ticks_ = read_ticks(payload);
        break;
    case Kind::observe:
        static_cast<void>(reader.get<std::uint8_t>()); // the array
        tell_step(reader.get<std::uint32_t>());
        break;
    case Kind::timing:
        break;
    default:
        return; // answers and announcements take no credit
    }
    ++data_frames_;
    if (data_frames_ + credit_window() / 2 >= credit_ && !end_) {
        send_credit();
    }
}

void Session::tell_step(std::uint32_t step) {
    step_ = step;
    if (report_step_) {
        report_step_(step_);
    }
}

void Session::throw_link_failure(std::string_view what) const {
    const std::string where = configured_ ? fmt::format(" (last step seen: {})", step_) : "";
    throw HostError(exit_link_failed, fmt::format("{}: {}{}", experiment_.source, what, where));
}

void Session::throw_missed_deadline() const {
    throw HostError(exit_link_failed,
                    fmt::format("{}: tick {} passed without a step, which ended the run after step "
                                "{}; a longer --tick-ms fits, --deadline late goes on",
                                experiment_.source, ticks_ ? ticks_->first_missed : 0, end_->step));
}

void Session::throw_non_finite() const {
    if (experiment_.kind == experiment::ModelKind::mean_field) {
        const bool stationary = experiment_.mean_field.method == mean_field::Method::stationary;
        throw NonFiniteRun(
            fmt::format("{}: {}", experiment_.source,
                        stationary ? "there is no stationary state, the variance grows "
                                     "without bound; lower model.gain"
                                   : fmt::format("the correlation leaves the finite numbers "
                                                 "at step {}; lower model.dt, model.gain or "
                                                 "model.steps",
                                                 end_->step)));
    }
    throw NonFiniteRun(
        fmt::format("{}: the state of neuron {} leaves the finite numbers at step {}; "
                    "lower model.dt or model.gain",
                    experiment_.source, faulty_neuron_, end_->step));
}

} // namespace tinymf::host
