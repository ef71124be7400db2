// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstdint>

#include "tinymf/assert.hpp"
#include "tinymf/model/parameters.hpp"

namespace tinymf::mean_field {

/// What all mean-field models answer alike (see experiment/model_contract.hpp): they take no live
/// input, have no couplings, and unless they say otherwise hold one population. Their rows point
/// into themselves: no copies.
template <std::floating_point T>
class AutonomousModel {
public:
    using Scalar = T;

    AutonomousModel() = default;
    AutonomousModel(const AutonomousModel&) = delete;
    AutonomousModel& operator=(const AutonomousModel&) = delete;

    void hold_input(T /*value*/) { TINYMF_ASSERT(false); }
    [[nodiscard]] T held_input() const { return T(0); }
    [[nodiscard]] std::uint64_t couplings_digest() const { return 0; }
    [[nodiscard]] const model::Parameters<T>& parameters() const { return parameters_; }
    [[nodiscard]] std::uint8_t population() const { return 0; }

protected:
    model::Parameters<T> parameters_;
};

} // namespace tinymf::mean_field
