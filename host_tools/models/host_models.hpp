// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/model_list.hpp"
#include "models/hosted_mean_field.hpp"
#include "models/hosted_network.hpp"

namespace tinymf::host {

namespace detail {

using enum model::CouplingKind;

// One more size: a name here, and a line in the source file of its kind and scalar.
template <std::size_t... N>
struct GaussianSizes {};
template <std::size_t... N>
struct OtherSizes {};

template <class Gaussian, class Other>
struct ModelsOfSizes;

template <std::size_t... N, std::size_t... M>
struct ModelsOfSizes<GaussianSizes<N...>, OtherSizes<M...>> {
    using List =
        firmware::ModelList<HostedNetwork<float, N, gaussian>...,
                            HostedNetwork<double, N, gaussian>..., HostedNetwork<float, M, sign>...,
                            HostedNetwork<float, M, procedural>...>;
};

using HostSizes =
    ModelsOfSizes<GaussianSizes<16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024>,
                  OtherSizes<32, 64, 128, 256>>;

// One more: a name here, and a line in the source file of its method.
template <class... Models>
using Hosted = firmware::ModelList<HostedMeanField<Models>...>;

using HostMeanFields = Hosted<
    mean_field::LinearClosure<float, 200>, mean_field::LinearClosure<float, 1000>,
    mean_field::LinearClosure<double, 200>, mean_field::LinearClosure<double, 1000>,
    mean_field::GaussianClosure<float, 1000>, mean_field::GaussianClosure<float, 4096>,
    mean_field::GaussianClosure<double, 1000>, mean_field::GaussianClosure<double, 4096>,
    mean_field::StationaryRun<float>, mean_field::StationaryRun<double>,
    mean_field::ForwardSampler<float, 100, 400>, mean_field::ForwardSampler<float, 100, 1024>,
    mean_field::ForwardSampler<float, 200, 1024>, mean_field::ForwardSampler<float, 100, 4000>,
    mean_field::ForwardSampler<float, 100, 20000>, mean_field::ForwardSampler<float, 200, 20000>,
    mean_field::ForwardSampler<float, 16, 32, std::int16_t>,
    mean_field::ForwardSampler<float, 60, 128, std::int16_t>,
    mean_field::ForwardSampler<float, 100, 400, std::int16_t>,
    mean_field::ForwardSampler<double, 100, 400>, mean_field::ForwardSampler<double, 100, 4000>>;

template <class First, class Second>
struct Joined;

template <class... First, class... Second>
struct Joined<firmware::ModelList<First...>, firmware::ModelList<Second...>> {
    using List = firmware::ModelList<First..., Second...>;
};

/// Every profile this program carries: those a board may carry, and many more.
using EveryModel = Joined<HostSizes::List, HostMeanFields>::List;

} // namespace detail

/// The engine of all of them. What visits every model without a template of the caller's is
/// compiled once, in host_engine.cpp.
class HostEngine : detail::EveryModel::Engine {
    using Engine = detail::EveryModel::Engine;

public:
    using Engine::configured;
    using Engine::couplings_digest;
    using Engine::digest;
    using Engine::digest_is_due;
    using Engine::fault;
    using Engine::finished;
    using Engine::last_step;
    using Engine::profile;
    using Engine::profiles;
    using Engine::state_is_due;
    using Engine::step_index;
    using Engine::visit;

    [[nodiscard]] experiment::Refusal configure(std::uint8_t profile, stream::ByteReader& wire);
    void step();
    template <class Observer>
    void step(Observer& observer) {
        Engine::step(observer);
    }
    [[nodiscard]] bool resume(std::uint64_t digest);
    void restart();
    [[nodiscard]] experiment::Refusal hold_input(stream::ByteReader& wire);
    void write_parameters(stream::ByteWriter& wire) const;
    void write_held_input(stream::ByteWriter& wire) const;
    [[nodiscard]] mean_field::Saturation saturation() const;
    [[nodiscard]] bool observation_is_due() const;
};

/// For firmware::Application.
struct HostModels {
    using Engine = HostEngine;
};

} // namespace tinymf::host
