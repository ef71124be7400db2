// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "plan/budgets.hpp"

namespace tinymf::host {

/// Counts by name, for a sum of them; one that is missing leaves the sum without a result.
class CountSum {
public:
    /// `counted` must outlive this.
    explicit CountSum(const CountedInstructions& counted) : counted_{counted} {}

    double operator()(std::string_view name) {
        const auto found = counted_.counts.find(name);
        complete_ = complete_ && found != counted_.counts.end();
        return complete_ ? found->second : 0.0;
    }

    /// `sum` where no count was missing.
    template <class Sum>
    [[nodiscard]] std::optional<Sum> result(const Sum& sum) const {
        return complete_ ? std::optional(sum) : std::nullopt;
    }

private:
    const CountedInstructions& counted_;
    bool complete_ = true;
};

} // namespace tinymf::host
