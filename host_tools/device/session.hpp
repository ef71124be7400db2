// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/run_state.hpp"
#include "base/host_error.hpp"
#include "capture/checkpoint_assembler.hpp"
#include "capture/device_introduction.hpp"
#include "capture/run_end.hpp"
#include "capture/tick_period.hpp"
#include "device/byte_link.hpp"
#include "device/frame_receiver.hpp"
#include "experiment/experiment.hpp"
#include "experiment/live_input.hpp"
#include "tinymf/assert.hpp"
#include "tinymf/experiment/refusal.hpp"
#include "tinymf/stream/byte_writer.hpp"
#include "tinymf/stream/frame.hpp"
#include "tinymf/stream/frame_kinds.hpp"
#include "tinymf/stream/run_policy.hpp"

namespace tinymf::host {

struct StateChunk;

struct SessionOptions {
    /// Names this session among all a device has seen; not 0.
    std::uint32_t id = 1;
    stream::Delivery delivery = stream::Delivery::lossless;
    std::uint32_t tick_period_us = 0; ///< 0: untimed
    stream::DeadlinePolicy deadline = stream::DeadlinePolicy::late;
    /// How long to wait for an answer before a command is repeated; longer than a step takes.
    std::chrono::milliseconds answer_limit{2000};
    /// Given while the run is paused at their steps, so each acts from its step on exactly. Steps
    /// strictly ascending; lossless delivery and a live stimulus only.
    std::vector<LiveInput> inputs{};
    /// Steps between checkpoints; 0: none. The run is paused for each. Lossless delivery only.
    std::uint32_t snapshot_every = 0;
    /// Ends the run there, before its last step, with a checkpoint. Lossless delivery only.
    std::optional<std::uint32_t> stop_at{};
    /// A whole checkpoint from which the run goes on; empty: from step 0. Inputs before its step
    /// are then not given again.
    std::vector<std::uint8_t> checkpoint{};
    /// Asked for an input at every state x of the first replica while the run goes on, where given;
    /// a live stimulus only. Lossless: the device waits for it, and the answer to the state of step
    /// s acts from step s + 1 on, or with a tick that is still to come from s on. Realtime: it acts
    /// as soon as it arrives.
    std::function<double(std::uint32_t step, std::span<const double> x)> controller{};
    /// By which limits are kept; it never goes back.
    SessionClock now = std::chrono::steady_clock::now;
};

/// One run on a device, from the first greeting to END, the same for boards and their emulation:
/// identify, choose a profile, configure, restore, feed inputs, start, grant credit, record.
///
/// Commands without an answer are repeated; the device answers a repeated command without executing
/// it twice. Every error is a HostError: exit code 2 when the device refuses the experiment, with
/// the key and its range; 3 for another protocol or a floating-point mode that gives other bits; 4
/// when the device is silent, gone or restarted. A run that failed (a number left the finite ones,
/// a tick was missed under the policy `stop`) is no error of the session: see `failure`.
class Session {
public:
    /// `experiment` and `link` must outlive the session; `record` gets every byte from the HELLO
    /// on.
    Session(const Experiment& experiment, ByteLink& link, const SessionOptions& options,
            RecordBytes record);

    /// Called with the latest step that a frame named.
    void on_step(std::function<void(std::uint32_t)> report) { report_step_ = std::move(report); }

    /// Called when the line is quiet: the time to bring a record to safety.
    void on_silence(std::function<void()> notice) { notice_silence_ = std::move(notice); }

    /// The whole session. Returns when the run is over, whether it failed or not.
    RunEnd run();

    /// After `run`: why the run failed, in one line; nothing when it was completed or stopped.
    [[nodiscard]] std::optional<std::string> failure() const;

    [[nodiscard]] const DeviceIntroduction& device() const { return device_; }

    /// After `run`: the tick as it was asked for and, where the device tells, as it was.
    [[nodiscard]] TickPeriod tick() const { return tick_; }

private:
    static constexpr int most_attempts = 5; ///< for what a line may have lost
    using CommandHeader = stream::CommandHeader;
    /// Where a data frame stands in its run: step, kind, replica or array, first element. Grows
    /// from frame to frame.
    using DataPosition = std::array<std::uint32_t, 4>;
    struct Answer {
        CommandHeader to;
        experiment::Refusal refusal;
        float lowest = 0;
        float highest = 0;
    };
    struct Status {
        CommandHeader last_command;
        firmware::RunState state = firmware::RunState::idle;
        std::uint32_t step = 0;
    };

    void identify();
    void configure();
    void start();
    void receive_until_end();
    void stop_earlier_session();
    [[nodiscard]] Status ask_status();

    void restore();
    void send_checkpoint();

