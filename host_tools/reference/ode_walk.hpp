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

/// States at the problem's steps by `Integrator(slope, initial)`, which offers `advance_to(time)`
/// without a jump in between, `restart()` after one, and `state()`.
template <class Integrator>
StateTable walk(const NetworkProblem& problem, const DrawnNetwork& drawn, std::uint32_t replica) {
    ReplicaSlope slope(problem, drawn, replica);
    Integrator integrator(slope, drawn.initial[replica]);
    const std::vector<double> jumps = slope.stimulus().jumps();
    auto next_jump = jumps.begin();
    StateTable states(problem.state_steps.size(), drawn.couplings.rows());
    for (Eigen::Index row = 0; row < states.rows(); ++row) {
        const double time =
            problem.state_steps[static_cast<std::size_t>(row)] * problem.parameters.dt;
        for (; next_jump != jumps.end() && *next_jump <= time; ++next_jump) {
            integrator.advance_to(*next_jump);
            integrator.restart();
        }
        integrator.advance_to(time);
        states.row(row) = integrator.state();
    }
    return states;
}

} // namespace tinymf::host
