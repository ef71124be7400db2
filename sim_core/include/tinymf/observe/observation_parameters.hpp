// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "tinymf/observe/observable.hpp"

namespace tinymf::observe {

/// What a run estimates, and when. Sample k = 1, 2, ... is taken at step after + k sample_every;
/// every `block` samples make one set of estimates, and the sums begin anew. Averaging and error
/// bars over blocks are the host's.
struct ObservationParameters {
    ObservableSet observables = 0;
    std::uint32_t sample_every = 10; ///< steps
    std::uint32_t after = 0;         ///< steps before the first sampling interval
    std::uint32_t block = 256;       ///< samples
    std::uint16_t lags = 32;         ///< of correlations and responses
    /// Samples whose mean enters the covariances as one; their covariance is then multiplied by
    /// the length of the window in tau. 1: equal-time covariances.
    std::uint32_t window = 1;

    friend constexpr bool operator==(const ObservationParameters&,
                                     const ObservationParameters&) = default;

    [[nodiscard]] constexpr bool asks_for(Observable observable) const {
        return contains(observables, observable);
    }

    /// Whether a network of so many replicas sends the array at the end of a block.
    [[nodiscard]] constexpr bool asks_for(ObservedArray array, std::size_t replicas) const {
        const ObservedArrayFacts& facts = facts_of(array);
        return asks_for(facts.observable) && (!facts.of_second_replica || replicas > 1);
    }

    [[nodiscard]] constexpr bool samples_at(std::uint32_t step) const {
        return observables != 0 && step > after && (step - after) % sample_every == 0;
    }

    /// Of the sample at `step`, within its block.
    [[nodiscard]] constexpr std::uint32_t sample_in_block(std::uint32_t step) const {
        return ((step - after) / sample_every - 1U) % block;
    }

    /// Of the block of the latest sample, those taken up to `step`.
    [[nodiscard]] constexpr std::uint32_t samples_in_block(std::uint32_t step) const {
        const std::uint32_t samples = step > after ? (step - after) / sample_every : 0;
        return samples == 0 ? 0 : (samples - 1U) % block + 1U;
    }

    [[nodiscard]] constexpr bool ends_block(std::uint32_t step) const {
        return samples_at(step) && sample_in_block(step) == block - 1U;
    }
};

} // namespace tinymf::observe
