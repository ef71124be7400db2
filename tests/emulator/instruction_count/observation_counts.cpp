// SPDX-License-Identifier: Apache-2.0
#include "observation_counts.hpp"

#include <cstddef>
#include <cstdint>
#include <new>
#include <string_view>

#include "conformance/text_line.hpp"
#include "count_report.hpp"
#include "tinymf/experiment/parameters.hpp"
#include "tinymf/network/network.hpp"
#include "tinymf/observe/observed_network.hpp"

namespace tinymf::firmware {
namespace {

using model::CouplingKind;

constexpr bool has_room = TINYMF_BOARD_RAM_BYTES >= 16384;
constexpr std::size_t neurons = TINYMF_BOARD_RAM_BYTES > 131072 ? 64 : 8;
constexpr std::size_t lags = neurons / 2;
/// A block: every origin of the lagged products is taken anew once in `lags` samples.
constexpr std::uint32_t samples = 2 * lags;
using Observed = observe::ObservedNetwork<network::Network<float, neurons, CouplingKind::gaussian>,
                                          lags, observe::Covariances::kept>;

// Made at run time: Eigen's vectors have no constexpr constructor, and start-up runs none.
alignas(Observed) std::byte observed_memory[sizeof(Observed)];

void report_steps(BoardPort& port, std::string_view name, observe::ObservableSet observables) {
    auto& network = *new (observed_memory) Observed;
    experiment::Parameters<float> p;
    p.noise = 1.0F;
    p.dt = 0.1F;
    p.replicas = 2;
    network.configure(p);
    network.observe(
        {.observables = observables, .sample_every = 1, .block = samples, .lags = lags});
    const std::uint32_t total = counts(port, samples, [&network] { network.step(); });
    TextLine{port} << "COUNT observed_" << name << " " << total << " " << samples;
}

} // namespace

void report_observation(BoardPort& port) {
    if (!has_room) {
        return;
    }
    TextLine{port} << "BYTES observed_" << static_cast<std::uint32_t>(neurons) << " "
                   << static_cast<std::uint32_t>(sizeof(Observed));
    report_steps(port, "nothing", 0);
    for (std::size_t i = 0; i < observe::observable_names.size(); ++i) {
        report_steps(port, observe::observable_names[i],
                     observe::set_of(static_cast<observe::Observable>(i)));
    }
    report_steps(port, "everything", observe::all_observables);
}

} // namespace tinymf::firmware
