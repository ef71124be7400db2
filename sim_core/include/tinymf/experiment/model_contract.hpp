// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstdint>
#include <span>

#include "tinymf/experiment/parameters.hpp"
#include "tinymf/experiment/profile.hpp"
#include "tinymf/experiment/refusal.hpp"
#include "tinymf/observe/digest.hpp"

namespace tinymf::experiment {

/// Where a model's state stopped being finite.
struct NonFinite {
    bool found = false;
    std::uint8_t replica = 0;
    std::uint16_t neuron = 0;
};

/// What the engine asks of a model. A model is statically sized, trivially destructible, and a
/// pure function of (parameters, inputs so far, step count).
///
/// - `configure` draws couplings and the state at step 0; the parameters are already validated.
/// - `step` advances by one dt.
/// - `state(r)` is the state vector x of replica r at step `step_index()`.
/// - `hold_input(u)` sets the live stimulus from the next step on.
/// - `digest_into` adds every word the next step depends on, apart from the couplings.
/// - `couplings_digest` covers the couplings as used.
template <class M>
concept Model = requires(M model, const M readable,
                         const Parameters<typename M::Scalar>& parameters, observe::Digest& digest,
                         typename M::Scalar input) {
    typename M::Scalar;
    { M::profile } -> std::convertible_to<ProfileInfo>;
    {model.configure(parameters)};
    {model.step()};
    {model.hold_input(input)};
    { readable.parameters() } -> std::convertible_to<Parameters<typename M::Scalar>>;
    { readable.step_index() } -> std::same_as<std::uint32_t>;
    { readable.state(std::uint8_t{}) } -> std::same_as<std::span<const typename M::Scalar>>;
    { readable.first_non_finite() } -> std::same_as<NonFinite>;
    {readable.digest_into(digest)};
    { readable.couplings_digest() } -> std::same_as<std::uint64_t>;
};

} // namespace tinymf::experiment
