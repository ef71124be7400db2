// SPDX-License-Identifier: Apache-2.0
#include "report/fluctuation_plots.hpp"

#include <algorithm>
#include <numbers>
#include <vector>

#include "report/line_plot.hpp"
#include "statistics/jackknife.hpp"

namespace tinymf::host {
namespace {

constexpr double errors_in_a_band = 2.0;

std::vector<double> scaled(std::vector<double> values, double factor) {
    for (double& value : values) {
        value *= factor;
    }
    return values;
}

PlottedLine line_of(const SampledCurve& curve, const std::vector<double>& x, std::string title) {
    return {.title = std::move(title),
            .x = x,
            .y = curve.value,
            .half_width = scaled(curve.standard_error, errors_in_a_band)};
}

/// (start - C)/temperature, from C = start down to the smallest C that the run has.
PlottedLine equilibrium_line(double start, double end, double temperature, std::string title,
                             std::size_t colour) {
    return {.title = std::move(title),
            .x = {end, start},
            .y = {(start - end) / temperature, 0.0},
            .colour = colour,
            .dashed = true};
}

/// Up to 5 radians per time constant, or to where the grid ends.
std::vector<double> shown_frequencies(double dt) {
    constexpr int count = 100;
    const double highest = std::min(5.0, 0.9 * std::numbers::pi / dt);
    std::vector<double> omega;
    for (int k = 0; k <= count; ++k) {
        omega.push_back(highest * k / count);
    }
    return omega;
}

PlottedLine theory_line(const LinearModel& model, const std::vector<double>& omega,
                        std::string title, std::size_t colour) {
    PlottedLine line{.title = std::move(title), .x = omega, .colour = colour, .dashed = true};
    for (const double frequency : omega) {
        line.y.push_back(linear_effective_temperature(model, frequency) /
                         (model.drive.strength / 2.0));
    }
    return line;
}

} // namespace

std::string plot_susceptibility(std::string_view name, std::span<const StationaryLags> populations,
                                const HeatBath& bath) {
    const StationaryLags mean = average_lags(populations);
    const SampledCurve chi = jackknife(
        populations, [&](const StationaryLags& lags) { return susceptibility(lags, bath.scheme); });
    const std::vector<double> middle = correlation_in_mid_step(mean);
    const double end = std::ranges::min(middle);
    const PlottedLine at_grid_points{
        .title = "end of step", .x = mean.correlation, .y = chi.value, .colour = 1};
    PlottedLine points = at_grid_points;
    points.x.resize(chi.value.size());
    return draw_lines(name,
                      {.x_label = "C_x",
                       .y_label = "χ",
                       .lines = {points, line_of(chi, middle, "middle of step"),
                                 equilibrium_line(middle.front(), end, bath.scheme_temperature(),
                                                  "scheme in equilibrium", 3),
                                 equilibrium_line(mean.correlation.front(), end, bath.temperature(),
                                                  "slope -1/T", 4)},
                       .height = 340});
}

std::string plot_excess(std::string_view name, std::span<const StationaryLags> populations,
                        const HeatBath& bath) {
    const SampledCurve excess = jackknife(
        populations, [&](const StationaryLags& lags) { return excess_fluctuation(lags, bath); });
    std::vector<double> lag;
    for (std::size_t k = 0; k < excess.value.size(); ++k) {
        lag.push_back(static_cast<double>(k) * bath.scheme.dt());
    }
    return draw_lines(name, {.x_label = "lag / τ",
                             .y_label = "excess fluctuation",
                             .lines = {line_of(excess, lag, "")},
                             .height = 240,
                             .from_zero = true});
}

std::string plot_effective_temperature(std::string_view name,
                                       std::span<const StationaryLags> populations,
                                       const HeatBath& bath,
                                       const std::optional<LinearModel>& linear) {
    const std::vector<double> omega = shown_frequencies(bath.scheme.dt());
    const SampledCurve found = jackknife(populations, [&](const StationaryLags& lags) {
        return scaled(effective_temperature(lags, bath, omega), 1.0 / bath.temperature());
    });
    LinePlot plot{.x_label = "ω τ",
                  .y_label = "T_{eff}(ω) / T",
                  .lines = {{.title = "equilibrium",
                             .x = {omega.front(), omega.back()},
                             .y = {1.0, 1.0},
                             .colour = 2,
                             .dashed = true},
                            line_of(found, omega, "this run")},
                  .height = 280};
    if (linear) {
        plot.lines.push_back(theory_line(*linear, omega, "theory of the scheme", 3));
        LinearModel continuum = *linear;
        continuum.scheme = TimeScheme::continuum();
        plot.lines.push_back(theory_line(continuum, omega, "theory of the continuum", 4));
    }
    return draw_lines(name, plot);
}

} // namespace tinymf::host
