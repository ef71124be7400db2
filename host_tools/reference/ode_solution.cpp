// SPDX-License-Identifier: Apache-2.0
#include "reference/ode_solution.hpp"

#include <algorithm>
#include <stdexcept>
#include <vector>

#include <boost/numeric/odeint.hpp>
#include <fmt/format.h>

#include "reference/network_equation.hpp"
#include "reference/network_input.hpp"

namespace tinymf::host {
namespace {

namespace odeint = boost::numeric::odeint;
using OdeState = std::vector<double>;

/// Carries one state forward in time, with a step size that it adapts as it goes.
class OdeIntegrator {
public:
    OdeIntegrator(const NetworkEquation& equation, const ReferenceStimulus& stimulus,
                  const Eigen::VectorXd& field, const Eigen::VectorXd& initial)
        : equation_{equation}, stimulus_{stimulus}, field_{field},
          state_(initial.data(), initial.data() + initial.size()) {}

    [[nodiscard]] Eigen::Map<const Eigen::VectorXd> state() const {
        return {state_.data(), static_cast<Eigen::Index>(state_.size())};
    }

    /// Between now and `time` the input must not jump.
    void advance_to(double time) {
        if (time <= time_) {
            return;
        }
        const double begin = time_;
        const auto slope = [&](const OdeState& x, OdeState& dxdt, double t) {
            const Eigen::Map<const Eigen::VectorXd> at(x.data(),
                                                       static_cast<Eigen::Index>(x.size()));
            Eigen::Map<Eigen::VectorXd> out(dxdt.data(), static_cast<Eigen::Index>(dxdt.size()));
            out = equation_.recurrent_input(at) - at + field_;
            out.array() += stimulus_.inside(begin, time, t);
        };
        try {
            odeint::integrate_adaptive(
                odeint::make_controlled<odeint::runge_kutta_fehlberg78<OdeState>>(ode_tolerance,
                                                                                  ode_tolerance),
                slope, state_, time_, time, std::min(first_step, time - time_));
        } catch (const odeint::odeint_error& error) {
            throw std::runtime_error(
                fmt::format("reference solution stuck near t = {}: {}", time_, error.what()));
        }
        time_ = time;
    }

private:
    static constexpr double first_step = 0.05; // adapted from there

    const NetworkEquation& equation_;
    const ReferenceStimulus& stimulus_;
    const Eigen::VectorXd& field_;
    OdeState state_;
    double time_ = 0.0;
};

} // namespace

bool has_ode_solution(const experiment::Parameters<double>& parameters) {
    return !(parameters.noise > 0.0) || parameters.noise_kind == model::NoiseKind::frozen;
}

StateTable solve_ode(const NetworkProblem& problem, const DrawnNetwork& drawn,
                     std::uint32_t replica) {
    const auto& parameters = problem.parameters;
    const NetworkEquation equation(parameters, drawn.couplings);
    const ReferenceStimulus stimulus(parameters, problem.live_inputs);
    const Eigen::VectorXd field = ReferenceNoise(parameters, drawn, replica).field();
    OdeIntegrator integrator(equation, stimulus, field, drawn.initial[replica]);

    const std::vector<double> jumps = stimulus.jumps();
    auto next_jump = jumps.begin();
    StateTable states(problem.state_steps.size(), equation.neurons());
    for (Eigen::Index row = 0; row < states.rows(); ++row) {
        const double time = problem.state_steps[static_cast<std::size_t>(row)] * parameters.dt;
        for (; next_jump != jumps.end() && *next_jump <= time; ++next_jump) {
            integrator.advance_to(*next_jump);
        }
        integrator.advance_to(time);
        states.row(row) = integrator.state();
    }
    return states;
}

} // namespace tinymf::host
