// SPDX-License-Identifier: Apache-2.0
#include "plan/observation_work.hpp"

#include <cstddef>
#include <string>

#include "plan/count_names.hpp"
#include "plan/observed_blocks.hpp"

namespace tinymf::host {
namespace {

using observe::Observable;

double entries_of_triangle(double neurons) {
    return neurons * (neurons + 1.0) / 2.0;
}

/// The counted network: two replicas, tanh, a sample at every step, one block in `samples`.
class CountedParts {
public:
    explicit CountedParts(CountSum& counts)
        : counts_{counts}, neurons_{counts("observed_neurons")}, samples_{
                                                                     counts("observed_samples")} {}

    /// Of a neuron and replica, beside the activation.
    double sample_of(std::string_view observable) {
        return added("observed_" + std::string(observable)) / (2.0 * neurons_) -
               counts_("tanh_value");
    }

    double moments() { return sample_of("moments") - counts_("tanh_slope"); }

    /// Of an entry of the triangle when a block ends, all its matrices together.
    double end_of_block(std::uint32_t replicas) {
        const bool alone = replicas == 1;
        const double often =
            counts_(alone ? "observed_alone_short_blocks" : "observed_short_blocks");
        const double once = counts_(alone ? "observed_alone" : "observed_participation");
        // Four blocks against one.
        return (often - once) * samples_ / 3.0 / entries_of_triangle(neurons_);
    }

    /// Of an entry of a matrix and a sample.
    double covariance_term() {
        const double ends = end_of_block(2) * entries_of_triangle(neurons_) / samples_;
        const double samples =
            added("observed_participation") - ends - 2.0 * neurons_ * counts_("tanh_value");
        return samples / (4.0 * entries_of_triangle(neurons_));
    }

    /// Of a neuron and step, beside product and slope.
    double tangent() {
        const double product = neurons_ * counts_("gaussian_term") + counts_("tanh_slope");
        return added("observed_lyapunov_between") / neurons_ - product;
    }

    /// Of a neuron and sample.
    double tangent_sample() {
        const double sample = counts_("observed_lyapunov") - counts_("observed_lyapunov_between");
        return sample / neurons_ - 2.0 * counts_("tanh_value");
    }

private:
    double added(std::string_view name) { return counts_(name) - counts_("observed_nothing"); }

    CountSum& counts_;
    double neurons_;
    double samples_;
};

/// And sample, the same for each: what needs no formula of its own.
bool costs_by_neuron(Observable observable) {
    switch (observable) {
    case Observable::moments:
    case Observable::autocorrelation:
    case Observable::response:
    case Observable::participation:
    case Observable::covariance:
    case Observable::lyapunov:
        return false;
    default:
        return true;
    }
}

double work_of_sample(const Experiment& experiment, CountSum& counts, CountedParts& parts) {
    constexpr double origins = 4.0; // of observe::CorrelationEstimator
    const auto& p = experiment.parameters;
    const observe::ObservationParameters& o = p.observation;
    const double n = experiment.network.neurons;
    double of_neuron = counts(value_name(p.activation));
    if (o.asks_for(Observable::moments)) {
        of_neuron += counts(slope_name(p.activation)) + parts.moments();
    }
    if (o.asks_for(Observable::autocorrelation) || o.asks_for(Observable::response)) {
        of_neuron += parts.sample_of("autocorrelation");
    }
    if (o.asks_for(Observable::response)) {
        of_neuron += origins / o.lags * counts("normal");
    }
    for (std::size_t k = 0; k < observe::observable_names.size(); ++k) {
        const auto observable = static_cast<Observable>(k);
        if (o.asks_for(observable) && costs_by_neuron(observable)) {
            of_neuron += parts.sample_of(observe::observable_names[k]);
        }
    }
    double of_replica = n * of_neuron;
    if ((o.observables & observe::of_covariances) != 0) {
        const double term = parts.covariance_term();
        const double sums_of_window = o.window > 1 ? 2.0 * n * term : 0.0;
        of_replica += 2.0 * entries_of_triangle(n) * term / o.window + sums_of_window;
    }
    const double tangent = o.asks_for(Observable::lyapunov) ? n * parts.tangent_sample() : 0.0;
    return p.replicas * of_replica + tangent;
}

double work_of_block(const Experiment& experiment, CountSum& counts, CountedParts& parts) {
    const auto& p = experiment.parameters;
    const double n = experiment.network.neurons;
    const bool covariances = (p.observation.observables & observe::of_covariances) != 0;
    const double end = covariances ? entries_of_triangle(n) * parts.end_of_block(p.replicas) : 0.0;
    return end + static_cast<double>(observed_words(experiment)) * counts("digest_word");
}

double work_of_tangent(const Experiment& experiment, CountSum& counts, CountedParts& parts) {
    const double n = experiment.network.neurons;
    return n * n * counts(term_name(experiment.network.coupling)) +
           n * (counts(slope_name(experiment.parameters.activation)) + parts.tangent());
}

} // namespace

StepWork observation_of_step(const Experiment& experiment, CountSum& counts) {
    const observe::ObservationParameters& o = experiment.parameters.observation;
    if (o.observables == 0) {
        return {};
    }
    CountedParts parts(counts);
    const double sample = work_of_sample(experiment, counts, parts);
    const double block = work_of_block(experiment, counts, parts);
    const double every_step =
        o.asks_for(Observable::lyapunov) ? work_of_tangent(experiment, counts, parts) : 0.0;
    const std::uint32_t samples = samples_of_run(experiment);
    const std::uint32_t blocks = blocks_of_run(experiment);
    return {.average =
                every_step + (samples * sample + blocks * block) / experiment.parameters.steps,
            .longest = every_step + (samples > 0 ? sample : 0.0) + (blocks > 0 ? block : 0.0)};
}

} // namespace tinymf::host
