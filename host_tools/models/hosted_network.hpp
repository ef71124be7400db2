// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tinymf/experiment/model_contract.hpp"
#include "tinymf/experiment/profile.hpp"
#include "tinymf/network/network.hpp"
#include "tinymf/observe/observed_network.hpp"

namespace tinymf::host {

/// An observe::ObservedNetwork whose functions are compiled in a source file of their own: the same
/// numbers, without compiling some forty sizes again wherever an engine is used. Defined for the
/// sizes of host_models.hpp only; its announcement is the observed network's.
template <std::floating_point T, std::size_t N, model::CouplingKind kind>
class HostedNetwork {
public:
    using Scalar = T;
    using Network =
        observe::ObservedNetwork<network::Network<T, N, kind>, 256, observe::Covariances::kept>;

    void configure(const model::Parameters<T>& parameters);
    void observe(const observe::ObservationParameters& parameters);
    void step();
    void hold_input(T value);
    [[nodiscard]] T held_input() const;

    [[nodiscard]] const model::Parameters<T>& parameters() const { return network_.parameters(); }
    [[nodiscard]] std::uint32_t step_index() const { return network_.step_index(); }
    [[nodiscard]] std::span<const T> state(std::size_t replica) const;
    [[nodiscard]] model::NonFinite first_non_finite() const;
    void digest_into(observe::Digest& digest) const;
    [[nodiscard]] std::uint64_t couplings_digest() const;

    void place_at(std::uint32_t step) { network_.place_at(step); }
    void persist(checkpoint::FieldWalk& walk);

    [[nodiscard]] const observe::ObservationParameters& observation() const {
        return network_.observation();
    }
    [[nodiscard]] bool observation_is_due() const { return network_.observation_is_due(); }
    [[nodiscard]] observe::ObservedVector<T> observed(observe::ObservedArray array) const;
    [[nodiscard]] std::uint64_t observations_digest() const {
        return network_.observations_digest();
    }

    [[nodiscard]] Network& network() { return network_; }

private:
    Network network_;
};

} // namespace tinymf::host

namespace tinymf::experiment {

template <std::floating_point T, std::size_t N, model::CouplingKind kind>
struct ProfileOf<host::HostedNetwork<T, N, kind>>
    : ProfileOf<typename host::HostedNetwork<T, N, kind>::Network> {};

} // namespace tinymf::experiment
