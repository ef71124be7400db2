// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/model_list.hpp"
#include "profiles/hosted_network.hpp"

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

} // namespace detail

/// Every profile this program carries: those a board may carry, and many more.
using HostModels = detail::HostSizes::List;
using HostEngine = HostModels::Engine;

} // namespace tinymf::host
