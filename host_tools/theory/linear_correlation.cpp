// SPDX-License-Identifier: Apache-2.0
#include "theory/linear_correlation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "theory/graded_nodes.hpp"
#include "theory/linear_response.hpp"

namespace tinymf::host {
namespace {

using Complex = std::complex<double>;

double frozen_variance(const LinearModel& model) {
    const double response = static_linear_response(model.kappa());
    const double amplified = model.gain * response;
    return model.drive.strength * response * response / ((1.0 - amplified) * (1.0 + amplified));
}

/// N A / (1 - g^2 A) at any frequency, with A = R(omega) R(-omega).
Complex continued_spectrum(const LinearModel& model, Complex omega) {
    const Complex drive = model.scheme.drive_spectrum(model.drive, omega);
    const Complex forth = model.scheme.filter_excess(omega);
    const Complex back = model.scheme.filter_excess(-omega);
    if (model.reciprocity == 0.0) {
        return drive / (model.stability_gap() + (forth + back + forth * back));
    }
    const Complex power =
        linear_response(1.0 + forth, model.kappa()) * linear_response(1.0 + back, model.kappa());
    return drive * power / (1.0 - model.gain * model.gain * power);
}

/// (1/pi) Re of the integral over a ray into the half-plane where exp(-i omega tau) decays. The
/// spectrum's poles lie on the imaginary axis, and so do its cuts but for reciprocity below 0:
/// then the ray passes above the branch points at -i +- 2 sqrt|kappa|. On a grid it ends at the
/// edge of the period.
double correlation_on_ray(const LinearModel& model, double tau) {
    constexpr double digits = 40.0; // exp(-40) = 4e-18
    constexpr double turn_of_interval = 4.0;
    const double swing = 2.0 * std::sqrt(std::abs(std::min(0.0, model.kappa())));
    const double tangent = swing > 0.5 ? 0.5 / swing : 1.0;
    const double cosine = 1.0 / std::hypot(1.0, tangent);
    const Complex direction(cosine, -tangent * cosine);
    double longest = digits / (tau * -direction.imag());
    if (!model.scheme.continuous()) {
        longest = std::min(longest, std::numbers::pi / (model.scheme.dt() * cosine));
    }
    std::vector<Feature> features = model.features();
    for (Feature& feature : features) {
        feature.width /= 2.0;
    }
    const double unit = model.scheme.continuous() ? 1.0 : model.scheme.dt();
    double sum = 0.0;
    for (const auto& [at, weight] : graded_nodes(features, longest, turn_of_interval / tau)) {
        const Complex omega = at * direction;
        const Complex turned = std::exp(Complex(0.0, -1.0) * omega * tau) * direction;
        sum += weight * (continued_spectrum(model, omega) * turned).real();
    }
    return unit * sum / std::numbers::pi;
}

} // namespace

double LinearModel::frequency_width() const {
    return std::sqrt(std::clamp(1.0 - edge(), 1e-12, 1.0));
}

double LinearModel::slowest_rate() const {
    const double rate = std::clamp(1.0 - edge(), std::numeric_limits<double>::epsilon(), 1.0);
    return drive.kind == Drive::Kind::colored ? std::min(rate, 1.0 / drive.time) : rate;
}

std::vector<Feature> LinearModel::features() const {
    std::vector<Feature> features{{0.0, slowest_rate()}};
    if (kappa() < 0.0) {
        features.push_back({2.0 * std::sqrt(-kappa()), 1.0}); // branch points
        features.push_back({gain * (1.0 - reciprocity), 1.0});
    }
    if (drive.kind == Drive::Kind::colored && drive.time < 1.0) {
        features.push_back({0.0, 1.0 / drive.time});
    }
    return features;
}

double linear_power_gain(const LinearModel& model, double omega) {
    return std::norm(linear_response(model.scheme.inverse_filter(omega), model.kappa()));
}

double linear_spectrum(const LinearModel& model, double omega) {
    return continued_spectrum(model, omega).real();
}

double linear_variance(const LinearModel& model) {
    if (model.drive.kind == Drive::Kind::frozen) {
        return frozen_variance(model);
    }
    const FrequencyGrid grid(model.scheme, model.features());
    double sum = 0.0;
    for (const FrequencyNode& node : grid.nodes()) {
        sum += node.weight * linear_spectrum(model, node.omega);
    }
    return sum;
}

double linear_correlation(const LinearModel& model, double tau) {
    return model.drive.kind == Drive::Kind::frozen || tau == 0.0 ? linear_variance(model)
                                                                 : correlation_on_ray(model, tau);
}

double linear_effective_temperature(const LinearModel& model, double omega) {
    const double power = linear_power_gain(model, omega);
    const double bath = model.drive.kind == Drive::Kind::white
                            ? model.drive.strength / 2.0
                            : model.scheme.drive_spectrum(model.drive, omega) / 2.0;
    return bath * (1.0 - model.kappa() * power) / (1.0 - model.gain * model.gain * power);
}

} // namespace tinymf::host
