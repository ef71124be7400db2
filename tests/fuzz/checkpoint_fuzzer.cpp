// SPDX-License-Identifier: Apache-2.0
// A checkpoint of a drawn run, changed anywhere under a digest that fits, restored in pieces into a
// run of the same parameters. It is refused and nothing has changed, or it is the run's state from
// then on: asked for again it comes out byte for byte, and the run goes on to its end.
#include <algorithm>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

#include <fuzzer/FuzzedDataProvider.h>

#include "checkpoint_bytes.hpp"
#include "fuzz/drawn_parameters.hpp"
#include "fuzz/execution_limits.hpp"
#include "tinymf/assert.hpp"
#include "tinymf/mean_field/profiles.hpp"
#include "tinymf/network/network.hpp"
#include "tinymf/observe/observed_network.hpp"

namespace tinymf::fuzz {
namespace {

using checkpoint::Bytes;
using model::CouplingKind;
using observe::Covariances;

/// One of each kind of model, small.
using SmallModels =
    std::tuple<network::Network<float, 6, CouplingKind::gaussian>,
               observe::ObservedNetwork<network::Network<float, 5, CouplingKind::gaussian>, 6,
                                        Covariances::kept>,
               network::Network<double, 5, CouplingKind::sign>,
               network::Network<float, 7, CouplingKind::procedural>,
               mean_field::LinearClosure<float, 10>, mean_field::GaussianClosure<float, 10>,
               mean_field::ForwardSampler<float, 6, 16, std::int16_t>,
               mean_field::ForwardSampler<double, 6, 16>, mean_field::StationaryRun<float>>;

constexpr std::uint32_t most_steps = 24;

void change_anywhere(Bytes& bytes, FuzzedDataProvider& input) {
    for (auto changes = input.ConsumeIntegralInRange<unsigned>(0, 6); changes > 0; --changes) {
        const auto at = input.ConsumeIntegralInRange<std::size_t>(0, bytes.size() - 1);
        const auto width = input.ConsumeIntegralInRange<std::size_t>(1, 8);
        for (std::size_t i = at; i < std::min(at + width, bytes.size()); ++i) {
            bytes[i] = input.ConsumeIntegral<std::uint8_t>();
        }
    }
}

void close_with_its_digest(Bytes& bytes) {
    const std::size_t content = bytes.size() - checkpoint::digest_bytes;
    observe::Digest digest;
    checkpoint::add_to(digest, std::span<const std::uint8_t>(bytes).first(content));
    stream::ByteWriter(std::span(bytes).subspan(content)).put(digest.value());
}

template <class Engine>
void run_on(Engine& engine, std::uint32_t steps) {
    for (; steps > 0 && !engine.finished() && !engine.fault().found; --steps) {
        engine.step();
    }
}

template <class M>
void restore_into(FuzzedDataProvider& input) {
    using Engine = experiment::Engine<M>;
    const auto parameters = drawn_parameters<typename M::Scalar>(input, most_steps);
    const auto original = std::make_unique<Engine>();
    if (checkpoint::configure(*original, parameters) || original->fault().found) {
        return;
    }
    run_on(*original, input.ConsumeIntegralInRange<std::uint32_t>(0, most_steps));
    if (original->fault().found) {
        return;
    }
    constexpr std::size_t piece = 64;
    const Bytes unchanged = checkpoint::take(*original, piece);
    Bytes changed = unchanged;
    change_anywhere(changed, input);
    if (input.ConsumeBool()) {
        close_with_its_digest(changed);
    }

    const auto target = std::make_unique<Engine>();
    TINYMF_ASSERT(!checkpoint::configure(*target, parameters));
    const Bytes fresh = checkpoint::take(*target, piece);
    const auto size = input.ConsumeIntegralInRange<std::size_t>(1, 500);
    const experiment::Refusal refusal = checkpoint::put(*target, changed, size);
    TINYMF_ASSERT(changed != unchanged || !refusal);
    TINYMF_ASSERT(checkpoint::take(*target, piece) == (refusal ? fresh : changed));
    run_on(*target, most_steps + 1);
    if (!refusal && changed == unchanged) {
        run_on(*original, most_steps + 1);
        TINYMF_ASSERT(target->digest() == original->digest());
    }
}

template <std::size_t... indices>
void restore_into_model(std::size_t index, FuzzedDataProvider& input,
                        std::index_sequence<indices...> /*all*/) {
    ((index == indices ? restore_into<std::tuple_element_t<indices, SmallModels>>(input) : void()),
     ...);
}

} // namespace
} // namespace tinymf::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tinymf::fuzz;
    constexpr std::size_t models = std::tuple_size_v<SmallModels>;
    // Some hundred steps of such models take milliseconds.
    const ExecutionLimits limits({.bytes = size, .computing = std::chrono::seconds(1)});
    FuzzedDataProvider input(data, size);
    restore_into_model(input.ConsumeIntegralInRange<std::size_t>(0, models - 1), input,
                       std::make_index_sequence<models>());
    return 0;
}
