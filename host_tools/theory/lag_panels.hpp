// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include <Eigen/Dense>

#include "equations/time_scheme.hpp"

namespace tinymf::host {

/// Functions of the lag, even and constant beyond some lag, as polynomials on panels that grow with
/// the lag: what changes near 0 in fractions of a time constant may end after a million of them.
/// Values are those at lags(): 16 Chebyshev points a panel, its ends among them. A panel is half as
/// long as the lag where it begins, which resolves exponentials of any rate and powers of the lag
/// to rounding. Size: about 40 panels for each factor of 1e7.
class LagPanels {
public:
    static constexpr Eigen::Index nodes = 16;

    /// Panels of the length `finest` at first, up to the lag `longest` or beyond.
    LagPanels(double finest, double longest);

    [[nodiscard]] const std::vector<double>& lags() const { return lags_; }

    /// The response of a neuron alone in the continuum, exp(-|lag|)/2 convolved with a source.
    [[nodiscard]] Eigen::VectorXd responded(const Eigen::VectorXd& source) const;

    /// At a lag of any size.
    [[nodiscard]] double at(std::span<const double> values, double lag) const;

    /// Fourier transforms of a function that has decayed to 0, at `omega`.
    [[nodiscard]] std::vector<double> spectrum(std::span<const double> values,
                                               std::span<const FrequencyNode> omega) const;

private:
    [[nodiscard]] Eigen::Index panels() const {
        return static_cast<Eigen::Index>(begins_.size()) - 1;
    }
    [[nodiscard]] double length(Eigen::Index panel) const {
        const auto k = static_cast<std::size_t>(panel);
        return begins_[k + 1] - begins_[k];
    }

    std::vector<double> begins_; ///< of the panels, and the end of the last
    std::vector<double> lags_;
    std::vector<Eigen::MatrixXd> memory_; ///< a panel's own part of the passes in `responded`
};

} // namespace tinymf::host
