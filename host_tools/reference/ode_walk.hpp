// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include <Eigen/Dense>

#include "reference/network_equation.hpp"
#include "reference/network_input.hpp"
#include "reference/ode_solution.hpp"

namespace tinymf::host {

/// The right-hand side -x + g J phi(x) + I(t) + xi of one replica, between two jumps of the input.
class ReplicaSlope {
public:
    using ConstState = Eigen::Map<const Eigen::VectorXd>;
    using State = Eigen::Map<Eigen::VectorXd>;

    /// `drawn` must outlive the slope.
    ReplicaSlope(const NetworkProblem& problem, const DrawnNetwork& drawn, std::uint32_t replica)
        : equation_(problem.parameters, drawn.couplings),
          stimulus_(problem.parameters, problem.live_inputs),
          field_(ReferenceNoise(problem.parameters, drawn, replica).field()) {}

    [[nodiscard]] const ReferenceStimulus& stimulus() const { return stimulus_; }

    /// Slopes are asked for inside this interval from now on.
    void enter(double begin, double end) {
        begin_ = begin;
        end_ = end;
    }

    void operator()(const ConstState& x, State dxdt, double time) const {
        dxdt = equation_.recurrent_input(x) - x + field_;
        dxdt.array() += stimulus_.inside(begin_, end_, time);
    }

private:
    NetworkEquation equation_;
    ReferenceStimulus stimulus_;
    Eigen::VectorXd field_;
    double begin_ = 0.0;
    double end_ = 0.0;
};

/// One replica from step to step by `Integrator(slope, initial)`, which offers `advance_to(time)`
/// without a jump in between, `restart()` after one, and `state()`. Holds references to itself: no
/// copies.
template <class Integrator>
class OdeWalk {
public:
    /// `drawn` must outlive the walk.
    OdeWalk(const NetworkProblem& problem, const DrawnNetwork& drawn, std::uint32_t replica)
        : dt_{problem.parameters.dt}, slope_(problem, drawn, replica),
          integrator_(slope_, drawn.initial[replica]), jumps_{slope_.stimulus().jumps()} {}
    OdeWalk(const OdeWalk&) = delete;
    OdeWalk& operator=(const OdeWalk&) = delete;

    /// The state at a step, which is none before the last one that was asked for.
    [[nodiscard]] ReplicaSlope::ConstState at_step(std::uint32_t step) {
        const double time = step * dt_;
        for (; next_jump_ < jumps_.size() && jumps_[next_jump_] <= time; ++next_jump_) {
            integrator_.advance_to(jumps_[next_jump_]);
            integrator_.restart();
        }
        integrator_.advance_to(time);
        return integrator_.state();
    }

private:
    double dt_;
    ReplicaSlope slope_;
    Integrator integrator_;
    std::vector<double> jumps_;
    std::size_t next_jump_ = 0;
};

/// States at the problem's steps.
template <class Integrator>
StateTable walk(const NetworkProblem& problem, const DrawnNetwork& drawn, std::uint32_t replica) {
    OdeWalk<Integrator> walk(problem, drawn, replica);
    StateTable states(problem.state_steps.size(), drawn.couplings.rows());
    for (Eigen::Index row = 0; row < states.rows(); ++row) {
        states.row(row) = walk.at_step(problem.state_steps[static_cast<std::size_t>(row)]);
    }
    return states;
}

} // namespace tinymf::host
