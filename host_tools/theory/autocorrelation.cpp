// SPDX-License-Identifier: Apache-2.0
#include "theory/autocorrelation.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <boost/numeric/odeint.hpp>

#include "theory/energy_condition.hpp"

namespace tinymf::host {
namespace {

namespace odeint = boost::numeric::odeint;

template <std::size_t order>
using State = std::array<double, order>;

/// Longest stretch before the choice of the equation is reconsidered; once it has fallen, an eighth
/// of the lag. Stretches double from the shortest one on: close to full correlation F bends within
/// a small part of its variance, or is no polynomial at all, which fools the estimate of a step's
/// error.
constexpr double longest_stretch = 0.125;
constexpr double shortest_stretch = 0x1p-24;

template <std::size_t order, class System>
void advance(const System& system, State<order>& state, double from, double to) {
    const auto stepper =
        odeint::make_controlled(1e-15, 1e-13, odeint::runge_kutta_fehlberg78<State<order>>());
    odeint::integrate_adaptive(stepper, system, state, from, to, (to - from) / 2.0);
}

} // namespace

Autocorrelation::Autocorrelation(const experiment::Parameters<double>& parameters,
                                 const Drive& drive, double variance)
    : gain_{parameters.gain}, initial_slope_{drive.kind == Drive::Kind::white
                                                 ? -drive.strength / 2.0
                                                 : 0.0},
      frozen_strength_{drive.kind == Drive::Kind::frozen ? drive.strength : 0.0},
      average_{parameters, variance},
      plateau_{correlation_plateau(average_, gain_, frozen_strength_).value_or(variance)} {}

double Autocorrelation::decay_rate() const {
    return std::sqrt(std::max(0.0, 1.0 - gain_ * gain_ * average_.slope(plateau_)));
}

std::vector<double> Autocorrelation::at(std::span<const double> lags) const {
    const double x = gain_ * gain_;
    const auto acceleration = [&](const State<2>& c, State<2>& derivative, double) {
        derivative = {c[1], c[0] - frozen_strength_ - x * average_.output(c[0])};
    };
    const auto descent = [&](const State<1>& c, State<1>& derivative, double) {
        derivative[0] = -std::sqrt(std::max(
            0.0, particle_speed_square(average_, gain_, frozen_strength_, plateau_, c[0])));
    };
    const double half = (average_.variance() + plateau_) / 2.0;
    State<2> falling{average_.variance(), initial_slope_};
    State<1> fallen{0.0};
    bool past_half = false;
    double now = 0.0;
    std::vector<double> values;
    values.reserve(lags.size());
    for (const double lag : lags) {
        while (now < lag) {
            const double stretch = past_half ? std::max(longest_stretch, now / 8.0)
                                             : std::clamp(now, shortest_stretch, longest_stretch);
            const double next = std::min(lag, now + stretch);
            if (past_half) {
                advance<1>(descent, fallen, now, next);
            } else {
                advance<2>(acceleration, falling, now, next);
                fallen[0] = falling[0];
                past_half = falling[0] < half;
            }
            now = next;
        }
        values.push_back(past_half ? fallen[0] : falling[0]);
    }
    return values;
}

} // namespace tinymf::host
