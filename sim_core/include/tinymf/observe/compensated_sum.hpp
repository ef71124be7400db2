// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>

#include "tinymf/checkpoint/field_walk.hpp"
#include "tinymf/numeric/double_word.hpp"

namespace tinymf::observe {

/// A sum of which the rounding errors are kept too (Neumaier): n terms of one sign are summed to an
/// ulp for any n below 1/ulp. Size 2 scalars; work 7 additions a term. Level: bit-exact.
template <std::floating_point T>
class CompensatedSum {
public:
    constexpr void add(T term) {
        const auto [sum, error] = numeric::exact_sum(sum_, term);
        sum_ = sum;
        errors_ += error;
    }

    [[nodiscard]] constexpr T value() const { return sum_ + errors_; }

    constexpr void persist(checkpoint::FieldWalk& walk) {
        walk.over(sum_);
        walk.over(errors_);
    }

private:
    T sum_ = T(0);
    T errors_ = T(0);
};

} // namespace tinymf::observe
