// SPDX-License-Identifier: Apache-2.0
// Checkpoints with one field altered and the closing digest made right again: what cannot be is
// refused and leaves the run at step 0 of its configuration; what can be leads to a state that
// steps on, which the sanitizers watch.
#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <limits>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "checkpoint_bytes.hpp"
#include "tinymf/mean_field/profiles.hpp"
#include "tinymf/network/network.hpp"
#include "tinymf/observe/digest.hpp"
#include "tinymf/observe/observed_network.hpp"

namespace tinymf::checkpoint {
namespace {

using experiment::Parameters;
using experiment::RefusalCode;

constexpr std::size_t piece = 300;

/// The digest that closes a checkpoint, as header.hpp describes it: over each byte before.
void close_again(Bytes& all) {
    observe::Digest digest;
    const std::size_t content = all.size() - digest_bytes;
    for (std::size_t i = 0; i < content; ++i) {
        digest.add(std::uint32_t{all[i]});
    }
    for (std::size_t i = 0; i < digest_bytes; ++i) {
        all[content + i] = static_cast<std::uint8_t>(digest.value() >> (8 * i));
    }
}

template <class V>
void write_at(Bytes& all, std::size_t at, V value) {
    std::memcpy(all.data() + at, &value, sizeof value);
}

template <class M>
class Bench {
public:
    using T = typename M::Scalar;
    using Engine = experiment::Engine<M>;

    Bench(const Parameters<T>& parameters, std::uint32_t step) : parameters_{parameters} {
        const auto engine = configured();
        at_start_ = take(*engine, piece);
        run_to(*engine, step);
        EXPECT_FALSE(engine->fault().found);
        whole_ = take(*engine, piece);
    }

    [[nodiscard]] std::size_t first_field() const { return header_bytes; }
    [[nodiscard]] std::size_t fields_end() const { return whole_.size() - digest_bytes; }

    /// The checkpoint with a value written over some of its bytes.
    template <class V>
    [[nodiscard]] Bytes altered(std::size_t at, V value) const {
        Bytes all = whole_;
        write_at(all, at, value);
        close_again(all);
        return all;
    }

    void expect_refused(const Bytes& all, const std::string& what) const {
        const auto engine = configured();
        EXPECT_EQ(put(*engine, all, piece).code, RefusalCode::bad_snapshot) << what;
        EXPECT_EQ(take(*engine, piece), at_start_) << what << ": not at step 0";
    }

    /// A real that is not finite, at `at`.
    void expect_reals_refused(std::size_t at) const {
        using Limits = std::numeric_limits<T>;
        for (const T value : {Limits::infinity(), -Limits::infinity(), Limits::quiet_NaN()}) {
            expect_refused(altered(at, value), "real at byte " + std::to_string(at));
        }
    }
    void expect_every_real_refused(std::size_t begin, std::size_t end) const {
        for (std::size_t at = begin; at < end; at += sizeof(T)) {
            expect_reals_refused(at);
        }
    }

    /// True when it was taken; then it has gone on to its end or to a fault.
    [[nodiscard]] bool goes_on(const Bytes& all) const {
        const auto engine = configured();
        if (const auto refusal = put(*engine, all, piece)) {
            EXPECT_EQ(refusal.code, RefusalCode::bad_snapshot);
            EXPECT_EQ(engine->step_index(), 0U);
            return false;
        }
        while (!engine->finished() && !engine->fault().found) {
            engine->step();
        }
        return true;
    }

    [[nodiscard]] const Bytes& whole() const { return whole_; }

private:
    [[nodiscard]] std::unique_ptr<Engine> configured() const {
        auto engine = std::make_unique<Engine>();
        EXPECT_FALSE(configure(*engine, parameters_));
        return engine;
    }

