// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "recording/recording.hpp"

namespace tinymf::host {

/// The first word in which two runs differ.
struct StateDifference {
    std::uint32_t step = 0;
    std::uint8_t channel = 0;  ///< of the recording: replica, estimate, or array
    std::uint32_t element = 0; ///< neuron, or column of the array's row
    double recorded = 0.0;
    double expected = 0.0;
    std::uint64_t ulps = 0; ///< representable numbers from one to the other
};

/// The first rolling digest that disagrees, where no recorded state shows which word it was; or the
/// first digest of the couplings.
struct DigestDifference {
    std::uint32_t step = 0;
    std::uint64_t recorded = 0;
    std::uint64_t expected = 0;
};

/// Numbers of 16-bit path histories that were held in one run and not in the other, or elsewhere.
struct SaturationDifference {
    std::optional<stream::SaturationFrame> recorded;
    std::optional<stream::SaturationFrame> expected;
};

/// A run that became NaN or infinite in another place than the other, or alone.
struct FaultDifference {
    std::optional<RecordedFault> recorded;
    std::optional<RecordedFault> expected;
};

/// Outcome of holding a recorded run against another run of the same experiment, word by word.
struct BitComparison {
    /// Steps that were compared: one by one as states, all up to a step by an equal digest.
    std::uint64_t steps_checked = 0;
    std::uint64_t states_checked = 0;
    std::uint64_t digests_checked = 0;
    std::uint64_t checkpoints_checked = 0; ///< all of their evolving fields equal
    std::optional<StateDifference> state_difference;
    std::optional<DigestDifference> digest_difference;
    std::optional<DigestDifference> couplings_difference;
    std::optional<std::uint32_t> checkpoint_difference; ///< step of the first that disagrees
    std::optional<SaturationDifference> saturation_difference;
    std::optional<FaultDifference> fault_difference;
    /// What END said of a run that ended otherwise.
    std::optional<stream::EndReason> end_difference;

    [[nodiscard]] bool differs() const {
        return state_difference || digest_difference || couplings_difference ||
               checkpoint_difference || saturation_difference || fault_difference || end_difference;
    }

    /// Nothing differs, and something was compared.
    [[nodiscard]] bool passed() const {
        return !differs() && digests_checked + states_checked + checkpoints_checked > 0;
    }
};

/// "step 140, replica 0, neuron 11", or "row 5 of Cx, column 3, population 0".
[[nodiscard]] std::string place_of(const StateDifference& difference, const Recording& recording);

/// "none expected; 3 numbers of 16-bit path histories saturated, the first at step 7".
[[nodiscard]] std::string to_text(const SaturationDifference& difference);

/// "every number finite; expected: the state of neuron 3, replica 0, became ...".
[[nodiscard]] std::string to_text(const FaultDifference& difference);

/// How many numbers of the scalar lie between the two, the second included: 0 when equal.
[[nodiscard]] std::uint64_t ulp_distance(double a, double b, experiment::ScalarKind scalar);

/// Bit for bit on the states, estimates, digests and checkpoints that both captures hold, on what
/// saturated, and on the place where they became NaN or infinite. Throws HostError (exit_bad_input)
/// when they are not runs of the same experiment and profile.
[[nodiscard]] BitComparison compare_recordings(const Recording& recording, const Recording& other);

} // namespace tinymf::host
