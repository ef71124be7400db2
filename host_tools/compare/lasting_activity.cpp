// SPDX-License-Identifier: Apache-2.0
#include "compare/lasting_activity.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <span>
#include <utility>

#include "equations/reference_activation.hpp"

namespace tinymf::host {
namespace {

using experiment::Parameters;

/// Of f(x), x normal: the mean, and the standard deviation. By the trapezoid rule, whose ends weigh
/// exp(-32): good enough for an error of an error.
template <class Function>
std::pair<double, double> mean_and_deviation(const Function& f, double variance) {
    constexpr double reach = 8.0;
    constexpr int intervals = 1600;
    constexpr double h = 2.0 * reach / intervals;
    double sum = 0.0;
    double mean = 0.0;
    double square = 0.0;
    for (int i = 0; i <= intervals; ++i) {
        const double z = -reach + h * i;
        const double share = std::exp(-z * z / 2.0);
        const double value = f(std::sqrt(variance) * z);
        sum += share;
        mean += share * value;
        square += share * value * value;
    }
    mean /= sum;
    return {mean, std::sqrt(std::max(0.0, square / sum - mean * mean))};
}

} // namespace

double noise_lifetime(const Parameters<double>& p) {
    if (p.noise == 0.0) {
        return 0.0;
    }
    switch (p.noise_kind) {
    case model::NoiseKind::colored:
        return p.noise_time;
    case model::NoiseKind::frozen:
        return p.noise_hold == 0 ? std::numeric_limits<double>::infinity() : p.noise_hold * p.dt;
    case model::NoiseKind::white:
        break;
    }
    return 0.0;
}

double memory_of(const Parameters<double>& parameters, const Prediction& prediction) {
    const double known = std::max(1.0, noise_lifetime(parameters));
    const Quantity<double>& rate = prediction.stationary.decay_rate;
    return rate.known() && rate.value() > 0.0 ? std::max(known, 1.0 / rate.value()) : known;
}

std::optional<ObservedUnits> independent_blocks(const ObservedUnits& observed, double memory) {
    constexpr double memories = 6.0;
    constexpr std::size_t fewest = 4;
    const observe::ObservationParameters& o = observed.parameters.observation;
    const double block = o.sample_every * static_cast<double>(o.block) * observed.parameters.dt;
    const double needed = std::ceil(memories * memory / block);
    if (needed <= 1.0) {
        return observed;
    }
    if (needed * fewest > static_cast<double>(observed.units.size())) {
        return std::nullopt;
    }
    ObservedUnits joined = observed;
    joined.units.clear();
    const auto length = static_cast<std::size_t>(needed);
    for (std::size_t first = 0; first + length <= observed.units.size(); first += length) {
        joined.units.push_back(average(std::span(observed.units).subspan(first, length), length));
    }
    return joined;
}

std::optional<LastingActivity> lasting_activity(std::size_t neurons,
                                                const Parameters<double>& parameters,
                                                const Prediction& prediction) {
    const Quantity<double>& known = prediction.stationary.input_variance;
    if (!known.known()) {
        return std::nullopt;
    }
    const double variance = known.value();
    const ReferenceActivation phi = reference_activation(parameters);
    const auto square_of = [](const auto& f) { return [&f](double x) { return f(x) * f(x); }; };
    const auto [output, output_scatter] = mean_and_deviation(square_of(phi.value), variance);
    const auto [slope, slope_scatter] = mean_and_deviation(phi.slope, variance);
    const auto [steep, steep_scatter] = mean_and_deviation(square_of(phi.slope), variance);
    const double root = 1.0 / std::sqrt(static_cast<double>(neurons));
    const auto share = [root](double scatter, double mean) {
        return mean > 0.0 || mean < 0.0 ? root * scatter / std::abs(mean) : 0.0;
    };
    return LastingActivity{.state = root * std::numbers::sqrt2,
                           .output = share(output_scatter, output),
                           .slope = share(slope_scatter, slope),
                           .growth = parameters.gain * std::sqrt(steep) *
                                     share(steep_scatter, steep) / 2.0};
}

} // namespace tinymf::host
