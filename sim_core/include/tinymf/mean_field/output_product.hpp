// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>

#include "tinymf/numeric/arithmetic_guard.hpp"

namespace tinymf::mean_field {

/// phi(x) and phi(y) for x, y ~ N(0, variance) of covariance c, as functions of c:
/// F(c) = E[phi phi], its derivative F'(c) = E[phi' phi'] (Price), and its integral from 0 over
/// the variance, which is as large as F and so does not underflow before it.
template <std::floating_point T>
struct OutputProduct {
    T value = T(0);
    T derivative = T(0);
    T integral = T(0);
};

} // namespace tinymf::mean_field
