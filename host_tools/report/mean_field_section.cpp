// SPDX-License-Identifier: Apache-2.0
#include "report/mean_field_section.hpp"

#include <string_view>

#include <fmt/format.h>

#include "base/host_error.hpp"
#include "recording/recorded_mean_field.hpp"
#include "report/fluctuation_section.hpp"
#include "report/html.hpp"
#include "report/mean_field_plots.hpp"
#include "statistics/population_average.hpp"

namespace tinymf::host {
namespace {

std::string plot_name(std::size_t run, std::string_view plot) {
    return fmt::format("run{}-{}", run, plot);
}

std::string two_time_figures(const TwoTimeSolution& solution, std::size_t run) {
    const auto name = [run](std::string_view plot) { return plot_name(run, plot); };
    const std::string_view bands = solution.sampled() ? " Bands: two standard errors." : "";
    std::string html = "<h3>Correlation</h3>\n";
    html += figure(plot_equal_times(name("equal-times"), solution),
                   fmt::format("Mean square of input and output over time.{}", bands));
    html += figure_pair(plot_two_time_correlation(name("correlation"), solution),
                        plot_two_time_response(name("response"), solution),
                        "Two-time correlation and response of the input; a response is zero "
                        "before its cause.");
    html += figure(plot_last_correlation(name("last"), solution),
                   fmt::format("Correlation with the last time of the run.{}", bands));
    html += "<h3>Response</h3>\n";
    html += figure(plot_response_from(name("response-from"), solution),
                   fmt::format("Response to a kick one lag earlier.{}", bands));
    return html;
}

std::string stationary_figures(const StationarySolution& solution, std::size_t run) {
    std::string html = "<h3>Stationary state</h3>\n";
    if (solution.lyapunov) {
        html +=
            fmt::format("<p>Largest Lyapunov exponent: {:.7g} per τ.</p>\n", *solution.lyapunov);
    }
    return html + figure(plot_stationary(plot_name(run, "stationary"), solution),
                         "Autocorrelation of input and output.");
}

} // namespace

std::string mean_field_section(const Recording& recording, std::size_t run) {
    constexpr std::size_t fewest_rows = 2;
    constexpr std::string_view too_few =
        "<p class=\"soft\">Too few rows were recorded for plots.</p>\n";
    try {
        if (recording.profile.method == mean_field::Method::stationary) {
            const StationarySolution solution = recorded_stationary(recording);
            return solution.lags.size() < fewest_rows ? std::string(too_few)
                                                      : stationary_figures(solution, run);
        }
        const RecordedPopulations recorded = recorded_populations(recording);
        if (recorded.times.size() < fewest_rows) {
            return std::string(too_few);
        }
        TwoTimeSolution solution = average_populations(recorded.populations);
        solution.times = recorded.times;
        return two_time_figures(solution, run) + fluctuation_section(recording, recorded, run);
    } catch (const HostError& error) {
        return fmt::format("<p class=\"soft\">No plots: {}</p>\n", escape_html(error.what()));
    }
}

} // namespace tinymf::host
