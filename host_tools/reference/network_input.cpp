// SPDX-License-Identifier: Apache-2.0
#include "reference/network_input.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace tinymf::host {

ReferenceStimulus::ReferenceStimulus(const experiment::Parameters<double>& parameters,
                                     std::vector<LiveInput> live_inputs)
    : parameters_{parameters}, live_inputs_{std::move(live_inputs)} {}

double ReferenceStimulus::at(double time) const {
    const double amplitude = parameters_.stimulus_amplitude;
    switch (parameters_.stimulus) {
    case model::StimulusKind::constant:
        return amplitude;
    case model::StimulusKind::step:
        return time >= parameters_.stimulus_onset ? amplitude : 0.0;
    case model::StimulusKind::sine:
        return sine(time);
    case model::StimulusKind::live:
        return live_value(time / parameters_.dt);
    case model::StimulusKind::none:
        break;
    }
    return 0.0;
}

double ReferenceStimulus::at_stage(std::uint32_t step, double offset) const {
    switch (parameters_.stimulus) {
    case model::StimulusKind::step:
        return step >= std::floor(parameters_.stimulus_onset / parameters_.dt + 0.5)
                   ? parameters_.stimulus_amplitude
                   : 0.0;
    case model::StimulusKind::live:
        return live_value(step);
    default:
        return at((step + offset) * parameters_.dt);
    }
}

std::vector<double> ReferenceStimulus::jumps() const {
    std::vector<double> times;
    if (parameters_.stimulus == model::StimulusKind::step) {
        times.push_back(parameters_.stimulus_onset);
    }
    if (parameters_.stimulus == model::StimulusKind::live) {
        for (const LiveInput& input : live_inputs_) {
            times.push_back(input.step * parameters_.dt);
        }
    }
    return times;
}

double ReferenceStimulus::live_value(double step) const {
    const auto later =
        std::upper_bound(live_inputs_.begin(), live_inputs_.end(), step,
                         [](double value, const LiveInput& input) { return value < input.step; });
    return later == live_inputs_.begin() ? 0.0 : std::prev(later)->value;
}

double ReferenceStimulus::sine(double time) const {
    double whole_turns = 0.0;
    const double turn = std::modf(parameters_.stimulus_frequency * time, &whole_turns);
    return parameters_.stimulus_amplitude * std::sin(2.0 * std::numbers::pi * turn);
}

ReferenceNoise::ReferenceNoise(const experiment::Parameters<double>& parameters,
                               const DrawnNetwork& drawn, std::uint32_t replica)
    : parameters_{parameters}, drawn_{&drawn}, replica_{replica}, field_{Eigen::VectorXd::Zero(
                                                                      drawn.couplings.rows())} {
    if (parameters_.noise > 0.0 && parameters_.noise_kind != model::NoiseKind::white) {
        field_ = parameters_.noise * drawn_->normals(replica_, 0);
    }
}

Eigen::VectorXd ReferenceNoise::increment() const {
    if (!(parameters_.noise > 0.0) || parameters_.noise_kind != model::NoiseKind::white) {
        return Eigen::VectorXd::Zero(field_.size());
    }
    const double dt = parameters_.dt;
    const double variance = parameters_.integrator == model::IntegratorKind::exponential_euler
                                ? -std::expm1(-2.0 * dt) / 2.0
                                : dt;
    return parameters_.noise * std::sqrt(variance) * drawn_->normals(replica_, step_);
}

void ReferenceNoise::advance() {
    ++step_;
    const std::uint32_t hold = parameters_.noise_hold;
    if (parameters_.noise > 0.0 && hold != 0 && step_ % hold == 0) {
        field_ = parameters_.noise * drawn_->normals(replica_, step_ / hold);
    }
    if (parameters_.noise > 0.0 && parameters_.noise_kind == model::NoiseKind::colored) {
        const double lag = parameters_.dt / parameters_.noise_time;
        field_ = std::exp(-lag) * field_ + parameters_.noise * std::sqrt(-std::expm1(-2.0 * lag)) *
                                               drawn_->normals(replica_, step_);
    }
}

} // namespace tinymf::host
