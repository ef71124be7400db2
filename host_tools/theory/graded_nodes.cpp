// SPDX-License-Identifier: Apache-2.0
#include "theory/graded_nodes.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

#include <boost/math/quadrature/gauss.hpp>

namespace tinymf::host {
namespace {

constexpr std::size_t rule_size = 15;

/// The Gauss-Legendre rule on [-1, 1], ascending, and the weights of barycentric interpolation in
/// its nodes.
struct Rule {
    std::array<double, rule_size> nodes{};
    std::array<double, rule_size> weights{};
    std::array<double, rule_size> barycentric{};

    Rule() {
        using Half = boost::math::quadrature::gauss<double, rule_size>;
        const auto& places = Half::abscissa();
        for (std::size_t i = 0; i < places.size(); ++i) {
            const std::size_t middle = rule_size / 2;
            nodes[middle + i] = places[i];
            nodes[middle - i] = -places[i];
            weights[middle + i] = weights[middle - i] = Half::weights()[i];
        }
        for (std::size_t i = 0; i < rule_size; ++i) {
            const double sign = i % 2 == 0 ? 1.0 : -1.0;
            barycentric[i] = sign * std::sqrt((1.0 - nodes[i] * nodes[i]) * weights[i]);
        }
    }

    [[nodiscard]] double interpolated(std::span<const double> values, double at) const {
        double numerator = 0.0;
        double denominator = 0.0;
        for (std::size_t i = 0; i < rule_size; ++i) {
            if (at == nodes[i]) {
                return values[i];
            }
            const double share = barycentric[i] / (at - nodes[i]);
            numerator += share * values[i];
            denominator += share;
        }
        return numerator / denominator;
    }
};

const Rule& rule() {
    static const Rule the_rule;
    return the_rule;
}

template <class Add>
void add_interval(double from, double to, const Add& add) {
    const double middle = (from + to) / 2.0;
    const double half = (to - from) / 2.0;
    for (std::size_t i = 0; i < rule_size; ++i) {
        add(middle + half * rule().nodes[i], half * rule().weights[i]);
    }
}

double distance(const Feature& feature, double from, double to) {
    return std::max({0.0, from - feature.place, feature.place - to});
}

/// Appends the upper ends of the intervals of the partition.
void halve(std::span<const Feature> features, double from, double to, double finest,
           std::vector<double>& ends) {
    double longest = finest;
    for (const Feature& feature : features) {
        longest = std::min(longest, std::max(feature.width, distance(feature, from, to)));
    }
    const double middle = (from + to) / 2.0;
    if (to - from <= longest || !(middle > from && middle < to)) {
        ends.push_back(to);
        return;
    }
    halve(features, from, middle, finest, ends);
    halve(features, middle, to, finest, ends);
}

/// (2/dt) tan(omega dt/2) of an integrator's frequency; on the continuum omega itself.
Feature unrolled(const TimeScheme& scheme, const Feature& feature) {
    if (scheme.continuous()) {
        return feature;
    }
    const double half_dt = scheme.dt() / 2.0;
    const double tangent = std::tan(std::min(feature.place * half_dt, 1.5));
    return {tangent / half_dt, feature.width * (1.0 + tangent * tangent)};
}

double unrolled(const TimeScheme& scheme, double omega) {
    return scheme.continuous() ? omega : std::tan(omega * scheme.dt() / 2.0) * 2.0 / scheme.dt();
}

FrequencyNode rolled(const TimeScheme& scheme, double at, double weight) {
    const double density = weight / std::numbers::pi;
    if (scheme.continuous()) {
        return {at, density};
    }
    const double half_dt = scheme.dt() / 2.0;
    const double tangent = at * half_dt;
    return {std::atan(tangent) / half_dt, scheme.dt() * density / (1.0 + tangent * tangent)};
}

std::vector<Feature> unrolled(const TimeScheme& scheme, std::vector<Feature> features) {
    for (Feature& feature : features) {
        feature = unrolled(scheme, feature);
    }
    return features;
}

double beyond_all(const TimeScheme& scheme, const std::vector<Feature>& features) {
    double highest = scheme.continuous() ? 1.0 : 2.0 / scheme.dt();
    for (const Feature& feature : features) {
        highest = std::max(highest, feature.place + feature.width);
    }
    return 4.0 * highest;
}

} // namespace

std::vector<QuadratureNode> graded_nodes(std::span<const Feature> features, double longest,
                                         double finest) {
    std::vector<double> ends;
    halve(features, 0.0, longest, finest, ends);
    std::vector<QuadratureNode> nodes;
    double from = 0.0;
    for (const double to : ends) {
        add_interval(from, to, [&](double at, double weight) { nodes.push_back({at, weight}); });
        from = to;
    }
    return nodes;
}

FrequencyGrid::FrequencyGrid(const TimeScheme& scheme, std::vector<Feature> features)
    : FrequencyGrid(scheme, unrolled(scheme, features),
                    beyond_all(scheme, unrolled(scheme, features))) {}

FrequencyGrid::FrequencyGrid(const TimeScheme& scheme, std::vector<Feature> features, double last)
    : scheme_{scheme}, features_{std::move(features)}, last_{last} {
    halve(features_, 0.0, last_, std::numeric_limits<double>::infinity(), ends_);
    nodes_.reserve(rule_size * (ends_.size() + 1));
    double from = 0.0;
    for (const double to : ends_) {
        add_interval(from, to, [&](double at, double weight) {
            nodes_.push_back(rolled(scheme_, at, weight));
        });
        from = to;
    }
    add_interval(0.0, 1.0 / last_, [&](double inverse, double weight) {
        nodes_.push_back(rolled(scheme_, 1.0 / inverse, weight / (inverse * inverse)));
    });
}

bool FrequencyGrid::beyond_features(const FrequencyNode& node) const {
    return unrolled(scheme_, node.omega) > last_;
}

FrequencyGrid FrequencyGrid::with(const Feature& feature) const {
    std::vector<Feature> features = features_;
    features.push_back(unrolled(scheme_, feature));
    return {scheme_, std::move(features), last_};
}

std::vector<double> FrequencyGrid::values_on(const FrequencyGrid& finer,
                                             std::span<const double> values) const {
    std::vector<double> found;
    found.reserve(finer.nodes_.size());
    std::size_t interval = 0;
    double from = 0.0;
    double finer_from = 0.0;
    for (const double finer_to : finer.ends_) {
        while (ends_[interval] < finer_to) {
            from = ends_[interval];
            ++interval;
        }
        const auto known = values.subspan(rule_size * interval, rule_size);
        add_interval(finer_from, finer_to, [&](double at, double) {
            const double length = ends_[interval] - from;
            found.push_back(rule().interpolated(known, 2.0 * (at - from) / length - 1.0));
        });
        finer_from = finer_to;
    }
    const auto beyond = values.last(rule_size);
    found.insert(found.end(), beyond.begin(), beyond.end());
    return found;
}

} // namespace tinymf::host
