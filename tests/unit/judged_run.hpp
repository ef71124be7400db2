// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "recording/soundness.hpp"

namespace tinymf::host {

/// A run of 10 steps of one neuron: DIGEST of steps 0, 5 and 10 is due, and nothing else.
class JudgedRun {
public:
    using Change = std::function<void(Configuration&, experiment::ProfileInfo&)>;

    explicit JudgedRun(
        const Change& change = [](auto&, auto&) {}, std::uint32_t counter_rate = 0) {
        Configuration configuration;
        configuration.delivery = stream::Delivery::realtime;
        configuration.parameters.steps = 10;
        configuration.parameters.state_every = 0;
        configuration.parameters.digest_every = 5;
        experiment::ProfileInfo profile{.replicas = 1, .neurons = 1};
        change(configuration, profile);
        device.protocol = 1;
        device.board = "board";
        device.boots = 3;
        device.counter_rate = counter_rate;
        soundness.take_hello(device);
        soundness.take_configuration(configuration, profile);
    }

    JudgedRun& digest(std::uint32_t step) {
        soundness.take_data({.kind = stream::Kind::digest, .step = step});
        return *this;
    }
    JudgedRun& gap(std::uint32_t step, std::uint32_t frames) {
        soundness.take_gap({step, frames});
        return *this;
    }
    JudgedRun& fault(std::uint32_t step) {
        soundness.take_fault({.cause = firmware::FaultCause::not_finite, .step = step});
        return *this;
    }
    JudgedRun& end(std::uint32_t step = 10, stream::EndReason reason = stream::EndReason::completed,
                   std::uint32_t dropped = 0) {
        RunEnd end;
        end.step = step;
        end.reason = reason;
        end.dropped_frames = dropped;
        soundness.take_end(end);
        return *this;
    }
    JudgedRun& whole() { return digest(0).digest(5).digest(10); }

    /// Of a file that ended as it should.
    [[nodiscard]] Judgement judged() const {
        CaptureSurvey survey;
        const stream::FrameHeader header{
            .kind = static_cast<std::uint8_t>(stream::Kind::end), .schema = 1, .sequence = 0};
        survey.ledger.observe({header, {}});
        return soundness.judge(survey, std::nullopt);
    }
    [[nodiscard]] std::vector<std::string> unsound() const { return judged().unsound; }

    DeviceIntroduction device;
    Soundness soundness;
};

} // namespace tinymf::host
