// SPDX-License-Identifier: Apache-2.0
#include "capture/run_end.hpp"

#include <string_view>

#include <fmt/format.h>

#include "tinymf/mean_field/two_time_row.hpp"
#include "tinymf/observe/observable.hpp"

namespace tinymf::host {
namespace {

using firmware::FaultCause;

/// "an estimate", by the name of its array.
std::string name_of_vector(const RecordedFault& fault) {
    const std::size_t vector = fault.vector();
    if (fault.cause == FaultCause::estimate_not_finite &&
        vector < observe::observed_arrays.size()) {
        return fmt::format("the estimate {}", observe::observed_arrays[vector].name);
    }
    if (fault.cause == FaultCause::row_not_finite && vector < mean_field::two_time_names.size()) {
        return fmt::format("the row of {}", mean_field::two_time_names[vector]);
    }
    return "a number";
}

/// What the elements of the array are.
std::string_view name_of_element(const RecordedFault& fault) {
    using enum observe::ObservedArray;
    if (fault.cause == FaultCause::row_not_finite) {
        return "column";
    }
    switch (static_cast<observe::ObservedArray>(fault.vector())) {
    case cx:
    case cphi:
    case rx:
    case rphi:
        return "lag";
    default:
        return "element";
    }
}

} // namespace

bool belongs_to(const RecordedFault& fault, const experiment::ProfileInfo& profile,
                const experiment::Parameters<double>& parameters) {
    const bool network = profile.kind == experiment::ModelKind::network;
    switch (fault.cause) {
    case FaultCause::not_finite:
        return network && fault.vector() < parameters.replicas && fault.element() < profile.neurons;
    case FaultCause::estimate_not_finite:
        return network && fault.vector() < observe::observed_arrays.size() &&
               fault.element() <
                   observe::size_of(static_cast<observe::ObservedArray>(fault.vector()),
                                    profile.neurons, parameters.observation.lags);
    case FaultCause::row_not_finite:
        return !network && fault.vector() < mean_field::two_time_names.size() &&
               fault.element() <= parameters.steps;
    default:
        return false;
    }
}

std::string to_text(const RecordedFault& fault) {
    if (fault.cause == FaultCause::not_finite) {
        return fmt::format("the state of neuron {}, replica {}, became NaN or infinite at step {}",
                           fault.element(), fault.vector(), fault.step);
    }
    return fmt::format("{}, {} {}, became NaN or infinite at step {}", name_of_vector(fault),
                       name_of_element(fault), fault.element(), fault.step);
}

} // namespace tinymf::host
