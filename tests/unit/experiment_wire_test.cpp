// SPDX-License-Identifier: Apache-2.0
#include "tinymf/experiment/wire.hpp"

#include <array>
#include <bit>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include <gtest/gtest.h>

namespace tinymf::experiment {
namespace {

using Bytes = std::vector<std::uint8_t>;

/// No field has its default, and no two reals are alike.
template <class T>
Parameters<T> sample() {
    Parameters<T> p;
    p.activation = model::ActivationKind::pade;
    p.exponent = T(1.25);
    p.pade_numerator = {T(2.25), T(3.25), T(4.25), T(5.25)};
    p.pade_denominator = {T(6.25), T(7.25), T(8.25), T(9.25)};
    p.gain = T(10.25);
    p.reciprocity = T(-0.25);
    p.noise = T(12.25);
    p.noise_kind = model::NoiseKind::frozen;
    p.noise_time = T(13.25);
    p.noise_hold = 0x01020304;
    p.dt = T(0.125);
    p.steps = 0x11121314;
    p.integrator = model::IntegratorKind::rk4;
    p.seed = 0x2122232425262728;
    p.initial = model::InitialKind::zero;
    p.initial_scale = T(14.25);
    p.stimulus = model::StimulusKind::live;
    p.stimulus_amplitude = T(-15.25);
    p.stimulus_frequency = T(16.25);
    p.stimulus_onset = T(17.25);
    p.replicas = 0x31;
    p.state_every = 0x41424344;
    p.digest_every = 0x51525354;
    p.observation = {.observables = 0x61,
                     .sample_every = 0x71727374,
                     .after = 0x01828384,
                     .block = 0x11929394,
                     .lags = 0x2122,
                     .window = 0x31323334};
    return p;
}

/// The published order, byte by byte.
template <class T>
Bytes image() {
    using Bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
    Bytes bytes;
    const auto whole = [&bytes](std::uint64_t value, std::size_t size) {
        for (std::size_t i = 0; i < size; ++i) {
            bytes.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
        }
    };
    const auto reals = [&whole](std::initializer_list<double> values) {
        for (const double value : values) {
            whole(std::bit_cast<Bits>(static_cast<T>(value)), sizeof(T));
        }
    };
    whole(5, 1); // pade
    reals({1.25, 2.25, 3.25, 4.25, 5.25, 6.25, 7.25, 8.25, 9.25, 10.25, -0.25, 12.25});
    whole(2, 1); // frozen
    reals({13.25});
    whole(0x01020304, 4);
    reals({0.125});
    whole(0x11121314, 4);
    whole(3, 1); // rk4
    whole(0x2122232425262728, 8);
    whole(2, 1); // zero
    reals({14.25});
    whole(4, 1); // live
    reals({-15.25, 16.25, 17.25});
    whole(0x31, 1);
    whole(0x41424344, 4);
    whole(0x51525354, 4);
    whole(0x61, 1);
    whole(0x71727374, 4);
    whole(0x01828384, 4);
    whole(0x11929394, 4);
    whole(0x2122, 2);
    whole(0x31323334, 4);
    return bytes;
}

template <class T>
class Wire : public testing::Test {};
using Scalars = testing::Types<float, double>;
TYPED_TEST_SUITE(Wire, Scalars);

TYPED_TEST(Wire, HasThePublishedLayout) {
    std::array<std::uint8_t, 512> memory{};
    stream::ByteWriter writer(memory);
    write(writer, sample<TypeParam>());
    ASSERT_TRUE(writer.ok());
    EXPECT_EQ(Bytes(writer.written().begin(), writer.written().end()), image<TypeParam>());
}

TYPED_TEST(Wire, EveryFieldIsReadBack) {
    const Bytes bytes = image<TypeParam>();
    stream::ByteReader reader(bytes);
    const auto p = read_parameters<TypeParam>(reader);
    ASSERT_TRUE(reader.finished());
    const auto q = sample<TypeParam>();
    EXPECT_EQ(p.activation, q.activation);
    EXPECT_EQ(p.exponent, q.exponent);
    EXPECT_EQ(p.pade_numerator, q.pade_numerator);
    EXPECT_EQ(p.pade_denominator, q.pade_denominator);
    EXPECT_EQ(p.gain, q.gain);
    EXPECT_EQ(p.reciprocity, q.reciprocity);
    EXPECT_EQ(p.noise, q.noise);
    EXPECT_EQ(p.noise_kind, q.noise_kind);
    EXPECT_EQ(p.noise_time, q.noise_time);
    EXPECT_EQ(p.noise_hold, q.noise_hold);
    EXPECT_EQ(p.dt, q.dt);
    EXPECT_EQ(p.steps, q.steps);
    EXPECT_EQ(p.integrator, q.integrator);
    EXPECT_EQ(p.seed, q.seed);
    EXPECT_EQ(p.initial, q.initial);
    EXPECT_EQ(p.initial_scale, q.initial_scale);
    EXPECT_EQ(p.stimulus, q.stimulus);
    EXPECT_EQ(p.stimulus_amplitude, q.stimulus_amplitude);
    EXPECT_EQ(p.stimulus_frequency, q.stimulus_frequency);
    EXPECT_EQ(p.stimulus_onset, q.stimulus_onset);
    EXPECT_EQ(p.replicas, q.replicas);
    EXPECT_EQ(p.state_every, q.state_every);
    EXPECT_EQ(p.digest_every, q.digest_every);
    EXPECT_EQ(p.observation, q.observation);
}

TYPED_TEST(Wire, NoConfigurationIsReadFromAPartOfOne) {
    const Bytes bytes = image<TypeParam>();
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        stream::ByteReader reader(std::span<const std::uint8_t>(bytes).first(size));
        (void)read_parameters<TypeParam>(reader);
        EXPECT_FALSE(reader.ok()) << size << " of " << bytes.size() << " bytes";
    }
}

/// Wherever a real lies, one that is not finite is found.
TYPED_TEST(Wire, NoConfigurationHoldsARealThatIsNotFinite) {
    using Bits = std::conditional_t<sizeof(TypeParam) == 4, std::uint32_t, std::uint64_t>;
    const Bytes sound = image<TypeParam>();
    const auto exponent =
        std::bit_cast<Bits>(std::numeric_limits<TypeParam>::infinity()); // all ones above all zeros
    std::size_t reals = 0;
    for (std::size_t at = 0; at + sizeof(TypeParam) <= sound.size(); ++at) {
        Bytes bytes = sound;
        for (std::size_t i = 0; i < sizeof(TypeParam); ++i) {
            bytes[at + i] = static_cast<std::uint8_t>(exponent >> (8 * i));
        }
        stream::ByteReader reader(bytes);
        (void)read_parameters<TypeParam>(reader);
        reals += reader.ok() ? 0 : 1;
    }
    EXPECT_EQ(reals, 18U);
}

} // namespace
} // namespace tinymf::experiment
