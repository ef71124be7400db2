// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "equations/time_scheme.hpp"

namespace tinymf::host {

/// Around `place` a function of one variable is analytic within `width`, and farther away within
/// the distance from `place`, as around a pole that lies `width` off the axis.
struct Feature {
    double place;
    double width;
};

/// One node of a quadrature over an interval.
struct QuadratureNode {
    double at;
    double weight;
};

/// Gauss-Legendre nodes on [0, longest], 15 on each interval of a partition by halving: none is
/// longer than the width of a feature, or its distance from it, or `finest`. An integrand that
/// the features describe is integrated to rounding, whatever their ratio of scales: a pole at half
/// the length from an interval leaves an error of 1e-11 of the interval's own share, at the whole
/// length 1e-18. Work: about log2(longest / width) intervals for each feature.
[[nodiscard]] std::vector<QuadratureNode> graded_nodes(std::span<const Feature> features,
                                                       double longest, double finest);

/// Such nodes for the integral of d(omega)/2pi over all frequencies (one period on a grid) of an
/// even function, weights as in FrequencyNode. Beyond all features the variable is 1/omega; on a
/// grid of time steps omega stands for (2/dt) tan(omega dt/2).
class FrequencyGrid {
public:
    FrequencyGrid(const TimeScheme& scheme, std::vector<Feature> features);

    [[nodiscard]] const std::vector<FrequencyNode>& nodes() const { return nodes_; }
    /// True for a node of the last interval, in 1/omega.
    [[nodiscard]] bool beyond_features(const FrequencyNode& node) const;

    /// The grid with one feature more; its intervals are parts of those of this one.
    [[nodiscard]] FrequencyGrid with(const Feature& feature) const;

    /// A function at the nodes of a grid made of this one by `with`, from its values at these
    /// nodes, by the polynomial through those of an interval.
    [[nodiscard]] std::vector<double> values_on(const FrequencyGrid& finer,
                                                std::span<const double> values) const;

private:
    FrequencyGrid(const TimeScheme& scheme, std::vector<Feature> features, double last);

    TimeScheme scheme_;
    std::vector<Feature> features_; ///< as places and widths of the unrolled frequency
    double last_ = 0.0;             ///< where the variable changes to 1/omega
    std::vector<double> ends_;      ///< of the intervals from 0 to last_
    std::vector<FrequencyNode> nodes_;
};

} // namespace tinymf::host
