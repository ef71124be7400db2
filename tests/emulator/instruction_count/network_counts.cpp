// SPDX-License-Identifier: Apache-2.0
#include "network_counts.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <new>
#include <span>
#include <string_view>

#include "conformance/text_line.hpp"
#include "count_report.hpp"
#include "tinymf/model/activation.hpp"
#include "tinymf/model/coupling.hpp"
#include "tinymf/network/network.hpp"
#include "tinymf/observe/digest.hpp"
#include "tinymf/random/stream.hpp"
#include "tinymf/stream/frame.hpp"

namespace tinymf::firmware {
namespace {

using model::CouplingKind;

using Whole = CountedNetwork;
using Half = network::Network<float, counted_neurons / 2, CouplingKind::gaussian, 1>;
using Signs = network::Network<float, counted_neurons, CouplingKind::sign, 1>;

std::array<float, counted_neurons> input;
std::array<float, counted_neurons> output;

constexpr std::array<std::string_view, 6> activation_counts{
    "linear_value", "relu_value", "tanh_value", "erf_value", "power_law_value", "pade_value"};
static_assert(activation_counts.size() == model::activation_names.size());

template <class N>
N& configured(std::byte* memory, const model::Parameters<float>& parameters) {
    static_assert(sizeof(N) <= sizeof(Whole) && alignof(N) <= alignof(Whole));
    N& network = *new (memory) N;
    network.configure(parameters);
    return network;
}

void report_integrator(BoardPort& port, std::byte* memory, std::string_view name,
                       model::IntegratorKind integrator) {
    auto& network = configured<Whole>(memory, {.gain = 3.0F, .integrator = integrator, .seed = 58});
    report(port, name, 20, 1, [&network] { network.step(); });
}

/// Whole steps with their digest, as an engine takes them.
template <class N>
void report_check(BoardPort& port, std::byte* memory, std::string_view name,
                  const model::Parameters<float>& parameters) {
    N& network = configured<N>(memory, parameters);
    observe::Digest digest;
    report(port, name, 20, 1, [&network, &digest] {
        network.step();
        network.digest_into(digest);
    });
}

} // namespace

void report_network(BoardPort& port, std::byte* memory) {
    const random::NormalStream<float> normals(58, random::Purpose::initial, 0);
    report(port, "normal", 20, counted_neurons, [&normals] { normals.fill(std::span(input), 0); });
    for (std::size_t i = 0; i < activation_counts.size(); ++i) {
        const model::Activation<float> activation{
            .kind = static_cast<model::ActivationKind>(i),
            .power_law = {0.75F},
            .pade = {{1.0F, 0.0F, 0.0F, 0.0F}, {0.333F, 0.0F, 0.0F, 0.0F}}};
        report(port, activation_counts[i], 20, counted_neurons,
               [&activation] { activation.apply(input, output); });
    }
    report_integrator(port, memory, "heun_step", model::IntegratorKind::heun);
    report_integrator(port, memory, "rk4_step", model::IntegratorKind::rk4);
    observe::Digest digest;
    report(port, "digest_word", 20, counted_neurons,
           [&digest] { digest.add(std::span<const float>(input)); });
    const std::span<const std::uint8_t> payload(reinterpret_cast<const std::uint8_t*>(input.data()),
                                                sizeof input);
    const std::span<std::uint8_t> wire(reinterpret_cast<std::uint8_t*>(memory), sizeof(Whole));
    report(port, "frame_byte", 20, sizeof input, [payload, wire] {
        const stream::FrameHeader header{.kind = 1, .schema = 1, .sequence = 1};
        static_cast<void>(stream::encode_frame(wire, header, payload));
    });
    report_check<Half>(port, memory, "check_heun",
                       {.activation = model::ActivationKind::erf,
                        .gain = 2.0F,
                        .noise = 0.5F,
                        .integrator = model::IntegratorKind::heun,
                        .seed = 58});
    report_check<Signs>(port, memory, "check_colored",
                        {.activation = model::ActivationKind::pade,
                         .gain = 2.0F,
                         .noise = 0.5F,
                         .noise_kind = model::NoiseKind::colored,
                         .integrator = model::IntegratorKind::exponential_euler,
                         .seed = 58});
}

} // namespace tinymf::firmware
