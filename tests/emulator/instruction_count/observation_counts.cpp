// SPDX-License-Identifier: Apache-2.0
#include "observation_counts.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <new>
#include <string_view>

#include "conformance/text_line.hpp"
#include "count_report.hpp"
#include "tinymf/experiment/parameters.hpp"
#include "tinymf/model/activation.hpp"
#include "tinymf/network/network.hpp"
#include "tinymf/observe/digest.hpp"
#include "tinymf/observe/observed_network.hpp"

namespace tinymf::firmware {
namespace {

using model::CouplingKind;

constexpr bool has_room = TINYMF_BOARD_RAM_BYTES >= 16384;
constexpr std::size_t neurons = TINYMF_BOARD_RAM_BYTES > 131072  ? 64
                                : TINYMF_BOARD_RAM_BYTES > 16384 ? 32
                                                                 : 8;
constexpr std::uint16_t lags = neurons / 2;
/// A block: every origin of the lagged products is taken anew once in `lags` samples.
constexpr std::uint32_t samples = 2U * lags;
constexpr std::uint32_t short_block = samples / 4;

template <std::size_t n>
using ObservedOf = observe::ObservedNetwork<network::Network<float, n, CouplingKind::gaussian>,
                                            lags, observe::Covariances::kept>;
using Observed = ObservedOf<neurons>;
using Half = ObservedOf<neurons / 2>;

// Made at run time: Eigen's vectors have no constexpr constructor, and start-up runs none.
alignas(Observed) std::byte observed_memory[sizeof(Observed)];
std::array<float, neurons> input;
std::array<float, neurons> output;

Observed& observing(const observe::ObservationParameters& observation, std::uint8_t replicas = 2) {
    auto& network = *new (observed_memory) Observed;
    experiment::Parameters<float> p;
    p.noise = 1.0F;
    p.dt = 0.1F;
    p.replicas = replicas;
    network.configure(p);
    network.observe(observation);
    return network;
}

void report_steps(BoardPort& port, std::string_view name,
                  const observe::ObservationParameters& observation, std::uint8_t replicas = 2) {
    Observed& network = observing(observation, replicas);
    const std::uint32_t total = counts(port, samples, [&network] { network.step(); });
    TextLine{port} << "COUNT observed_" << name << " " << total << " " << samples;
}

/// A sample at every step.
observe::ObservationParameters at_every_step(observe::ObservableSet observables,
                                             std::uint32_t block = samples) {
    return {.observables = observables, .sample_every = 1, .block = block, .lags = lags};
}

/// What is done at the end of a block, of one and of two replicas; what a tangent vector takes in
/// steps without a sample.
void report_parts(BoardPort& port) {
    const auto covariances = observe::set_of(observe::Observable::participation);
    report_steps(port, "short_blocks", at_every_step(covariances, short_block));
    report_steps(port, "alone", at_every_step(covariances), 1);
    report_steps(port, "alone_short_blocks", at_every_step(covariances, short_block), 1);
    report_steps(port, "lyapunov_between",
                 {.observables = observe::set_of(observe::Observable::lyapunov),
                  .sample_every = samples + 1});
}

void report_slopes(BoardPort& port) {
    constexpr std::array<std::string_view, 6> names{
        "linear_slope", "relu_slope", "tanh_slope", "erf_slope", "power_law_slope", "pade_slope"};
    static_assert(names.size() == model::activation_names.size());
    for (std::size_t i = 0; i < names.size(); ++i) {
        const model::Activation<float> activation{
            .kind = static_cast<model::ActivationKind>(i),
            .power_law = {0.75F},
            .pade = {{1.0F, 0.0F, 0.0F, 0.0F}, {0.333F, 0.0F, 0.0F, 0.0F}}};
        report(port, names[i], 100, neurons,
               [&activation] { activation.apply_slope(input, output); });
    }
}

/// The step that ends a block of everything.
void report_longest(BoardPort& port) {
    Observed& network = observing(at_every_step(observe::all_observables));
    for (std::uint32_t step = 1; step < samples; ++step) {
        network.step();
    }
    report(port, "observed_longest", 1, 1, [&network] { network.step(); });
}

/// Whole steps with their digest, as an engine takes them, but for the frames.
void report_check(BoardPort& port) {
    auto& network = *new (observed_memory) Half;
    experiment::Parameters<float> p;
    p.activation = model::ActivationKind::erf;
    p.gain = 2.0F;
    p.noise = 0.5F;
    p.dt = 0.1F;
    network.configure(p);
    network.observe({.observables = observe::all_observables,
                     .sample_every = 2,
                     .block = short_block,
                     .lags = lags / 2});
    observe::Digest digest;
    report(port, "check_observed", samples, 1, [&network, &digest] {
        network.step();
        network.digest_into(digest);
    });
}

} // namespace

void report_observation(BoardPort& port) {
    if (!has_room) {
        return;
    }
    TextLine{port} << "BYTES observed_" << static_cast<std::uint32_t>(neurons) << " "
                   << static_cast<std::uint32_t>(sizeof(Observed));
    TextLine{port} << "OBSERVED " << static_cast<std::uint32_t>(neurons) << " " << samples;
    report_steps(port, "nothing", at_every_step(0));
    std::copy_n(reinterpret_cast<const Observed*>(observed_memory)->state(0).begin(), neurons,
                input.begin());
    for (std::size_t i = 0; i < observe::observable_names.size(); ++i) {
        report_steps(port, observe::observable_names[i],
                     at_every_step(observe::set_of(static_cast<observe::Observable>(i))));
    }
    report_steps(port, "everything", at_every_step(observe::all_observables));
    report_longest(port);
    report_parts(port);
    report_slopes(port);
    report_check(port);
}

} // namespace tinymf::firmware
