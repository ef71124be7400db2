// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

#include "tinymf/model/non_finite.hpp"
#include "tinymf/model/parameters.hpp"
#include "tinymf/observe/digest.hpp"

namespace tinymf::experiment {

/// What the engine asks of a model. A model is statically sized, trivially destructible, and a
/// pure function of (parameters, inputs so far, step count).
///
/// - `configure` draws couplings and the state at step 0; the parameters are already validated.
/// - `step` advances by one dt.
/// - `hold_input(u)` sets the live stimulus from the next step on.
/// - `state(r)` is the state vector x of replica r at step `step_index()`.
/// - `digest_into` adds every word the next step depends on, apart from the couplings, which
///   `couplings_digest` covers.
template <class M>
concept Model = std::is_trivially_destructible_v<M> &&
    requires(M model, const M readable, const model::Parameters<typename M::Scalar>& parameters,
             observe::Digest& digest, typename M::Scalar input, std::size_t replica) {
    typename M::Scalar;
    model.configure(parameters);
    model.step();
    model.hold_input(input);
    { readable.parameters() } -> std::same_as<const model::Parameters<typename M::Scalar>&>;
    { readable.step_index() } -> std::same_as<std::uint32_t>;
    { readable.state(replica) } -> std::same_as<std::span<const typename M::Scalar>>;
    { readable.first_non_finite() } -> std::same_as<model::NonFinite>;
    readable.digest_into(digest);
    { readable.couplings_digest() } -> std::same_as<std::uint64_t>;
};

} // namespace tinymf::experiment
