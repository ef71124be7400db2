// SPDX-License-Identifier: Apache-2.0
#include "reference/ode_solution.hpp"

#include <algorithm>
#include <stdexcept>
#include <vector>

#include <boost/numeric/odeint.hpp>
#include <fmt/format.h>

#include "reference/ode_walk.hpp"

namespace tinymf::host {
namespace {

namespace odeint = boost::numeric::odeint;
using OdeState = std::vector<double>;

/// Carries one state forward in time, with a step size that it adapts as it goes.
class OdeIntegrator {
public:
    OdeIntegrator(ReplicaSlope& slope, const Eigen::VectorXd& initial)
        : slope_{slope}, state_(initial.data(), initial.data() + initial.size()) {}

    [[nodiscard]] ReplicaSlope::ConstState state() const {
        return {state_.data(), static_cast<Eigen::Index>(state_.size())};
    }

    /// One-step methods remember nothing.
    void restart() {}

    void advance_to(double time) {
        if (time <= time_) {
            return;
        }
        slope_.enter(time_, time);
        const auto slope = [this](const OdeState& x, OdeState& dxdt, double t) {
            const auto size = static_cast<Eigen::Index>(x.size());
            slope_({x.data(), size}, {dxdt.data(), size}, t);
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

    ReplicaSlope& slope_;
    OdeState state_;
    double time_ = 0.0;
};

} // namespace

bool has_ode_solution(const experiment::Parameters<double>& parameters) {
    const bool constant_noise =
        parameters.noise_kind == model::NoiseKind::frozen && parameters.noise_hold == 0;
    return !(parameters.noise > 0.0) || constant_noise;
}

StateTable solve_ode(const NetworkProblem& problem, const DrawnNetwork& drawn,
                     std::uint32_t replica) {
    return walk<OdeIntegrator>(problem, drawn, replica);
}

struct OdeSolution::Walk : OdeWalk<OdeIntegrator> {
    using OdeWalk::OdeWalk;
};

OdeSolution::OdeSolution(const NetworkProblem& problem, const DrawnNetwork& drawn,
                         std::uint32_t replica)
    : walk_{std::make_unique<Walk>(problem, drawn, replica)} {}
OdeSolution::~OdeSolution() = default;
OdeSolution::OdeSolution(OdeSolution&& other) noexcept = default;
OdeSolution& OdeSolution::operator=(OdeSolution&& other) noexcept = default;

Eigen::Map<const Eigen::VectorXd> OdeSolution::at_step(std::uint32_t step) {
    return walk_->at_step(step);
}

} // namespace tinymf::host