    /// Goes through the steps at which something is to be done; false when the run ended there.
    [[nodiscard]] bool make_stops();
    [[nodiscard]] bool pause_at(std::uint32_t step, std::uint32_t steps_to_go);
    void give(double value);
    void take_snapshot();
    [[nodiscard]] bool receive_checkpoint();
    void answer_state(std::span<const std::uint8_t> payload);
    void assemble_state(const StateChunk& chunk);
    [[nodiscard]] bool digest_follows(std::uint32_t step) const;
    void send_response();
    [[nodiscard]] std::vector<std::uint8_t> input_bytes(double value) const;
    [[nodiscard]] std::uint32_t credit_window() const;

    [[nodiscard]] CommandHeader next_command() { return {options_.id, ++commands_}; }
    [[nodiscard]] Answer command(stream::Kind kind, std::span<const std::uint8_t> arguments = {});
    [[nodiscard]] Answer command(stream::Kind kind, const CommandHeader& name,
                                 std::span<const std::uint8_t> arguments);
    void accept_or_throw(const Answer& answer) const;
    void send(stream::Kind kind, const CommandHeader& name,
              std::span<const std::uint8_t> arguments);
    /// What a command holds behind its header; `add(writer)` writes what the struct does not hold.
    template <class Arguments, class Add = stream::NothingAdded>
    static std::vector<std::uint8_t> argument_bytes(const Arguments& arguments, Add add = {}) {
        std::array<std::uint8_t, stream::largest_payload> bytes{};
        stream::ByteWriter writer(bytes);
        stream::put_fields(writer, arguments, add);
        TINYMF_ASSERT(writer.ok());
        const auto written = writer.written();
        return {written.begin(), written.end()};
    }
    void send_credit();
    [[nodiscard]] std::vector<std::uint8_t> configuration_bytes() const;

    /// Takes one frame in; false when none came in time. Throws when the line has ended.
    bool receive(std::chrono::milliseconds limit);
    /// Whether there was something new within `answer_limit`: a later step of the run, the answer
    /// that is waited for, more of a checkpoint. Talk that says nothing does not count.
    [[nodiscard]] bool hears_news() const;
    /// Throws when the run has not gone on for as long as a device may be silent, and a tick: one
    /// that answers and does nothing else would be waited for without end.
    void require_progress() const;
    void tell_progress() { last_progress_ = options_.now(); }
    /// Receives until `there()` is true, or there is no news before.
    template <class There>
    void receive_until(There&& there) {
        last_news_ = options_.now();
        while (!there() && hears_news()) {
            static_cast<void>(receive(options_.answer_limit));
        }
    }
    void take(const stream::FrameView& frame);
    void take_sequence(std::uint32_t sequence);
    void take_hello(std::span<const std::uint8_t> payload);
    void take_status(const stream::StatusFrame& status);
    void take_answer(stream::Kind kind, std::span<const std::uint8_t> payload);
    void take_configuration(std::span<const std::uint8_t> payload);
    [[nodiscard]] DataPosition position_of(stream::Kind kind,
                                           std::span<const std::uint8_t> payload) const;
    /// Whether it is further than all before.
    [[nodiscard]] bool tell_position(const DataPosition& position);
    void take_data(stream::Kind kind, std::span<const std::uint8_t> payload);
    [[noreturn]] void throw_link_failure(std::string_view what) const;
    void refuse_other_arithmetic() const;
    [[nodiscard]] std::string non_finite_text() const;
    [[nodiscard]] std::string missed_deadline_text() const;

    const Experiment& experiment_;
    ByteLink& link_;
    SessionOptions options_;
    FrameReceiver receiver_;
    std::function<void(std::uint32_t)> report_step_;
    std::function<void()> notice_silence_;

    DeviceIntroduction device_;
    bool configured_ = false;
    TickPeriod tick_;
    std::uint8_t profile_ = 0;
    std::uint32_t commands_ = 0;
    std::optional<Answer> answer_;
    std::optional<CommandHeader> awaited_; ///< the command whose answer is waited for
    bool awaited_came_ = false;            ///< that answer
    std::vector<double> state_;            ///< for the controller, as far as it came
    std::uint32_t state_step_ = 0;         ///< its step
    std::optional<double> response_;       ///< of the controller, not sent yet
    std::optional<Status> status_;
    CheckpointAssembler checkpoint_;
    std::optional<std::uint32_t> restored_step_;
    std::uint32_t next_sequence_ = 0;
    std::uint32_t data_frames_ = 0; ///< received, and lost ones that may have been data
    std::uint32_t credit_ = 0;
    std::uint32_t step_ = 0;
    // What counts as news only grows, so that a peer cannot go on for ever.
    SessionTime last_news_;
    std::uint32_t furthest_step_ = 0;
    SessionTime last_progress_;              ///< of the run, as data or STATUS showed it
    std::uint32_t furthest_status_step_ = 0; ///< of STATUS
    DataPosition furthest_data_{};
    std::size_t most_of_checkpoint_ = 0; ///< bytes of the one asked for
    std::uint8_t fault_cause_ = 0;       ///< of the FAULT frame
    std::uint32_t fault_index_ = 0;      ///< likewise
    std::optional<stream::TicksFrame> ticks_;
    std::optional<RunEnd> end_;
};

} // namespace tinymf::host
