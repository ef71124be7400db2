// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace tinymf::host {

/// What of a neuron a covariance is of: its input x or its output phi(x).
enum class Signal : std::uint8_t { input, output };

[[nodiscard]] constexpr std::string_view name_of(Signal signal) {
    return signal == Signal::input ? "input" : "output";
}

} // namespace tinymf::host
