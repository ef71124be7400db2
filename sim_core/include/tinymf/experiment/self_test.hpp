// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "tinymf/model/parameters.hpp"
#include "tinymf/network/network.hpp"
#include "tinymf/numeric/arithmetic_probe.hpp"
#include "tinymf/numeric/self_test.hpp"
#include "tinymf/observe/digest.hpp"
#include "tinymf/random/known_answers.hpp"
#include "tinymf/random/philox.hpp"

namespace tinymf::experiment {

/// What a target computes where every target must compute the same; the answers are golden.
struct SelfTestResult {
    std::uint32_t functions = 0; ///< digest of the elementary functions, see numeric/self_test.hpp
    std::uint64_t network = 0;   ///< digest of 100 noisy steps of an 8-neuron network
    bool generator = false;      ///< Philox gives its published known answers
    // Where the arithmetic itself is another, no network is run: its digest is then 0.

    static constexpr std::uint32_t expected_functions = numeric::numeric_self_test_expected<float>;
    static constexpr std::uint64_t expected_network = 0xA3EC981BDD896B70U;

    [[nodiscard]] constexpr bool passed() const {
        return generator && functions == expected_functions && network == expected_network;
    }
};

namespace detail {

[[nodiscard]] inline std::uint64_t digest_of_network() {
    model::Parameters<float> parameters;
    parameters.gain = 2.0F;
    parameters.noise = 0.5F;
    parameters.integrator = model::IntegratorKind::heun;
    network::Network<float, 8, model::CouplingKind::gaussian, 1> network;
    network.configure(parameters);
    observe::Digest digest;
    for (int step = 0; step < 100; ++step) {
        network.step();
        network.digest_into(digest);
    }
    return digest.value();
}

} // namespace detail

/// Runs on any target in well under a second. Stack: about 1 KiB for the network.
[[nodiscard]] inline SelfTestResult run_self_test() {
    const auto* answers = &random::philox_known_answers;
    asm("" : "+r"(answers)); // otherwise the generator would be tested in the compiler
    return {.functions = numeric::numeric_self_test_digest<float>(),
            .network = numeric::arithmetic_is_trusted<float>() ? detail::digest_of_network() : 0,
            .generator = random::gives_known_answers(*answers)};
}

} // namespace tinymf::experiment
