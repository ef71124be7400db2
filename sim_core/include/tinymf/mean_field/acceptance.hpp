// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstddef>

#include "tinymf/experiment/refusal.hpp"
#include "tinymf/model/parameters.hpp"

namespace tinymf::mean_field {

[[nodiscard]] constexpr experiment::Refusal impossible(experiment::Field field) {
    return {experiment::RefusalCode::bad_combination, field};
}

/// What every mean-field model on a time grid of `points` refuses, beyond the ranges of single
/// parameters: more steps than the grid has, integrators of several stages, and a live input, which
/// has no meaning for an average over networks.
template <std::floating_point T>
[[nodiscard]] constexpr experiment::Refusal refuse_time_grid(const model::Parameters<T>& p,
                                                             std::size_t points) {
    using experiment::Field;
    if (p.steps >= points) {
        return impossible(Field::steps);
    }
    if (model::stages(p.integrator) != 1) {
        return impossible(Field::integrator);
    }
    if (p.stimulus == model::StimulusKind::live) {
        return impossible(Field::stimulus_kind);
    }
    return {};
}

} // namespace tinymf::mean_field
