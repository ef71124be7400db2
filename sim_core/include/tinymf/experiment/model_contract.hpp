// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

#include "tinymf/checkpoint/field_walk.hpp"
#include "tinymf/experiment/refusal.hpp"
#include "tinymf/mean_field/two_time_row.hpp"
#include "tinymf/model/non_finite.hpp"
#include "tinymf/model/parameters.hpp"
#include "tinymf/observe/digest.hpp"
#include "tinymf/observe/observation_parameters.hpp"
#include "tinymf/observe/observed_vector.hpp"

namespace tinymf::experiment {

/// What the engine asks of any model. A model is statically sized, trivially destructible, and a
/// pure function of (parameters, inputs so far, step count).
///
/// - `configure` draws everything random and makes the state at step 0; the parameters are already
///   validated, and `refuse`, where a model has it, did not object.
/// - `step` advances by one dt; `step(observer)`, where a model has it, also tells which part of
///   its work begins (observe/work_phase.hpp).
/// - `hold_input(u)` sets the live stimulus from the next step on.
/// - `digest_into` adds every word the next step depends on, apart from the couplings, which
///   `couplings_digest` covers; a mean-field model adds its rows, which everything flows into.
/// - `first_non_finite` tells the first NaN or infinity among all that a report or a checkpoint of
///   this step could hold; there is none in a run that goes on.
/// - `saturation()`, where a model has it, counts numbers that it could not hold.
/// - `place_at(step)` moves a configured model to a step at most the last, before `persist` fills
///   its fields; it may change nothing else.
/// - `persist(walk)` names every field that a step changes and a later one or a report reads, apart
///   from the live input: `walk.over(field)`, one line each, and for integers which values can be.
///   Which fields, how many numbers and in
///   what order must follow from the parameters and the step alone, not from capacities.
template <class M>
concept SteppedModel = std::is_trivially_destructible_v<M> &&
    requires(M model, const M readable, const model::Parameters<typename M::Scalar>& parameters,
             observe::Digest& digest, checkpoint::FieldWalk& walk, std::uint32_t step,
             typename M::Scalar input) {
    typename M::Scalar;
    model.configure(parameters);
    model.step();
    model.hold_input(input);
    { readable.parameters() } -> std::same_as<const model::Parameters<typename M::Scalar>&>;
    { readable.step_index() } -> std::same_as<std::uint32_t>;
    { readable.first_non_finite() } -> std::same_as<model::NonFinite>;
    readable.digest_into(digest);
    model.place_at(step);
    model.persist(walk);
    { readable.couplings_digest() } -> std::same_as<std::uint64_t>;
};

/// `state(r)` is the state vector x of replica r at step `step_index()`.
template <class M>
concept NetworkModel = SteppedModel<M> && requires(const M readable, std::size_t replica) {
    { readable.state(replica) } -> std::same_as<std::span<const typename M::Scalar>>;
};

/// A network that estimates statistics of itself, see observe/observed_network.hpp.
template <class M>
concept ObservingModel = NetworkModel<M> &&
    requires(M model, const M readable, const observe::ObservationParameters& parameters,
             observe::ObservedArray array) {
    model.observe(parameters);
    { readable.observation_is_due() } -> std::same_as<bool>;
    { readable.observed(array) } -> std::same_as<observe::ObservedVector<typename M::Scalar>>;
    { readable.observations_digest() } -> std::same_as<std::uint64_t>;
};

/// What the model observes of itself: nothing, where it cannot.
template <SteppedModel M>
[[nodiscard]] observe::ObservationParameters observation_of(const M& model) {
    if constexpr (ObservingModel<M>) {
        return model.observation();
    } else {
        return {};
    }
}

/// `rows()` are the rows number `row_index()` of the arrays, made by population `population()`.
template <class M>
concept MeanFieldModel = SteppedModel<M> && requires(const M readable) {
    {
        readable.rows()
        } -> std::same_as<std::span<const mean_field::TwoTimeRow<typename M::Scalar>>>;
    { readable.row_index() } -> std::same_as<std::size_t>;
    { readable.population() } -> std::same_as<std::uint8_t>;
};

template <class M>
concept Model = NetworkModel<M> || MeanFieldModel<M>;

/// Advances the model, which tells of its progress if it can.
template <SteppedModel M, class Observer>
constexpr void step_observed(M& model, Observer& observer) {
    if constexpr (requires { model.step(observer); }) {
        model.step(observer);
    } else {
        model.step();
    }
}

/// What the model itself cannot do with parameters that are in range, by its static
/// `refuse(parameters)`; models without it take all of them.
template <SteppedModel M>
[[nodiscard]] constexpr Refusal
refused_by(const model::Parameters<typename M::Scalar>& parameters) {
    if constexpr (requires { M::refuse(parameters); }) {
        return M::refuse(parameters);
    } else {
        return {};
    }
}

/// After `persist` has filled the fields: what the model makes of them at once, by its
/// `rebuild()`; models without it make nothing.
void rebuild(SteppedModel auto& model) {
    if constexpr (requires { model.rebuild(); }) {
        model.rebuild();
    }
}

/// Index of the last step: that of the parameters, unless the model runs several populations.
template <SteppedModel M>
[[nodiscard]] constexpr std::uint32_t
last_step_of(const model::Parameters<typename M::Scalar>& parameters) {
    if constexpr (requires { M::last_step(parameters); }) {
        return M::last_step(parameters);
    } else {
        return parameters.steps;
    }
}

} // namespace tinymf::experiment
