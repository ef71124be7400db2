// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "tinymf/experiment/model_contract.hpp"
#include "tinymf/experiment/profile.hpp"
#include "tinymf/mean_field/profiles.hpp"
#include "tinymf/mean_field/saturation.hpp"

namespace tinymf::host {

/// A mean-field model whose functions are compiled in a source file of their own: the same numbers,
/// without compiling it again wherever an engine is used. Defined for the models of host_models.hpp
/// only; its announcement is the model's.
template <class M>
class HostedMeanField {
public:
    using Scalar = typename M::Scalar;
    using Parameters = model::Parameters<Scalar>;

    [[nodiscard]] static experiment::Refusal refuse(const Parameters& parameters) {
        return M::refuse(parameters);
    }
    [[nodiscard]] static std::uint32_t last_step(const Parameters& parameters) {
        return experiment::last_step_of<M>(parameters);
    }

    void configure(const Parameters& parameters);
    void step();
    void hold_input(Scalar value) { model_.hold_input(value); }

    [[nodiscard]] Scalar held_input() const { return model_.held_input(); }
    [[nodiscard]] const Parameters& parameters() const { return model_.parameters(); }
    [[nodiscard]] std::uint32_t step_index() const { return model_.step_index(); }
    [[nodiscard]] std::size_t row_index() const { return model_.row_index(); }
    [[nodiscard]] std::uint8_t population() const { return model_.population(); }
    [[nodiscard]] std::span<const mean_field::TwoTimeRow<Scalar>> rows() const {
        return model_.rows();
    }
    [[nodiscard]] model::NonFinite first_non_finite() const;
    [[nodiscard]] mean_field::Saturation saturation() const {
        if constexpr (requires { model_.saturation(); }) {
            return model_.saturation();
        } else {
            return {};
        }
    }
    void digest_into(observe::Digest& digest) const;
    [[nodiscard]] std::uint64_t couplings_digest() const { return model_.couplings_digest(); }

    void place_at(std::uint32_t step) { model_.place_at(step); }
    void persist(checkpoint::FieldWalk& walk);
    void rebuild();

private:
    M model_;
};

} // namespace tinymf::host

namespace tinymf::experiment {

template <class M>
struct ProfileOf<host::HostedMeanField<M>> : ProfileOf<M> {};

} // namespace tinymf::experiment
