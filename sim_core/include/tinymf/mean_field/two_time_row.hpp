// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <span>
#include <string_view>

namespace tinymf::mean_field {

/// The arrays a mean-field model makes, one row per time point; the number is part of the stream.
/// Their names in files are those of two_time_names.
///
/// Correlations are uncentred second moments: Cx[t,s] = <x_t x_s>, Cphi[t,s] = <phi_t phi_s>, for
/// s <= t. Responses to a field added to the drive: Rx[t,s] = <dx_t/dI_s>/beta,
/// Rphi[t,s] = <dphi_t/dI_s>/beta, for s < t (Ito: zero otherwise). mean[t] = <x_t>. In a
/// stationary run t is a lag and each row one number; its last row brings the largest Lyapunov
/// exponent.
enum class TwoTimeArray : std::uint8_t {
    state_correlation,
    output_correlation,
    state_response,
    output_response,
    mean,
    lyapunov
};

inline constexpr std::array<std::string_view, 6> two_time_names{"Cx",   "Cphi", "Rx",
                                                                "Rphi", "mean", "lyapunov"};

/// Row `t` of one array, columns from 0.
template <std::floating_point T>
struct TwoTimeRow {
    TwoTimeArray array;
    std::span<const T> values;
};

} // namespace tinymf::mean_field
