// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "tinymf/model/activation.hpp"
#include "tinymf/model/coupling.hpp"

namespace tinymf::host {

// Names of counts in firmware/budgets.toml.

/// Of one term of the product with J.
[[nodiscard]] constexpr std::string_view term_name(model::CouplingKind kind) {
    switch (kind) {
    case model::CouplingKind::gaussian:
        return "gaussian_term";
    case model::CouplingKind::sign:
        return "sign_term";
    default:
        return "procedural_term";
    }
}

/// Of phi(x) for one neuron.
[[nodiscard]] inline std::string value_name(model::ActivationKind kind) {
    return std::string(model::activation_names.at(static_cast<std::size_t>(kind))) + "_value";
}

/// Of phi'(x) for one neuron.
[[nodiscard]] inline std::string slope_name(model::ActivationKind kind) {
    return std::string(model::activation_names.at(static_cast<std::size_t>(kind))) + "_slope";
}

} // namespace tinymf::host
