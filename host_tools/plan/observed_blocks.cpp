// SPDX-License-Identifier: Apache-2.0
#include "plan/observed_blocks.hpp"

#include <numeric>

#include <fmt/format.h>

namespace tinymf::host {

std::uint32_t samples_of_run(const Experiment& experiment) {
    const auto& p = experiment.parameters;
    const observe::ObservationParameters& o = p.observation;
    return o.observables == 0 || p.steps <= o.after ? 0U : (p.steps - o.after) / o.sample_every;
}

std::uint32_t blocks_of_run(const Experiment& experiment) {
    return samples_of_run(experiment) / experiment.parameters.observation.block;
}

std::string observation_note(const Experiment& experiment) {
    const observe::ObservationParameters& o = experiment.parameters.observation;
    if (o.observables == 0 || blocks_of_run(experiment) > 0) {
        return {};
    }
    const std::uint64_t needed = o.after + std::uint64_t{o.block} * o.sample_every;
    return fmt::format("stream.observe: nothing will be sent, for the run takes {} samples and its "
                       "first block needs {}; raise model.steps to {}, or lower "
                       "stream.observe_block, observe_every or observe_after",
                       samples_of_run(experiment), o.block, needed);
}

std::vector<std::size_t> observed_arrays_of_block(const Experiment& experiment) {
    const auto& p = experiment.parameters;
    std::vector<std::size_t> sizes;
    for (std::size_t a = 0; a < observe::observed_arrays.size(); ++a) {
        const auto array = static_cast<observe::ObservedArray>(a);
        if (p.observation.asks_for(array, p.replicas)) {
            sizes.push_back(
                observe::size_of(array, experiment.network.neurons, p.observation.lags));
        }
    }
    return sizes;
}

std::size_t observed_words(const Experiment& experiment) {
    const std::vector<std::size_t> sizes = observed_arrays_of_block(experiment);
    return std::accumulate(sizes.begin(), sizes.end(), std::size_t{0});
}

} // namespace tinymf::host
