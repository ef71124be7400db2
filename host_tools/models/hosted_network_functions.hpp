// SPDX-License-Identifier: Apache-2.0
#pragma once

// For the sources that instantiate HostedNetwork, and no others.

#include "models/hosted_network.hpp"

namespace tinymf::host {

template <std::floating_point T, std::size_t N, model::CouplingKind kind>
void HostedNetwork<T, N, kind>::configure(const model::Parameters<T>& parameters) {
    network_.configure(parameters);
}

template <std::floating_point T, std::size_t N, model::CouplingKind kind>
void HostedNetwork<T, N, kind>::observe(const observe::ObservationParameters& parameters) {
    network_.observe(parameters);
}

template <std::floating_point T, std::size_t N, model::CouplingKind kind>
observe::ObservedVector<T> HostedNetwork<T, N, kind>::observed(observe::ObservedArray array) const {
    return network_.observed(array);
}

template <std::floating_point T, std::size_t N, model::CouplingKind kind>
void HostedNetwork<T, N, kind>::step() {
    network_.step();
}

template <std::floating_point T, std::size_t N, model::CouplingKind kind>
void HostedNetwork<T, N, kind>::hold_input(T value) {
    network_.hold_input(value);
}

template <std::floating_point T, std::size_t N, model::CouplingKind kind>
T HostedNetwork<T, N, kind>::held_input() const {
    return network_.held_input();
}

template <std::floating_point T, std::size_t N, model::CouplingKind kind>
std::span<const T> HostedNetwork<T, N, kind>::state(std::size_t replica) const {
    return network_.state(replica);
}

template <std::floating_point T, std::size_t N, model::CouplingKind kind>
model::NonFinite HostedNetwork<T, N, kind>::first_non_finite() const {
    return network_.first_non_finite();
}

template <std::floating_point T, std::size_t N, model::CouplingKind kind>
void HostedNetwork<T, N, kind>::digest_into(observe::Digest& digest) const {
    network_.digest_into(digest);
}

template <std::floating_point T, std::size_t N, model::CouplingKind kind>
void HostedNetwork<T, N, kind>::persist(checkpoint::FieldWalk& walk) {
    network_.persist(walk);
}

template <std::floating_point T, std::size_t N, model::CouplingKind kind>
std::uint64_t HostedNetwork<T, N, kind>::couplings_digest() const {
    return network_.couplings_digest();
}

} // namespace tinymf::host
