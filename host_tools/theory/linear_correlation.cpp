// SPDX-License-Identifier: Apache-2.0
#include "theory/linear_correlation.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <boost/math/quadrature/ooura_fourier_integrals.hpp>

#include "theory/linear_response.hpp"

namespace tinymf::host {
namespace {

constexpr int nodes_of_an_average = 4096;

double frozen_variance(const LinearModel& model) {
    const double response = static_linear_response(model.kappa());
    const double amplified = model.gain * response;
    return model.drive.strength * response * response / (1.0 - amplified * amplified);
}

/// Sum over the grid's frequencies; exact to rounding, the spectrum of a grid being periodic.
double grid_correlation(const LinearModel& model, double tau) {
    double sum = 0.0;
    for (const FrequencyNode& node :
         frequency_nodes(model.scheme, model.frequency_width(), nodes_of_an_average)) {
        sum += node.weight * linear_spectrum(model, node.omega) * std::cos(node.omega * tau);
    }
    return sum;
}

} // namespace

double LinearModel::frequency_width() const {
    return std::sqrt(std::clamp(1.0 - edge(), 1e-12, 1.0));
}

double linear_power_gain(const LinearModel& model, double omega) {
    return std::norm(linear_response(model.scheme.inverse_filter(omega), model.kappa()));
}

double linear_spectrum(const LinearModel& model, double omega) {
    const double power = linear_power_gain(model, omega);
    return model.scheme.drive_spectrum(model.drive, omega) * power /
           (1.0 - model.gain * model.gain * power);
}

double linear_variance(const LinearModel& model) {
    return model.drive.kind == Drive::Kind::frozen ? frozen_variance(model)
                                                   : grid_correlation(model, 0.0);
}

double linear_correlation(const LinearModel& model, double tau) {
    if (model.drive.kind == Drive::Kind::frozen) {
        return frozen_variance(model);
    }
    if (tau == 0.0 || !model.scheme.continuous()) {
        return grid_correlation(model, tau);
    }
    boost::math::quadrature::ooura_fourier_cos<double> cosine_transform(1e-12, 10);
    const auto spectrum = [&](double omega) { return linear_spectrum(model, omega); };
    return cosine_transform.integrate(spectrum, tau).first / std::numbers::pi;
}

double linear_effective_temperature(const LinearModel& model, double omega) {
    const double power = linear_power_gain(model, omega);
    const double bath = model.drive.kind == Drive::Kind::white
                            ? model.drive.strength / 2.0
                            : model.scheme.drive_spectrum(model.drive, omega) / 2.0;
    return bath * (1.0 - model.kappa() * power) / (1.0 - model.gain * model.gain * power);
}

} // namespace tinymf::host
