// SPDX-License-Identifier: Apache-2.0
#include "report/fluctuation_section.hpp"

#include <cmath>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "report/fluctuation_plots.hpp"
#include "report/html.hpp"

namespace tinymf::host {
namespace {

constexpr std::size_t fewest_times = 16;

bool in_a_heat_bath(const Recording& recording) {
    const auto& p = recording.parameters;
    return p.noise > 0.0 && p.noise_kind == model::NoiseKind::white &&
           p.stimulus == model::StimulusKind::none && p.state_every == 1 &&
           recording.profile.method != mean_field::Method::stationary;
}

TimeScheme scheme_of(const Recording& recording) {
    return TimeScheme::grid(recording.parameters.integrator, recording.written_dt);
}

std::optional<LinearModel> stable_linear_model(const Recording& recording) {
    const auto& p = recording.parameters;
    const LinearModel model{p.gain, p.reciprocity, drive_of(p), scheme_of(recording)};
    const bool applies = p.activation == model::ActivationKind::linear && model.edge() < 1.0;
    return applies ? std::optional(model) : std::nullopt;
}

} // namespace

std::string fluctuation_section(const Recording& recording, const RecordedPopulations& recorded,
                                std::size_t run) {
    if (!in_a_heat_bath(recording) || recorded.times.size() < fewest_times) {
        return {};
    }
    std::vector<StationaryLags> late;
    for (const TwoTimeArrays& arrays : recorded.populations) {
        late.push_back(stationary_lags(arrays));
    }
    const HeatBath bath{scheme_of(recording),
                        recording.parameters.noise * recording.parameters.noise};
    const StationaryLags mean = average_lags(late);
    std::string html = "<h3>Fluctuation and dissipation</h3>\n";
    html += fmt::format(
        "<p class=\"soft\">The noise is a heat bath of temperature T = σ²/2 = {:.6g}. From the "
        "last quarter of the run, taken as stationary: over the times used the mean square "
        "of x changes by {:.2g} %.</p>\n",
        bath.temperature(), 100.0 * mean.drift / mean.correlation.front());
    html += figure(plot_susceptibility(fmt::format("run{}-susceptibility", run), late, bath),
                   "Integrated response against correlation, lag 0 at the right. A linear network "
                   "with symmetric couplings lies on the straight line of the scheme with C in the "
                   "middle of the step; the other reading, the continuum's, is off by the time "
                   "step's bias.");
    html += figure(plot_excess(fmt::format("run{}-excess", run), late, bath),
                   "Distance from the scheme's straight line, in units of C: C(0) - C - T χ with C "
                   "in the middle of the step. Zero in equilibrium.");
    constexpr double decayed = 0.005; // of C(0); more rings through all frequencies
    if (std::abs(mean.correlation.back()) > decayed * mean.correlation.front()) {
        return html + "<p class=\"soft\">No effective temperature: the correlation has not decayed "
                      "within the lags of this run.</p>\n";
    }
    return html + figure(plot_effective_temperature(fmt::format("run{}-temperature", run), late,
                                                    bath, stable_linear_model(recording)),
                         "Effective temperature by frequency, from correlation and response.");
}

} // namespace tinymf::host
