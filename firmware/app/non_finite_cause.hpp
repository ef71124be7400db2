// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "port/fault_record.hpp"
#include "tinymf/model/non_finite.hpp"

namespace tinymf::firmware {

/// The cause by which FAULT tells of a number that left the finite ones.
[[nodiscard]] constexpr FaultCause cause_of(model::Quantity quantity) {
    switch (quantity) {
    case model::Quantity::estimate:
        return FaultCause::estimate_not_finite;
    case model::Quantity::row:
        return FaultCause::row_not_finite;
    case model::Quantity::state:
        break;
    }
    return FaultCause::not_finite;
}

} // namespace tinymf::firmware
