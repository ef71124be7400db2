// SPDX-License-Identifier: Apache-2.0
#include "tinymf/checkpoint/header.hpp"

#include <array>
#include <cstdint>
#include <set>
#include <vector>

#include <gtest/gtest.h>

namespace tinymf::checkpoint {
namespace {

using Bytes = std::vector<std::uint8_t>;
using P = experiment::Parameters<float>;

/// Another value for each parameter that the numbers of a run depend on.
const std::vector<void (*)(P&)> changes{
    [](P& p) { p.activation = model::ActivationKind::erf; },
    [](P& p) { p.exponent = 0.5F; },
    [](P& p) { p.pade_numerator.front() = 2.0F; },
    [](P& p) { p.pade_numerator.back() = 2.0F; },
    [](P& p) { p.pade_denominator.front() = 2.0F; },
    [](P& p) { p.pade_denominator.back() = 2.0F; },
    [](P& p) { p.gain = 1.25F; },
    [](P& p) { p.reciprocity = 0.5F; },
    [](P& p) { p.noise = 0.25F; },
    [](P& p) { p.noise_kind = model::NoiseKind::colored; },
    [](P& p) { p.noise_time = 2.0F; },
    [](P& p) { p.noise_hold = 3; },
    [](P& p) { p.dt = 0.0625F; },
    [](P& p) { p.steps = 1999; },
    [](P& p) { p.integrator = model::IntegratorKind::heun; },
    [](P& p) { p.seed = 2; },
    [](P& p) { p.seed += std::uint64_t{1} << 32U; },
    [](P& p) { p.initial = model::InitialKind::uniform; },
    [](P& p) { p.initial_scale = 0.5F; },
    [](P& p) { p.stimulus = model::StimulusKind::sine; },
    [](P& p) { p.stimulus_amplitude = 0.5F; },
    [](P& p) { p.stimulus_frequency = 0.5F; },
    [](P& p) { p.stimulus_onset = 0.5F; },
    [](P& p) { p.replicas = 2; },
    [](P& p) { p.observation.observables = 1; },
    [](P& p) { p.observation.sample_every = 11; },
    [](P& p) { p.observation.after = 1; },
    [](P& p) { p.observation.block = 255; },
    [](P& p) { p.observation.lags = 31; },
    [](P& p) { p.observation.window = 2; },
};

TEST(CheckpointHeader, EveryParameterOfTheNumbersIsPartOfTheIdentity) {
    std::set<std::uint64_t> digests{digest_of_parameters(P{})};
    for (const auto& change : changes) {
        P parameters;
        change(parameters);
        digests.insert(digest_of_parameters(parameters));
    }
    EXPECT_EQ(digests.size(), changes.size() + 1) << "all differ";
}

/// Moved between boards of different versions, so the very value counts: the digest of the words as
/// they follow each other on the wire, each number a word of its own, seed and doubles two.
TEST(CheckpointHeader, TheIdentityOfParametersIsTheDigestOfTheirWords) {
    P p;
    for (const auto& change : changes) {
        change(p);
    }
    observe::Digest digest;
    digest.add(static_cast<std::uint32_t>(p.activation));
    digest.add(p.exponent);
    for (const float coefficient : p.pade_numerator) {
        digest.add(coefficient);
    }
    for (const float coefficient : p.pade_denominator) {
        digest.add(coefficient);
    }
    for (const float real : {p.gain, p.reciprocity, p.noise}) {
        digest.add(real);
    }
    digest.add(static_cast<std::uint32_t>(p.noise_kind));
    digest.add(p.noise_time);
    digest.add(p.noise_hold);
    digest.add(p.dt);
    digest.add(p.steps);
    digest.add(static_cast<std::uint32_t>(p.integrator));
    digest.add(p.seed);
    digest.add(static_cast<std::uint32_t>(p.initial));
    digest.add(p.initial_scale);
    digest.add(static_cast<std::uint32_t>(p.stimulus));
    for (const float real : {p.stimulus_amplitude, p.stimulus_frequency, p.stimulus_onset}) {
        digest.add(real);
    }
    digest.add(std::uint32_t{p.replicas});
    digest.add(std::uint32_t{0}); // how often the run reports states
    digest.add(std::uint32_t{0}); // and digests
    digest.add(std::uint32_t{p.observation.observables});
    digest.add(p.observation.sample_every);
    digest.add(p.observation.after);
    digest.add(p.observation.block);
    digest.add(std::uint32_t{p.observation.lags});
    digest.add(p.observation.window);
    EXPECT_EQ(digest_of_parameters(p), digest.value());
}

TEST(CheckpointHeader, HowOftenARunReportsIsNoPartOfIt) {
    P parameters;
    parameters.state_every += 1;
    EXPECT_EQ(digest_of_parameters(parameters), digest_of_parameters(P{}));
    parameters = {};
    parameters.digest_every += 1;
    EXPECT_EQ(digest_of_parameters(parameters), digest_of_parameters(P{}));
}

TEST(CheckpointHeader, TheLawIsTheCouplingOfANetworkAndTheMethodOfAMeanField) {
    experiment::ProfileInfo profile{
        .kind = experiment::ModelKind::network,
        .scalar = experiment::ScalarKind::float64,
        .coupling = model::CouplingKind::sign,
        .method = mean_field::Method::stationary,
        .replicas = 2,
        .neurons = 24,
        .trajectories = 7,
        .path_bits = 16,
    };
    const Identity network = identity_of(profile, 11, 12);
    EXPECT_EQ(network, (Identity{.kind = 0,
                                 .scalar = 1,
                                 .law = static_cast<std::uint8_t>(model::CouplingKind::sign),
                                 .path_bits = 16,
                                 .neurons = 24,
                                 .trajectories = 7,
                                 .parameters = 11,
                                 .couplings = 12}));
    profile.kind = experiment::ModelKind::mean_field;
    const Identity mean_field = identity_of(profile, 11, 12);
    EXPECT_EQ(mean_field.kind, 1);
    EXPECT_EQ(mean_field.law, static_cast<std::uint8_t>(mean_field::Method::stationary));
}

const Header sample{.identity = {.kind = 1,
                                 .scalar = 1,
                                 .law = 2,
                                 .path_bits = 16,
                                 .neurons = 0x0304,
                                 .trajectories = 0x05060708,
                                 .parameters = 0x1112131415161718,
                                 .couplings = 0x2122232425262728},
                    .step = 0x31323334,
                    .digest = 0x4142434445464748,
                    .held_input = 0x5152535455565758,
                    .state_bytes = 0x61626364};

Bytes written(const Header& header) {
    std::array<std::uint8_t, 64> memory{};
    stream::ByteWriter writer(memory);
    write(writer, header);
    EXPECT_TRUE(writer.ok());
    return {writer.written().begin(), writer.written().end()};
}

TEST(CheckpointHeader, HasThePublishedLayout) {
    EXPECT_EQ(written(sample),
              (Bytes{'T',  'M',  'F',  'C',  1,    0,    1,    1,    2,    16,   0x04, 0x03,
                     0x08, 0x07, 0x06, 0x05, 0x18, 0x17, 0x16, 0x15, 0x14, 0x13, 0x12, 0x11,
                     0x28, 0x27, 0x26, 0x25, 0x24, 0x23, 0x22, 0x21, 0x34, 0x33, 0x32, 0x31,
                     0x48, 0x47, 0x46, 0x45, 0x44, 0x43, 0x42, 0x41, 0x58, 0x57, 0x56, 0x55,
                     0x54, 0x53, 0x52, 0x51, 0x64, 0x63, 0x62, 0x61}));
    EXPECT_EQ(written(sample).size(), header_bytes);
}

TEST(CheckpointHeader, IsReadOnlyWholeAndOnlyFromACheckpoint) {
    const Bytes bytes = written(sample);
    EXPECT_EQ(read_header(bytes), sample);
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        EXPECT_FALSE(read_header(std::span(bytes).first(size))) << size << " bytes";
    }
    for (std::size_t at = 0; at < 6; ++at) { // magic and version
        Bytes other = bytes;
        other[at] ^= 1U;
        EXPECT_FALSE(read_header(other)) << "byte " << at;
    }
}

} // namespace
} // namespace tinymf::checkpoint
