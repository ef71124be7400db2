// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

#include "tinymf/checkpoint/field_walk.hpp"
#include "tinymf/checkpoint/header.hpp"
#include "tinymf/experiment/model_contract.hpp"
#include "tinymf/experiment/parameters.hpp"
#include "tinymf/experiment/validation.hpp"
#include "tinymf/model/stimulus.hpp"
#include "tinymf/numeric/magnitude.hpp"

// What a checkpoint asks of an engine, whichever model it runs.
namespace tinymf::checkpoint {

template <class Engine>
void walk_over(Engine& engine, FieldWalk& walk) {
    engine.visit([&walk](auto& model) { model.persist(walk); });
}

/// Bytes of the evolving fields at the step the model is at.
template <class Engine>
[[nodiscard]] std::size_t state_bytes(const Engine& engine) {
    FieldWalk walk;
    walk_over(const_cast<Engine&>(engine), walk); // it only counts
    return walk.position();
}

/// Copies the bytes from `first` on out of the fields.
template <class Engine>
void read_state(const Engine& engine, std::size_t first, std::span<std::uint8_t> bytes) {
    FieldWalk walk = FieldWalk::reading(first, bytes);
    walk_over(const_cast<Engine&>(engine), walk); // it only reads
}

/// Copies bytes into the fields, the first of them to `first`; false when a flag among them is
/// neither 0 nor 1.
template <class Engine>
[[nodiscard]] bool write_state(Engine& engine, std::size_t first,
                               std::span<const std::uint8_t> bytes) {
    FieldWalk walk = FieldWalk::writing(first, bytes);
    walk_over(engine, walk);
    return walk.sound();
}

/// True when every evolving field holds a number that the model can have at its step.
template <class Engine>
[[nodiscard]] bool fields_are_sound(const Engine& engine) {
    FieldWalk walk = FieldWalk::judging();
    walk_over(const_cast<Engine&>(engine), walk); // it only looks
    return walk.sound();
}

template <class Engine>
[[nodiscard]] Header header_of(const Engine& engine) {
    const std::size_t bytes = state_bytes(engine);
    return engine.visit([&engine, bytes]<class M>(const M& model) {
        using T = typename M::Scalar;
        const std::uint64_t parameters = digest_of_parameters(
            experiment::Parameters<T>{model.parameters(), 0, 0, experiment::observation_of(model)});
        return Header{.identity = identity_of(Engine::profiles[engine.profile()], parameters,
                                              engine.couplings_digest()),
                      .step = engine.step_index(),
                      .digest = engine.digest(),
                      .held_input = numeric::to_bits(model.held_input()),
                      .state_bytes = static_cast<std::uint32_t>(bytes)};
    });
}

/// True when the bits are those of an input that the configured model could hold.
template <class Engine>
[[nodiscard]] bool can_hold(const Engine& engine, std::uint64_t input_bits) {
    return engine.visit([input_bits]<class M>(const M& model) {
        using T = typename M::Scalar;
        const auto bits = static_cast<numeric::Bits<T>>(input_bits);
        const bool live = model.parameters().stimulus == model::StimulusKind::live;
        return bits == input_bits &&
               (live ? experiment::in_range(experiment::Field::input, numeric::from_bits<T>(bits))
                     : bits == 0);
    });
}

/// Sets a live input from its bits; `can_hold` must be true.
template <class Engine>
void hold_input(Engine& engine, std::uint64_t input_bits) {
    engine.visit([input_bits]<class M>(M& model) {
        using T = typename M::Scalar;
        if (model.parameters().stimulus == model::StimulusKind::live) {
            model.hold_input(numeric::from_bits<T>(static_cast<numeric::Bits<T>>(input_bits)));
        }
    });
}

} // namespace tinymf::checkpoint
