// SPDX-License-Identifier: Apache-2.0
// The part of a session that pauses a run at chosen steps: to give a live input, to take a
// checkpoint, to end it.
#include <algorithm>

#include <fmt/format.h>

#include "device/session.hpp"
#include "device/stop_plan.hpp"
#include "tinymf/stream/frame_kinds.hpp"

namespace tinymf::host {
namespace {

using namespace std::chrono_literals;
using firmware::RunState;
using stream::Kind;

/// Longest pause between two questions whether the device has paused.
constexpr auto most_idle = 64ms;

} // namespace

bool Session::make_stops() {
    std::uint32_t reached = restored_step_.value_or(0);
    StopPlan plan(options_, reached, last_step_of(experiment_));
    while (const auto stop = plan.next()) {
        if (stop->step > reached && !pause_at(stop->step, stop->step - reached)) {
            return false;
        }
        reached = stop->step;
        if (stop->input != nullptr) {
            give(stop->input->value);
        }
        if (stop->snapshot) {
            take_snapshot();
        }
        if (end_) {
            return false; // nothing could be kept: the run was over
        }
        if (stop->end) {
            accept_or_throw(command(Kind::stop));
            return false;
        }
    }
    return true;
}

bool Session::pause_at(std::uint32_t step, std::uint32_t steps_to_go) {
    accept_or_throw(command(Kind::step, argument_bytes(stream::StepArguments{steps_to_go})));
    tell_progress();
    Status status;
    for (auto idle = 0ms;; idle = std::min(2 * idle + 1ms, most_idle)) {
        const auto deadline = options_.now() + options_.answer_limit;
        while (receive(idle) && !end_ && options_.now() < deadline) {
        }
        if (end_) {
            return false;
        }
        status = ask_status();
        if (status.state != RunState::running) {
            break;
        }
        require_progress();
        send_credit(); // the last one may have been lost
    }
    if (status.state == RunState::paused && status.step != step) {
        throw_link_failure(
            fmt::format("the device paused at step {}, not at {}", status.step, step));
    }
    return status.state == RunState::paused;
}

void Session::give(double value) {
    accept_or_throw(command(Kind::input, input_bytes(value)));
}

void Session::take_snapshot() {
    for (int attempt = 0; attempt < most_attempts; ++attempt) {
        checkpoint_.forget();
        most_of_checkpoint_ = 0;
        accept_or_throw(command(Kind::snapshot));
        if (receive_checkpoint() || end_) {
            return;
        }
        // The last credit may have been lost. Only then is the device done with this one.
        send_credit();
        if (receive_checkpoint() || end_) {
            return;
        }
    }
    throw_link_failure("a checkpoint does not arrive whole");
}

/// False when the line fell silent, or the run was over, before the last piece.
bool Session::receive_checkpoint() {
    receive_until([this] { return checkpoint_.whole() || end_.has_value(); });
    return checkpoint_.whole();
}

void Session::restore() {
    const auto header = checkpoint::read_header(options_.checkpoint);
    for (int attempt = 0; header && attempt < most_attempts; ++attempt) {
        send_checkpoint();
        // RESTORED follows the last answer at once.
        receive_until([this] { return restored_step_.has_value(); });
        if (restored_step_ == header->step) {
            return;
        }
    }
    throw_link_failure("the device does not tell where the restored run goes on");
}

void Session::send_checkpoint() {
    constexpr std::size_t piece_bytes = 480;
    const std::span<const std::uint8_t> all = options_.checkpoint;
    for (std::size_t at = 0; at < all.size(); at += piece_bytes) {
        const auto piece = all.subspan(at, std::min(piece_bytes, all.size() - at));
        accept_or_throw(command(
            Kind::restore,
            argument_bytes(stream::CheckpointFrame{.first_byte = static_cast<std::uint32_t>(at),
                                                   .total = static_cast<std::uint32_t>(all.size())},
                           stream::add_values(piece))));
    }
}

} // namespace tinymf::host
