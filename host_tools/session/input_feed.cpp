// SPDX-License-Identifier: Apache-2.0
// The part of a session that feeds live inputs: run up to an input's step, pause, give it.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "session/session.hpp"
#include "tinymf/stream/byte_writer.hpp"

namespace tinymf::host {
namespace {

using namespace std::chrono_literals;
using firmware::RunState;
using stream::Kind;

/// Longest pause between two questions whether the device has paused.
constexpr auto most_idle = 64ms;

} // namespace

bool Session::feed_inputs() {
    std::uint32_t reached = 0;
    for (const LiveInput& input : options_.inputs) {
        if (input.step > reached && !pause_at(input.step, input.step - reached)) {
            return false;
        }
        reached = input.step;
        give(input.value);
    }
    return true;
}

bool Session::pause_at(std::uint32_t step, std::uint32_t steps_to_go) {
    std::array<std::uint8_t, sizeof steps_to_go> bytes{};
    stream::ByteWriter(bytes).put(steps_to_go);
    accept_or_throw(command(Kind::step, bytes));
    Status status;
    for (auto idle = 0ms;; idle = std::min(2 * idle + 1ms, most_idle)) {
        while (receive(idle)) {
        }
        if (end_) {
            return false;
        }
        status = ask_status();
        if (status.state != RunState::running) {
            break;
        }
        send_credit(); // the last one may have been lost
    }
    if (status.state == RunState::paused && status.step != step) {
        throw_link_failure(
            fmt::format("the device paused at step {}, not at {}", status.step, step));
    }
    return status.state == RunState::paused;
}

void Session::give(double value) {
    std::array<std::uint8_t, sizeof value> bytes{};
    stream::ByteWriter writer(bytes);
    if (experiment_.network.scalar == experiment::ScalarKind::float32) {
        writer.put(static_cast<float>(value));
    } else {
        writer.put(value);
    }
    accept_or_throw(command(Kind::input, writer.written()));
}

} // namespace tinymf::host
