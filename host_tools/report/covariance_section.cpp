// SPDX-License-Identifier: Apache-2.0
#include "report/covariance_section.hpp"

#include <numeric>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "compare/covariance_eigenvalues.hpp"
#include "recording/covariance_spectrum.hpp"
#include "report/covariance_plots.hpp"
#include "report/html.hpp"
#include "theory/gaussian_moments.hpp"

namespace tinymf::host {
namespace {

std::string_view kind_of(const Recording& recording) {
    const auto& p = recording.parameters;
    if (samples_fixed_points(p)) {
        return "over draws of the static noise, at the fixed points";
    }
    return p.observation.window > 1 ? "at zero frequency, from averages over windows"
                                    : "at equal times";
}

std::string sampling_text(const CovarianceEigenvalues& e) {
    const auto neurons = static_cast<double>(e.streamed.size());
    if (!e.independent_vectors) {
        return fmt::format("{:.0f} states were sampled, {:.3g} for each neuron. They follow each "
                           "other in time and blur the spectrum more than as many independent "
                           "ones would.",
                           e.vectors, e.vectors / neurons);
    }
    return fmt::format("{:.0f} independent samples, {:.3g} for each neuron, blur the spectrum as "
                       "Marchenko and Pastur describe: large eigenvalues come out larger, small "
                       "ones smaller; their mean stays.",
                       *e.independent_vectors, *e.independent_vectors / neurons);
}

double mean_of(const std::vector<double>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

std::vector<std::string> row_of(std::string name, double streamed, std::optional<double> couplings,
                                std::optional<double> infinite) {
    const auto cell = [](std::optional<double> value) {
        return value ? fmt::format("{:.5g}", *value) : std::string("–");
    };
    return {std::move(name), cell(streamed), cell(couplings), cell(infinite)};
}

std::string table_of(const CovarianceEigenvalues& e) {
    const auto of_couplings = [&e](auto&& function) {
        return e.of_couplings.empty() ? std::nullopt
                                      : std::optional<double>(function(e.of_couplings));
    };
    const auto of_limit = [&e](auto&& function) {
        return e.density ? std::optional<double>(function(*e.density)) : std::nullopt;
    };
    using Values = std::vector<double>;
    using Density = CovarianceDensity;
    return table({"Eigenvalue", "Streamed", "Of these couplings", "Edges and mean for N → ∞"},
                 {row_of("largest", e.streamed.back(),
                         of_couplings([](const Values& v) { return v.back(); }),
                         of_limit([](const Density& d) { return d.upper_edge(); })),
                  row_of("mean", mean_of(e.streamed), of_couplings(mean_of),
                         of_limit([](const Density& d) { return d.mean(); })),
                  row_of("smallest", e.streamed.front(),
                         of_couplings([](const Values& v) { return v.front(); }),
                         of_limit([](const Density& d) { return d.lower_edge(); }))});
}

std::string limit_text(const CovarianceEigenvalues& e) {
    return e.density ? "" : " No density for N → ∞ is known in this case.";
}

std::string spectrum_of(const CovarianceEigenvalues& e, Signal signal, std::size_t run) {
    if (!(e.streamed.back() > 0.0)) {
        return fmt::format(
            "<p class=\"soft\">Covariance of {}s: none, the network is silent.</p>\n",
            name_of(signal));
    }
    const auto name = [&](std::string_view plot) {
        return fmt::format("run{}-{}-{}", run, plot, name_of(signal));
    };
    return fmt::format("<p class=\"soft\">Covariance of {}s. {}</p>\n", name_of(signal),
                       sampling_text(e)) +
           table_of(e) +
           figure(plot_eigenvalue_density(name("eigenvalue-density"), e),
                  "Distribution of the eigenvalues." + limit_text(e)) +
           figure(plot_ranked_eigenvalues(name("eigenvalues"), e),
                  e.of_couplings.empty()
                      ? "Eigenvalues in descending order."
                      : "Eigenvalues in descending order, beside those that the very couplings of "
                        "the run lead to.");
}

} // namespace

std::string covariance_section(const Recording& recording, std::size_t run) {
    std::string html;
    for (const Signal signal : {Signal::input, Signal::output}) {
        if (signal == Signal::output && is_linear(recording.parameters)) {
            continue; // phi(x) = x
        }
        if (const auto eigenvalues = covariance_eigenvalues(recording, signal)) {
            html += spectrum_of(*eigenvalues, signal, run);
        }
    }
    return html.empty() ? html
                        : fmt::format("<h3>Spectrum of the covariance</h3>\n<p>Covariance between "
                                      "neurons {}: its eigenvalues are the variances along its "
                                      "principal directions, and the more uneven they are, the "
                                      "fewer dimensions the activity fills.</p>\n",
                                      kind_of(recording)) +
                              html;
}

} // namespace tinymf::host
