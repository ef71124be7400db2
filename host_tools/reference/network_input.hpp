// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include <Eigen/Dense>

#include "reference/drawn_network.hpp"
#include "reference/network_problem.hpp"

namespace tinymf::host {

/// The external input I(t), the same for all neurons: as a function of time for the differential
/// equation, and as the one-step schemes sample it.
class ReferenceStimulus {
public:
    ReferenceStimulus(const experiment::Parameters<double>& parameters,
                      std::vector<LiveInput> live_inputs);

    /// I(t); at a jump the value after it.
    [[nodiscard]] double at(double time) const;

    /// I(time) in an interval from `begin` to `end` that has jumps at most at its ends; there the
    /// value of the inside.
    [[nodiscard]] double inside(double begin, double end, double time) const {
        return piecewise_constant() ? at((begin + end) / 2.0) : at(time);
    }

    /// I as the step from `step` sees it, `offset` in {0, 1/2, 1} of the way: a jump acts from the
    /// nearest step on, and jumps never fall inside a step.
    [[nodiscard]] double at_stage(std::uint32_t step, double offset) const;

    /// Times at which I(t) jumps, ascending.
    [[nodiscard]] std::vector<double> jumps() const;

private:
    [[nodiscard]] bool piecewise_constant() const {
        return parameters_.stimulus == model::StimulusKind::step ||
               parameters_.stimulus == model::StimulusKind::live;
    }
    [[nodiscard]] double live_value(double step) const;
    [[nodiscard]] double sine(double time) const;

    experiment::Parameters<double> parameters_;
    std::vector<LiveInput> live_inputs_;
};

/// The noise of one replica on the run's time grid, in double precision from the run's normals.
class ReferenceNoise {
public:
    /// `drawn` must outlive the noise.
    ReferenceNoise(const experiment::Parameters<double>& parameters, const DrawnNetwork& drawn,
                   std::uint32_t replica);

    /// Coloured or static xi held over the present step; zero for white noise.
    [[nodiscard]] const Eigen::VectorXd& field() const { return field_; }

    /// sqrt(nu) n of the present step: white noise integrated over it as the scheme does.
    [[nodiscard]] Eigen::VectorXd increment() const;

    void advance();

private:
    experiment::Parameters<double> parameters_;
    const DrawnNetwork* drawn_;
    std::uint32_t replica_;
    std::uint32_t step_ = 0;
    Eigen::VectorXd field_;
};

} // namespace tinymf::host
