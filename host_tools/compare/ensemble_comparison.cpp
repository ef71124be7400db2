// SPDX-License-Identifier: Apache-2.0
#include "compare/ensemble_comparison.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <vector>

#include <fmt/format.h>

#include "base/host_error.hpp"
#include "compare/two_time_rows.hpp"
#include "equations/reference_activation.hpp"
#include "equations/time_selection.hpp"
#include "experiment/parameter_bytes.hpp"
#include "recording/recorded_mean_field.hpp"
#include "statistics/population_average.hpp"

namespace tinymf::host {
namespace {

using Steps = std::vector<std::uint32_t>;

/// As written, where the capture tells: a float32 network may meet a float64 mean field.
experiment::Parameters<double> written_parameters(const Recording& recording) {
    return recording.metadata.experiment.empty() ? recording.parameters
                                                 : recorded_experiment(recording).parameters;
}

/// What both kinds of model must share: everything but sizes, seeds and how often they report.
std::vector<std::uint8_t> shared_parameters(const Recording& recording) {
    experiment::Parameters<double> parameters = written_parameters(recording);
    parameters.seed = 0;
    parameters.steps = 1;
    parameters.replicas = 1;
    parameters.state_every = 0;
    parameters.digest_every = 0;
    return parameter_bytes(parameters);
}

void require_ensemble(std::span<const Recording> networks, const Recording& mean_field) {
    if (networks.size() < 2) {
        throw HostError(exit_bad_input,
                        fmt::format("{}: one network has no scatter to judge it by; give several, "
                                    "with different seeds",
                                    networks.front().file));
    }
    std::set<std::uint64_t> seeds;
    const auto expected = shared_parameters(mean_field);
    for (const Recording& network : networks) {
        if (!network.of_network() || shared_parameters(network) != expected) {
            throw HostError(exit_bad_input,
                            fmt::format("{} is not a network of the experiment of {}", network.file,
                                        mean_field.file));
        }
        if (!seeds.insert(network.parameters.seed).second) {
            throw HostError(exit_bad_input, fmt::format("{}: seed {} was given before",
                                                        network.file, network.parameters.seed));
        }
    }
}

Steps common(const Steps& a, const Steps& b) {
    Steps both;
    std::ranges::set_intersection(a, b, std::back_inserter(both));
    return both;
}

/// Steps that every network and the first population of the mean field sent.
Steps common_steps(std::span<const Recording> networks, const Recording& mean_field) {
    Steps steps = mean_field.steps_of(0);
    std::erase_if(steps, [&](std::uint32_t step) { return step > mean_field.parameters.steps; });
    for (const Recording& network : networks) {
        steps = common(steps, network.steps_of(0));
    }
    if (steps.size() < 2) {
        throw HostError(exit_bad_input,
                        fmt::format("{} and the networks have sent no two times in "
                                    "common; see stream.state_every and mean_field.row_every",
                                    mean_field.file));
    }
    return steps;
}

TwoTimeArrays arrays_of(const Recording& network, const Steps& steps) {
    const StateTrace& trace = network.replicas.front();
    const auto n = static_cast<Eigen::Index>(steps.size());
    Eigen::MatrixXd x(n, trace.x.cols());
    for (Eigen::Index k = 0; k < n; ++k) {
        const auto found =
            std::ranges::lower_bound(trace.steps, steps[static_cast<std::size_t>(k)]);
        x.row(k) = trace.x.row(found - trace.steps.begin());
    }
    const Eigen::MatrixXd rates = reference_activation(written_parameters(network)).values(x);
    const auto neurons = static_cast<double>(x.cols());
    const TwoTimeMatrix none = TwoTimeMatrix::Zero(n, n);
    return {.Cx = x * x.transpose() / neurons,
            .Cphi = rates * rates.transpose() / neurons,
            .Rx = none,
            .Rphi = none,
            .mean = x.rowwise().mean()};
}

/// Places of the steps among the rows that the mean field sent.
std::vector<Eigen::Index> places_of(const Steps& steps, const Recording& mean_field) {
    const Steps& sent = mean_field.steps_of(0);
    std::vector<Eigen::Index> places;
    for (const std::uint32_t step : steps) {
        places.push_back(std::ranges::lower_bound(sent, step) - sent.begin());
    }
    return places;
}

std::string origin_text(std::span<const Recording> networks, const Recording& mean_field) {
    std::string text = fmt::format("sampling of {} networks", networks.size());
    if (mean_field.parameters.replicas > 1) {
        text += fmt::format(" and of {} populations of {} paths", mean_field.parameters.replicas,
                            mean_field.profile.trajectories);
    }
    return text + fmt::format("; finite N: about 1/N = {:.2g} of the value, not included",
                              1.0 / networks.front().profile.neurons);
}

} // namespace

TheoryComparison compare_ensemble(std::span<const Recording> networks,
                                  const Recording& mean_field) {
    require_ensemble(networks, mean_field);
    const Steps steps = common_steps(networks, mean_field);
    std::vector<TwoTimeArrays> samples;
    for (const Recording& network : networks) {
        samples.push_back(arrays_of(network, steps));
    }
    TwoTimeSolution observed = average_populations(samples);
    const TwoTimeSolution predicted =
        at_times(recorded_two_time(mean_field), places_of(steps, mean_field));
    observed.times = predicted.times;
    const double freedom = static_cast<double>(networks.size()) - 1.0;
    return {.against = fmt::format("the mean field {} on the same time grid", mean_field.file),
            .rows = two_time_rows(observed, predicted, Responses::absent,
                                  origin_text(networks, mean_field)),
            .curves = two_time_curves(observed, predicted, Responses::absent),
            .freedom = freedom,
            .largest_z = allowed_z(freedom)};
}

} // namespace tinymf::host
