// SPDX-License-Identifier: Apache-2.0
#include "equations/time_scheme.hpp"

#include <cmath>
#include <numbers>

#include "equations/stage_scheme.hpp"

namespace tinymf::host {

Drive drive_of(const experiment::Parameters<double>& parameters) {
    Drive drive{Drive::Kind::none, parameters.noise * parameters.noise, parameters.noise_time};
    if (drive.strength > 0.0) {
        switch (parameters.noise_kind) {
        case model::NoiseKind::white:
            drive.kind = Drive::Kind::white;
            break;
        case model::NoiseKind::colored:
            drive.kind = Drive::Kind::colored;
            break;
        case model::NoiseKind::frozen:
            drive.kind = Drive::Kind::frozen;
            break;
        }
    }
    return drive;
}

TimeScheme TimeScheme::euler(double dt) {
    TimeScheme scheme;
    scheme.dt_ = dt;
    scheme.alpha_ = 1.0 - dt;
    scheme.beta_ = dt;
    scheme.noise_per_strength_ = dt;
    return scheme;
}

TimeScheme TimeScheme::exponential_euler(double dt) {
    TimeScheme scheme;
    scheme.dt_ = dt;
    scheme.alpha_ = std::exp(-dt);
    scheme.beta_ = -std::expm1(-dt);
    scheme.noise_per_strength_ = -std::expm1(-2.0 * dt) / 2.0;
    scheme.integrator_ = model::IntegratorKind::exponential_euler;
    return scheme;
}

TimeScheme TimeScheme::grid(model::IntegratorKind integrator, double dt) {
    switch (integrator) {
    case model::IntegratorKind::euler:
        return euler(dt);
    case model::IntegratorKind::exponential_euler:
        return exponential_euler(dt);
    case model::IntegratorKind::heun:
    case model::IntegratorKind::rk4:
        break;
    }
    const StageScheme stages = stage_scheme(integrator, dt);
    TimeScheme scheme;
    scheme.dt_ = dt;
    scheme.alpha_ = stages.decay();
    scheme.beta_ = stages.field_share();
    scheme.noise_per_strength_ = std::pow(stages.white(stages.stages()), 2);
    scheme.impulse_ = stages.impulse();
    scheme.integrator_ = integrator;
    return scheme;
}

double TimeScheme::bare_response(double tau) const {
    if (tau <= 0.0) {
        return 0.0;
    }
    return continuous() ? std::exp(-tau) : impulse_ * std::pow(alpha_, std::round(tau / dt_) - 1.0);
}

double TimeScheme::step_variance(double s2) const {
    return noise_per_strength_ * s2;
}

std::complex<double> TimeScheme::filter_excess(std::complex<double> omega) const {
    constexpr std::complex<double> i(0.0, 1.0);
    if (continuous()) {
        return -i * omega;
    }
    // (exp(-i omega dt) - 1) / beta
    const std::complex<double> half = omega * dt_ / 2.0;
    return -2.0 * i * std::sin(half) * std::exp(-i * half) / beta_;
}

std::complex<double> TimeScheme::drive_spectrum(const Drive& drive,
                                                std::complex<double> omega) const {
    switch (drive.kind) {
    case Drive::Kind::white:
        return continuous() ? drive.strength : step_variance(drive.strength) / (beta_ * beta_);
    case Drive::Kind::colored: {
        if (continuous()) {
            const std::complex<double> turn = omega * drive.time;
            return 2.0 * drive.strength * drive.time / (1.0 + turn * turn);
        }
        const double kept = std::exp(-dt_ / drive.time);
        const double lost = -std::expm1(-dt_ / drive.time);
        const std::complex<double> sine = std::sin(omega * dt_ / 2.0);
        return -drive.strength * std::expm1(-2.0 * dt_ / drive.time) /
               (lost * lost + 4.0 * kept * sine * sine);
    }
    case Drive::Kind::none:
    case Drive::Kind::frozen:
        break;
    }
    return 0.0;
}

std::vector<FrequencyNode> frequency_nodes(const TimeScheme& scheme, double width, int count) {
    std::vector<FrequencyNode> nodes;
    nodes.reserve(static_cast<std::size_t>(count));
    const double step = std::numbers::pi / (2.0 * count);
    const double half_dt = scheme.dt() / 2.0;
    const double scale = scheme.continuous() ? width : std::tan(std::min(width * half_dt, 1.0));
    for (int j = 0; j < count; ++j) {
        const double slope = std::tan((j + 0.5) * step);
        const double mapped = scale * slope;
        const double growth = scale * (1.0 + slope * slope) * step / std::numbers::pi;
        if (scheme.continuous()) {
            nodes.push_back({mapped, growth});
        } else {
            nodes.push_back({std::atan(mapped) / half_dt, 2.0 * growth / (1.0 + mapped * mapped)});
        }
    }
    return nodes;
}

} // namespace tinymf::host