    Parameters<T> parameters_;
    Bytes at_start_;
    Bytes whole_;
};

template <class T>
Parameters<T> small(std::uint8_t replicas = 1) {
    Parameters<T> p;
    p.gain = T(1.2F);
    p.noise = T(0.5F);
    p.dt = T(0.1F);
    p.steps = 11;
    p.replicas = replicas;
    return p;
}

using Network = network::Network<float, 9, model::CouplingKind::gaussian>;
using Observed = observe::ObservedNetwork<Network, 8, observe::Covariances::kept>;
using Narrow = mean_field::ForwardSampler<float, 12, 32, std::int16_t>;

Parameters<float> observed_run() {
    auto p = small<float>(2);
    p.steps = 60;
    p.observation = {.observables = observe::all_observables,
                     .sample_every = 2,
                     .after = 4,
                     .block = 13,
                     .lags = 6,
                     .window = 1};
    return p;
}

// Fields of Observed at step 25, 10 samples into the first block, in the order in which the page of
// the format would list them; two replicas, 9 neurons, 6 lags, 4 origins, 8 moments.
constexpr std::size_t state_words = 2 * 9;
constexpr std::size_t moment_words = 8 * 2 + 8;
constexpr std::size_t origin_words = 2 * 4 * 3 * 9;
constexpr std::size_t lags = 6;
constexpr std::size_t covariance_words = 2 * (2 * (45 + 9 + 9) + 8);
constexpr std::size_t tangent_words = 9 + 2 + 1;
constexpr std::size_t terms_at = header_bytes + 4 * (state_words + moment_words + origin_words);
constexpr std::size_t products_at = terms_at + 4 * lags;
constexpr std::size_t settling_at = products_at + 4 * (4 * lags + covariance_words + tangent_words);

TEST(CheckpointFields, RealsThatAreNotFiniteAreRefusedWhereverTheyAre) {
    const Bench<Network> network(
        [] {
            auto p = small<float>(2);
            p.noise_kind = model::NoiseKind::colored;
            return p;
        }(),
        5);
    network.expect_every_real_refused(network.first_field(), network.fields_end());

    const Bench<network::Network<double, 5, model::CouplingKind::gaussian>> wide(small<double>(),
                                                                                 5);
    wide.expect_every_real_refused(wide.first_field(), wide.fields_end());

    const Bench<mean_field::GaussianClosure<float, 12>> closure(small<float>(), 5);
    closure.expect_every_real_refused(closure.first_field(), closure.fields_end());

    const Bench<mean_field::GaussianClosure<float, 12>> power(
        [] {
            auto p = small<float>();
            p.activation = model::ActivationKind::power_law;
            return p;
        }(),
        5);
    power.expect_every_real_refused(power.first_field(), power.fields_end());

    const Bench<mean_field::ForwardSampler<float, 12, 32>> tangents(
        [] {
            auto p = small<float>();
            p.reciprocity = 0.5F;
            p.noise = 0.0F;
            return p;
        }(),
        5);
    tangents.expect_every_real_refused(tangents.first_field(), tangents.fields_end());

    const Bench<mean_field::LinearClosure<double, 12>> linear(
        [] {
            auto p = small<double>();
            p.activation = model::ActivationKind::linear;
            p.gain = 0.5;
            return p;
        }(),
        5);
    linear.expect_every_real_refused(linear.first_field(), linear.fields_end());

    const Bench<mean_field::ForwardSampler<float, 12, 32>> forward(
        [] {
            auto p = small<float>(2);
            p.reciprocity = 0.5F;
            return p;
        }(),
        17);
    forward.expect_every_real_refused(forward.first_field(), forward.fields_end());
}

TEST(CheckpointFields, SumsAndEstimatesThatAreNotFiniteAreRefused) {
    const Bench<Observed> bench(observed_run(), 25);
    ASSERT_EQ(settling_at + 2 * sizeof(float) + 8, bench.fields_end());
    bench.expect_every_real_refused(bench.first_field(), terms_at);
    bench.expect_every_real_refused(products_at, settling_at + 2 * sizeof(float));
}

TEST(CheckpointFields, CountsMustBeThoseOfTheStep) {
    const Bench<Observed> bench(observed_run(), 25);
    for (std::size_t lag = 0; lag < lags; ++lag) {
        std::uint32_t terms = 0;
        const std::size_t at = terms_at + 4 * lag;
        std::memcpy(&terms, bench.whole().data() + at, sizeof terms);
        // Ten samples, origins from the samples 0, 1, 3 and 4 on, each at the age `lag` mod 6.
        std::uint32_t expected = 0;
        for (const std::uint32_t first : {0U, 1U, 3U, 4U}) {
            for (std::uint32_t k = first; k < 10; ++k) {
                expected += 2U * ((k - first) % 6 == lag ? 1U : 0U);
            }
        }
        EXPECT_EQ(terms, expected) << "lag " << lag;
        for (const std::uint32_t wrong : {0U, expected - 1, expected + 1, 0xFFFFFFFFU}) {
            bench.expect_refused(bench.altered(at, wrong), "terms of lag " + std::to_string(lag));
        }
    }
    EXPECT_TRUE(bench.goes_on(bench.whole()));
    const std::size_t unsettled_at = settling_at + sizeof(float);
    for (const float possible : {0.0F, 1.0F, 20.0F}) {
        EXPECT_TRUE(bench.goes_on(bench.altered(unsettled_at, possible))) << possible;
    }
    for (const float wrong : {-1.0F, 0.5F, 20.5F, 21.0F, 1e9F, 1e30F}) {
        bench.expect_refused(bench.altered(unsettled_at, wrong),
                             "unsettled " + std::to_string(wrong));
    }
    bench.expect_refused(bench.altered(settling_at, -0.5F), "a residual below zero");
}

TEST(CheckpointFields, FlagsAreZeroOrOne) {
    const Bench<mean_field::StationaryRun<float>> bench(small<float>(), 5);
    const std::size_t flags_at = bench.first_field() + 3 * sizeof(float);
    ASSERT_EQ(flags_at + 2, bench.fields_end());
    bench.expect_every_real_refused(bench.first_field(), flags_at);
    for (std::size_t at = flags_at; at < flags_at + 2; ++at) {
        for (const auto flag : {std::uint8_t{0}, std::uint8_t{1}}) {
            EXPECT_TRUE(bench.goes_on(bench.altered(at, flag)));
        }
        for (const int wrong : {2, 3, 0x80, 0xFF}) {
            bench.expect_refused(bench.altered(at, static_cast<std::uint8_t>(wrong)), "flag");
        }
    }
}

// At step 7 of two populations of 12 points, 32 paths: 8 rows of outputs and 7 of draws in 16 bits.
TEST(CheckpointFields, SixteenBitHistoriesNeverHoldTheLowestNumber) {
    const Bench<Narrow> bench(small<float>(2), 7);
    const std::size_t histories_end = bench.first_field() + 2 * 32 * (8 + 7);
    constexpr auto lowest = std::numeric_limits<std::int16_t>::min();
    for (std::size_t at = bench.first_field(); at < histories_end; at += 2) {
        bench.expect_refused(bench.altered(at, lowest), "history at " + std::to_string(at));
    }
    for (const int possible : {-32767, 0, 32767}) {
        EXPECT_TRUE(bench.goes_on(
            bench.altered(bench.first_field() + 40, static_cast<std::int16_t>(possible))));
    }
    const std::size_t count_at = bench.fields_end() - 12;
    bench.expect_every_real_refused(histories_end, count_at);
    // At most 2 x 32 numbers a step were kept, in 8 steps, and nothing after step 7.
    for (const std::uint64_t possible : {0U, 1U, 2U * 32U * 8U}) {
        EXPECT_TRUE(bench.goes_on(bench.altered(count_at, possible))) << possible;
    }
    bench.expect_refused(bench.altered(count_at, std::uint64_t{2U * 32U * 8U + 1U}), "count");
    bench.expect_refused(bench.altered(count_at, ~std::uint64_t{0}), "count");
    bench.expect_refused(bench.altered(count_at + 8, std::uint32_t{1}), "a step without a count");
    Bytes counted = bench.altered(count_at, std::uint64_t{3});
    for (const auto& [step, taken] : {std::pair{7U, true}, std::pair{8U, false}}) {
        write_at(counted, count_at + 8, step);
        close_again(counted);
        EXPECT_EQ(bench.goes_on(counted), taken) << step;
    }
}

/// One random value in one random place, of bits at random or of those that do harm.
template <class M>
void survives_random_fields(const std::string& name, const Bench<M>& bench, int draws) {
    std::mt19937 random(20261129); // NOLINT: the same draws in every run
    constexpr std::array<std::uint64_t, 12> nasty{0,
                                                  1,
                                                  2,
                                                  0x8000,
                                                  0xFFFF,
                                                  0x7F7FFFFF,
                                                  0xFF7FFFFF,
                                                  0x80000000,
                                                  0xFFFFFFFF,
                                                  0x7FEFFFFFFFFFFFFF,
                                                  0x8000000000000000,
                                                  0xFFFFFFFFFFFFFFFF};
    const std::size_t size = bench.fields_end() - bench.first_field();
    int taken = 0;
    for (int draw = 0; draw < draws; ++draw) {
        const std::size_t width = std::size_t{1} << (random() % 4);
        const std::size_t at =
            bench.first_field() + random() % ((size - width) / width + 1) * width;
        const std::uint64_t value = random() % 3 == 0 ? std::uint64_t{random()} << 32U | random()
                                                      : nasty[random() % nasty.size()];
        Bytes all = bench.whole();
        std::memcpy(all.data() + at, &value, width);
        close_again(all);
        taken += bench.goes_on(all) ? 1 : 0;
    }
    std::printf("%s: %d of %d altered checkpoints were taken and went on\n", name.c_str(), taken,
                draws);
    EXPECT_GT(taken, 0);
    EXPECT_LT(taken, draws);
}

TEST(CheckpointFields, WhatIsTakenStepsOn) {
    constexpr int draws = 300;
    constexpr int expensive = 40; // each is solved anew
    survives_random_fields("network", Bench<Network>(small<float>(2), 5), draws);
    survives_random_fields("observed network", Bench<Observed>(observed_run(), 25), draws);
    survives_random_fields("observed network after a block", Bench<Observed>(observed_run(), 31),
                           draws);
    survives_random_fields("fixed16", Bench<Narrow>(small<float>(2), 7), draws);
    survives_random_fields(
        "forward", Bench<mean_field::ForwardSampler<double, 12, 32>>(small<double>(2), 7), draws);
    for (const auto activation :
         {model::ActivationKind::tanh, model::ActivationKind::relu, model::ActivationKind::erf}) {
        auto p = small<float>();
        p.activation = activation;
        survives_random_fields("closure", Bench<mean_field::GaussianClosure<float, 12>>(p, 5),
                               draws);
        p.gain = 1.1F;
        survives_random_fields("stationary", Bench<mean_field::StationaryRun<float>>(p, 5),
                               expensive);
    }
}

} // namespace
} // namespace tinymf::checkpoint
