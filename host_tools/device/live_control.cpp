// SPDX-License-Identifier: Apache-2.0
// The part of a session that answers states with live inputs while the run goes on.
#include <array>

#include "device/session.hpp"
#include "recording/frame_contents.hpp"
#include "tinymf/stream/byte_writer.hpp"

namespace tinymf::host {

void Session::answer_state(std::span<const std::uint8_t> payload) {
    const auto chunk = read_state_chunk(payload, experiment_.scalar());
    if (!chunk) {
        return;
    }
    const std::size_t neurons = experiment_.network.neurons;
    if (chunk->replica == 0) {
        assemble_state(*chunk);
        if (state_.size() == neurons && chunk->step < experiment_.parameters.steps) {
            response_ = options_.controller(chunk->step, state_);
        }
    }
    const bool ends_states = chunk->replica + 1 == experiment_.parameters.replicas &&
                             chunk->first_neuron + chunk->values.size() == neurons;
    if (options_.delivery == stream::Delivery::realtime ||
        (ends_states && !digest_follows(chunk->step))) {
        send_response();
    }
}

void Session::assemble_state(const StateChunk& chunk) {
    if (chunk.step != state_step_) {
        state_step_ = chunk.step;
        state_.clear(); // of the step before, whose last pieces may have been dropped
    }
    if (chunk.first_neuron == state_.size()) { // otherwise a piece was dropped
        state_.insert(state_.end(), chunk.values.begin(), chunk.values.end());
    }
}

bool Session::digest_follows(std::uint32_t step) const {
    const std::uint32_t every = experiment_.parameters.digest_every;
    return every != 0 && step % every == 0;
}

/// Under the lossless policy with the last frame of its step: the device has taken the next step by
/// then, and waits for the credit that follows on the line. Nobody waits for the answer.
void Session::send_response() {
    if (response_) {
        send(stream::Kind::input, next_command(), input_bytes(*response_));
        response_.reset();
    }
}

std::vector<std::uint8_t> Session::input_bytes(double value) const {
    std::array<std::uint8_t, sizeof value> bytes{};
    stream::ByteWriter writer(bytes);
    if (experiment_.network.scalar == experiment::ScalarKind::float32) {
        writer.put(static_cast<float>(value));
    } else {
        writer.put(value);
    }
    const auto written = writer.written();
    return {written.begin(), written.end()};
}

} // namespace tinymf::host
