// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "tinymf/experiment/model_contract.hpp"
#include "tinymf/experiment/parameters.hpp"
#include "tinymf/experiment/validation.hpp"
#include "tinymf/observe/digest.hpp"

namespace tinymf::golden {

using experiment::Parameters;

/// The digest of a scenario at one step: what every build must reproduce. Zero where the state has
/// left the finite numbers, as it may in a must-fail row.
struct Checkpoint {
    std::uint32_t step;
    std::uint64_t digest;
    std::uint64_t couplings;
};

constexpr bool is_checkpoint(std::uint32_t step, std::uint32_t last) {
    return step == 1 || step == 10 || step == 100 || step == 1000 || step == last;
}

/// Runs `model` for its parameters' steps and calls emit(Checkpoint) at steps 1, 10, 100, 1000 and
/// the last. `sabotage(model)` runs after configuration: the must-fail rows flip a bit there.
template <class M, class Emit, class Sabotage>
void run(M& model, const Parameters<typename M::Scalar>& parameters, Sabotage&& sabotage,
         Emit&& emit) {
    TINYMF_ASSERT(!experiment::validate(parameters));
    model.configure(parameters);
    if constexpr (experiment::ObservingModel<M>) {
        model.observe(parameters.observation);
    }
    sabotage(model);
    const std::uint64_t couplings = model.couplings_digest();
    observe::Digest digest;
    model.digest_into(digest);
    for (std::uint32_t step = 1; step <= parameters.steps; ++step) {
        model.step();
        model.digest_into(digest);
        if constexpr (experiment::ObservingModel<M>) {
            digest.add(model.observations_digest());
        }
        if (is_checkpoint(step, parameters.steps)) {
            const bool finite = !model.first_non_finite().found;
            emit(Checkpoint{step, finite ? digest.value() : 0, couplings});
        }
    }
}

/// Name of a scenario in at most five parts, printed with '/' between them.
struct Name {
    std::array<std::string_view, 4> parts{};
};

} // namespace tinymf::golden
