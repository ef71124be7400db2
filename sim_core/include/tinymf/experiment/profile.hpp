// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <string_view>

#include "tinymf/mean_field/method.hpp"
#include "tinymf/model/coupling.hpp"
#include "tinymf/network/network.hpp"
#include "tinymf/observe/observed_network.hpp"

namespace tinymf::experiment {

enum class ModelKind : std::uint8_t { network, mean_field };
enum class ScalarKind : std::uint8_t { float32, float64 };

inline constexpr std::array<std::string_view, 2> model_names{"network", "mean_field"};
inline constexpr std::array<std::string_view, 2> scalar_names{"float32", "float64"};

template <std::floating_point T>
inline constexpr ScalarKind scalar_kind = sizeof(T) == 4 ? ScalarKind::float32
                                                         : ScalarKind::float64;

/// What an image announces of one compiled-in profile. Fields that do not apply are zero.
struct ProfileInfo {
    ModelKind kind = ModelKind::network;
    ScalarKind scalar = ScalarKind::float32;
    model::CouplingKind coupling = model::CouplingKind::gaussian;
    mean_field::Method method = mean_field::Method::forward;
    std::uint8_t replicas = 0;      ///< most noise replicas of one J, or populations
    std::uint16_t neurons = 0;      ///< N, exact
    std::uint16_t points = 0;       ///< most time points of a mean-field grid
    std::uint32_t trajectories = 0; ///< effective neurons of the forward sampler, exact
    std::uint8_t path_bits = 0;     ///< size of a number in the history of an effective neuron
    observe::ObservableSet observables = 0; ///< what it can estimate
    std::uint16_t lags = 0;                 ///< most lags of correlations and responses
    std::uint32_t bytes = 0;                ///< static RAM of the model, sizeof

    friend constexpr bool operator==(const ProfileInfo&, const ProfileInfo&) = default;
};

/// The announcement of a compiled-in model.
template <class M>
struct ProfileOf;

template <std::floating_point T, std::size_t N, model::CouplingKind kind, std::size_t replicas>
struct ProfileOf<network::Network<T, N, kind, replicas>> {
    static constexpr ProfileInfo value{
        .kind = ModelKind::network,
        .scalar = scalar_kind<T>,
        .coupling = kind,
        .replicas = static_cast<std::uint8_t>(replicas),
        .neurons = static_cast<std::uint16_t>(N),
        .bytes = sizeof(network::Network<T, N, kind, replicas>),
    };
};

template <class Network, std::size_t lags, observe::Covariances covariances>
struct ProfileOf<observe::ObservedNetwork<Network, lags, covariances>> {
    using Observed = observe::ObservedNetwork<Network, lags, covariances>;
    static constexpr ProfileInfo value = [] {
        ProfileInfo info = ProfileOf<Network>::value;
        info.observables = Observed::observables;
        info.lags = static_cast<std::uint16_t>(lags);
        info.bytes = sizeof(Observed);
        return info;
    }();
};

template <class M>
inline constexpr ProfileInfo profile_of = ProfileOf<M>::value;

} // namespace tinymf::experiment
