// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstdint>

#include "tinymf/model/parameters.hpp"
#include "tinymf/observe/observation_parameters.hpp"

namespace tinymf::experiment {

/// All that is chosen at run time: the model's parameters and how the run is reported. Reporting
/// never changes a number. See fields.hpp for names and ranges.
template <std::floating_point T>
struct Parameters : model::Parameters<T> {
    std::uint32_t state_every = 10;   ///< steps between STATE frames; 0: none
    std::uint32_t digest_every = 100; ///< steps between DIGEST frames; 0: only the last
    observe::ObservationParameters observation;
};

} // namespace tinymf::experiment
