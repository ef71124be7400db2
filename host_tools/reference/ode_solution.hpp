// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>

#include <Eigen/Dense>

#include "reference/drawn_network.hpp"
#include "reference/network_problem.hpp"

namespace tinymf::host {

/// Local error, absolute and relative, that the adaptive solver may make in one of its steps.
inline constexpr double ode_tolerance = 1e-12;

/// States in rows, neurons in columns.
using StateTable = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// True when the network is a differential equation with piecewise smooth input: without noise, or
/// with static noise that is never drawn anew. Other noise is defined on the run's grid.
[[nodiscard]] bool has_ode_solution(const experiment::Parameters<double>& parameters);

/// The solution of x' = -x + g J phi(x) + I(t) + xi at the problem's `state_steps`, by an adaptive
/// Runge-Kutta-Fehlberg 7(8) method (Boost.odeint) that never steps across a jump of the input.
/// Independent of the run's dt, except that live inputs act at its steps.
/// Throws std::runtime_error when the step size collapses.
[[nodiscard]] StateTable solve_ode(const NetworkProblem& problem, const DrawnNetwork& drawn,
                                   std::uint32_t replica);

/// The same solution from state to state, in memory that does not grow with their number.
class OdeSolution {
public:
    /// `drawn` must outlive it.
    OdeSolution(const NetworkProblem& problem, const DrawnNetwork& drawn, std::uint32_t replica);
    ~OdeSolution();
    OdeSolution(OdeSolution&& other) noexcept;
    OdeSolution& operator=(OdeSolution&& other) noexcept;

    /// The state at a step, which is none before the last one that was asked for.
    [[nodiscard]] Eigen::Map<const Eigen::VectorXd> at_step(std::uint32_t step);

private:
    struct Walk;
    std::unique_ptr<Walk> walk_;
};

} // namespace tinymf::host
