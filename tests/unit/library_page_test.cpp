// SPDX-License-Identifier: Apache-2.0
// Holds the code of docs/library.md; tests/gates/pages_test.py checks that the two are the same.
#include <cstdint>

#include <gtest/gtest.h>

// page begins
#include "tinymf/network/network.hpp"

using Net = tinymf::network::Network<float, 64, tinymf::model::CouplingKind::gaussian>;
static_assert(sizeof(Net) <= 19 * 1024);

Net net; // static storage on a device

float last_of_first_neuron(std::uint64_t seed) {
    tinymf::model::Parameters<float> parameters;
    parameters.gain = 2.0F;
    parameters.seed = seed;
    net.configure(parameters);
    for (int step = 0; step < 100; ++step) {
        net.step();
    }
    return net.state(0)[0];
}
// page ends

TEST(LibraryPage, GivesARepeatableNumber) {
    const float first = last_of_first_neuron(1);
    EXPECT_NE(first, last_of_first_neuron(2));
    EXPECT_EQ(first, last_of_first_neuron(1));
}
