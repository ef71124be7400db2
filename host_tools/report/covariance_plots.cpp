// SPDX-License-Identifier: Apache-2.0
#include "report/covariance_plots.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>
#include <vector>

#include "report/line_plot.hpp"
#include "theory/sampled_spectrum.hpp"

namespace tinymf::host {
namespace {

constexpr std::size_t infinite_colour = 3;
constexpr std::size_t couplings_colour = 2;

/// Equally spaced in the logarithm.
struct LogarithmicAxis {
    double low;
    double high;

    [[nodiscard]] double at(double share) const { return low * std::pow(high / low, share); }
    [[nodiscard]] double share_of(double value) const {
        return std::log(value / low) / std::log(high / low);
    }
};

std::vector<double> above_rounding(const std::vector<double>& eigenvalues) {
    const double least = 1e-6 * eigenvalues.back();
    std::vector<double> kept;
    std::ranges::copy_if(eigenvalues, std::back_inserter(kept),
                         [least](double value) { return value > least; });
    return kept;
}

LogarithmicAxis axis_of(const std::vector<double>& shown, const CovarianceEigenvalues& e) {
    constexpr double room = 1.15;
    const double low = e.density ? std::min(shown.front(), e.density->lower_edge()) : shown.front();
    const double high = e.density ? std::max(shown.back(), e.density->upper_edge()) : shown.back();
    return {low / room, high * room};
}

/// The outline of bars, per unit of ln lambda, of all N eigenvalues.
PlottedLine histogram(const std::vector<double>& shown, std::size_t neurons,
                      const LogarithmicAxis& axis) {
    const auto bins = static_cast<std::size_t>(
        std::clamp(2.0 * std::sqrt(static_cast<double>(neurons)), 8., 60.));
    std::vector<double> counts(bins);
    for (const double value : shown) {
        const double place = axis.share_of(value) * static_cast<double>(bins);
        counts[std::min(static_cast<std::size_t>(place), bins - 1)] += 1.0;
    }
    const double width = std::log(axis.high / axis.low) / static_cast<double>(bins);
    PlottedLine outline{.title = "streamed"};
    for (std::size_t k = 0; k < bins; ++k) {
        const double height = counts[k] / (static_cast<double>(neurons) * width);
        for (const std::size_t edge : {k, k + 1}) {
            outline.x.push_back(axis.at(static_cast<double>(edge) / static_cast<double>(bins)));
            outline.y.push_back(height);
        }
    }
    return outline;
}

template <class Density>
PlottedLine density_line(std::string title, const LogarithmicAxis& axis, Density&& density) {
    constexpr int points = 400;
    PlottedLine line{.title = std::move(title), .colour = infinite_colour};
    for (int k = 0; k <= points; ++k) {
        line.x.push_back(axis.at(static_cast<double>(k) / points));
        line.y.push_back(density(line.x.back()) * line.x.back());
    }
    return line;
}

/// The limit as so many vectors a neuron blur it.
SampledSpectrum blurred(const CovarianceDensity& density, const CovarianceEigenvalues& e) {
    constexpr int places = 400;
    return {density.discretised(places),
            *e.independent_vectors / static_cast<double>(e.streamed.size())};
}

/// Descending, over the share of eigenvalues that are larger.
PlottedLine ranked(std::string title, const std::vector<double>& ascending, std::size_t neurons,
                   std::size_t colour) {
    PlottedLine line{.title = std::move(title), .colour = colour};
    line.y.assign(ascending.rbegin(), ascending.rend());
    for (std::size_t k = 0; k < ascending.size(); ++k) {
        line.x.push_back((static_cast<double>(k) + 0.5) / static_cast<double>(neurons));
    }
    return line;
}

} // namespace

std::string plot_eigenvalue_density(std::string_view name, const CovarianceEigenvalues& e) {
    const std::vector<double> shown = above_rounding(e.streamed);
    const LogarithmicAxis axis = axis_of(shown, e);
    LinePlot plot{.x_label = "eigenvalue λ",
                  .y_label = "density of ln λ",
                  .lines = {histogram(shown, e.streamed.size(), axis)},
                  .from_zero = true,
                  .logarithmic_x = true};
    if (e.density && e.independent_vectors) {
        constexpr double of_a_dot = 0.01;
        const SampledSpectrum sampled = blurred(*e.density, e);
        plot.lines.push_back(
            density_line("N → ∞, as many samples a neuron", axis,
                         [&](double value) { return sampled.at(value, of_a_dot); }));
    }
    if (e.density) {
        plot.lines.push_back(
            density_line("N → ∞", axis, [&](double value) { return e.density->at(value); }));
        plot.lines.back().dashed = true;
    }
    return draw_lines(name, plot);
}

std::string plot_ranked_eigenvalues(std::string_view name, const CovarianceEigenvalues& e) {
    const std::size_t neurons = e.streamed.size();
    LinePlot plot{.x_label = "share of larger eigenvalues",
                  .y_label = "eigenvalue λ",
                  .lines = {ranked("streamed", above_rounding(e.streamed), neurons, 0)},
                  .logarithmic_y = true};
    if (!e.of_couplings.empty()) {
        plot.lines.push_back(
            ranked("of these couplings", e.of_couplings, neurons, couplings_colour));
        plot.lines.back().dashed = true;
    }
    if (e.density) {
        plot.lines.push_back(
            ranked("N → ∞", e.density->quantiles(neurons), neurons, infinite_colour));
    }
    return draw_lines(name, plot);
}

} // namespace tinymf::host
