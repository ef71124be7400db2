// SPDX-License-Identifier: Apache-2.0
// One run: what it tells is the same however it is cut into STEP, START and PAUSE, and a run after
// another has nothing of the one before.
#include "app/run.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <numeric>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "checkpoint_bytes.hpp"
#include "device_bench.hpp"
#include "tinymf/stream/byte_reader.hpp"

namespace tinymf::firmware {
namespace {

using Bytes = std::vector<std::uint8_t>;
using Told = std::vector<std::pair<Kind, Bytes>>;

constexpr std::uint32_t plenty = 1'000'000;

Parameters<float> telling_run(std::uint32_t steps) {
    Parameters<float> parameters;
    parameters.noise = 0.5F;
    parameters.steps = steps;
    parameters.state_every = 3;
    parameters.digest_every = 4;
    return parameters;
}

/// All that frames say, but answers to commands.
Told told(const std::vector<ReceivedFrame>& frames) {
    Told list;
    for (const ReceivedFrame& frame : frames) {
        if (frame.kind != Kind::ack && frame.kind != Kind::configuration) {
            list.emplace_back(frame.kind, frame.payload);
        }
    }
    return list;
}

/// A bench with its commands numbered, and all that was told.
class Host {
public:
    Bench bench;
    Told all{};

    Host() { (void)bench.settle(); }

    /// Opens a session of its own.
    experiment::Refusal configure(const Parameters<float>& parameters,
                                  std::uint32_t credit = plenty, const RunSettings& settings = {}) {
        commands_ = 0;
        bench.use_session(++session_);
        bench.configure(++commands_, parameters, settings);
        bench.credit(credit);
        const auto frames = bench.settle();
        const auto news = told(frames);
        all.insert(all.end(), news.begin(), news.end());
        return answer_in(frames);
    }

    experiment::Refusal command(Kind kind,
                                const std::function<void(stream::ByteWriter&)>& write = {}) {
        bench.command(kind, ++commands_, write);
        const auto frames = bench.settle();
        const auto news = told(frames);
        all.insert(all.end(), news.begin(), news.end());
        return answer_in(frames);
    }

    experiment::Refusal step(std::uint32_t steps) {
        return command(Kind::step, [steps](stream::ByteWriter& payload) { payload.put(steps); });
    }

    void credit(std::uint32_t total) {
        bench.credit(total);
        const auto news = told(bench.settle());
        all.insert(all.end(), news.begin(), news.end());
    }

private:
    std::uint32_t session_ = 0;
    std::uint32_t commands_ = 0;
};

/// What a run tells that is started once and left alone.
Told uninterrupted(const Parameters<float>& parameters) {
    Host host;
    EXPECT_FALSE(host.configure(parameters));
    EXPECT_FALSE(host.command(Kind::start));
    return host.all;
}

TEST(Run, TellsTheSameInPartsAsAtOnce) {
    const auto parameters = telling_run(20);
    const Told expected = uninterrupted(parameters);
    for (std::uint32_t part = 1; part <= 25; ++part) {
        Host host;
        ASSERT_FALSE(host.configure(parameters));
        for (std::uint32_t at = 0; at < 20; at += part) {
            ASSERT_EQ(host.bench.device().engine().step_index(), at);
            ASSERT_FALSE(host.step(part));
        }
        EXPECT_EQ(host.all, expected) << "parts of " << part << " steps";
        EXPECT_EQ(host.bench.device().state(), RunState::ended);
    }
}

TEST(Run, APauseWithinAStepLosesNothingAndTellsNothingTwice) {
    const auto parameters = telling_run(20);
    const Told expected = uninterrupted(parameters);
    for (std::uint32_t credit = 0; credit < expected.size(); ++credit) {
        Host host;
        ASSERT_FALSE(host.configure(parameters, credit));
        ASSERT_FALSE(host.command(Kind::start));
        if (host.bench.device().state() != RunState::running) {
            continue; // only closing frames wait for credit
        }
        ASSERT_FALSE(host.command(Kind::pause));
        EXPECT_EQ(host.bench.device().state(), RunState::paused);
        host.credit(plenty);
        const std::uint32_t paused_at = host.bench.device().engine().step_index();
        EXPECT_LT(paused_at, 20U) << "no step while it is paused";
        ASSERT_FALSE(host.command(Kind::start));
        EXPECT_EQ(host.all, expected) << "credit " << credit;
    }
}

TEST(Run, AStoppedRunTellsTheRestOfItsStepFirst) {
    const auto parameters = telling_run(20);
    const Told expected = uninterrupted(parameters);
    Host host;
    ASSERT_FALSE(host.configure(parameters, 3)); // states 0, 3 and a digest; step 4's digest waits
    ASSERT_FALSE(host.command(Kind::start));
    ASSERT_FALSE(host.command(Kind::stop));
    EXPECT_EQ(host.bench.device().state(), RunState::ended);
    host.credit(plenty);
    EXPECT_EQ(host.all[3], expected[3]);
    EXPECT_EQ(host.all[4].first, Kind::timing);
    EXPECT_EQ(host.all.back().first, Kind::end);
    EXPECT_EQ(host.all.back().second[0], static_cast<std::uint8_t>(stream::EndReason::stopped));
}

TEST(Run, NothingOfOneIsInTheNext) {
    const auto parameters = telling_run(20);
    const Told expected = uninterrupted(parameters);
    Host host;
    ASSERT_FALSE(host.configure(telling_run(7)));
    ASSERT_FALSE(host.command(Kind::start));
    host.all.clear();
    for (int run = 0; run < 2; ++run) {
        ASSERT_FALSE(host.configure(parameters));
        ASSERT_FALSE(host.command(Kind::start));
        EXPECT_EQ(host.all, expected) << "times and counts begin anew";
        host.all.clear();
    }
}

TEST(Run, WhatAnEndedOneStillOwesIsGoneWithIt) {
    const auto parameters = telling_run(20);
    for (const std::uint32_t credit : {0U, 1U, 3U, 14U, 18U}) {
        Host host;
        ASSERT_FALSE(host.configure(parameters, credit));
        ASSERT_FALSE(host.command(Kind::start));
        if (host.bench.device().state() == RunState::running) {
            ASSERT_FALSE(host.command(Kind::stop));
        }
        host.all.clear();
        ASSERT_FALSE(host.configure(parameters));
        EXPECT_TRUE(host.all.empty()) << "credit " << credit;
        ASSERT_FALSE(host.command(Kind::start));
        EXPECT_EQ(host.all, uninterrupted(parameters));
    }
}

TEST(Run, ASnapshotThatNobodyTookIsGoneWithItsRun) {
    Host host;
    ASSERT_FALSE(host.configure(telling_run(20), 0));
    ASSERT_FALSE(host.command(Kind::snapshot));
    ASSERT_FALSE(host.configure(telling_run(20)));
    EXPECT_TRUE(host.all.empty());
    ASSERT_FALSE(host.command(Kind::start));
    EXPECT_EQ(host.all, uninterrupted(telling_run(20)));
}

TEST(Run, ACheckpointIsNotTakenWhileOneIsTold) {
    const auto parameters = telling_run(20);
    experiment::Engine<Model> engine;
    ASSERT_FALSE(checkpoint::configure(engine, parameters));
    checkpoint::run_to(engine, 5);
    const Bytes bytes = checkpoint::take(engine, 64);
    const auto piece = [&bytes](stream::ByteWriter& payload) {
        payload.put(std::uint32_t{0});
        payload.put(static_cast<std::uint32_t>(bytes.size()));
        payload.put(bytes);
    };
    Host host;
    ASSERT_FALSE(host.configure(parameters, 0));
    ASSERT_FALSE(host.command(Kind::snapshot));
    EXPECT_EQ(host.command(Kind::restore, piece),
              (experiment::Refusal{RefusalCode::wrong_state, Field::none}));
    EXPECT_EQ(host.bench.device().engine().step_index(), 0U);
    host.credit(plenty);
    EXPECT_FALSE(host.command(Kind::restore, piece)) << "it was told";
    EXPECT_EQ(host.bench.device().engine().step_index(), 5U);
}

TEST(Run, EveryStepIsInTheTimesOfEveryPhase) {
    Host host;
    ASSERT_FALSE(host.configure(telling_run(20)));
    ASSERT_FALSE(host.command(Kind::start));
    std::uint8_t phase = static_cast<std::uint8_t>(observe::first_step_phase);
    for (const auto& [kind, bytes] : host.all) {
        if (kind == Kind::timing) {
            stream::ByteReader payload(bytes);
            EXPECT_EQ(payload.get<std::uint8_t>(), phase++);
            EXPECT_EQ(payload.get<std::uint32_t>(), 20U) << "samples";
        }
    }
    EXPECT_EQ(phase, observe::work_phase_names.size());
}

TEST(Run, EveryDigestFrameHoldsStepAndBothDigests) {
    const auto parameters = telling_run(20);
    experiment::Engine<Model> engine;
    ASSERT_FALSE(checkpoint::configure(engine, parameters));
    std::uint32_t found = 0;
    for (const auto& [kind, bytes] : uninterrupted(parameters)) {
        if (kind == Kind::digest) {
            stream::ByteReader payload(bytes);
            checkpoint::run_to(engine, 4 * found++);
            EXPECT_EQ(payload.get<std::uint32_t>(), engine.step_index());
            EXPECT_EQ(payload.get<std::uint64_t>(), engine.digest());
            EXPECT_EQ(payload.get<std::uint64_t>(), engine.couplings_digest());
            EXPECT_TRUE(payload.finished());
        }
    }
    EXPECT_EQ(found, 6U) << "steps 0, 4, ..., 20";
}

/// STATE frames hold 126 float32 numbers, or 63 float64.
template <class T, std::size_t N>
void states_are_cut_where_they_must_be() {
    using M = network::Network<T, N, model::CouplingKind::gaussian>;
    constexpr std::size_t most = (512 - 7) / sizeof(T);
    Parameters<T> parameters;
    parameters.replicas = 2;
    parameters.steps = 2;
    parameters.state_every = 1;
    const auto bench = std::make_unique<DeviceBench<M>>();
    (void)bench->settle();
    bench->configure(1, parameters);
    bench->credit(plenty);
    bench->command(Kind::start, 2);
    const auto frames = bench->settle();
    const auto model = std::make_unique<M>();
    model->configure(parameters);
    std::size_t next = 0;
    const auto next_state = [&] {
        while (next < frames.size() && frames[next].kind != Kind::state) {
            ++next;
        }
        EXPECT_LT(next, frames.size());
        return stream::ByteReader(frames[next++].payload);
    };
    for (std::uint32_t step = 0; step <= 2; ++step) {
        for (std::uint8_t replica = 0; replica < 2; ++replica) {
            for (std::size_t first = 0; first < N; first += most) {
                stream::ByteReader payload = next_state();
                ASSERT_EQ(payload.template get<std::uint32_t>(), step);
                ASSERT_EQ(payload.template get<std::uint8_t>(), replica);
                ASSERT_EQ(payload.template get<std::uint16_t>(), first);
                for (std::size_t i = first; i < std::min(first + most, N); ++i) {
                    ASSERT_EQ(payload.template get<T>(), model->state(replica)[i]);
                }
                ASSERT_TRUE(payload.finished());
            }
        }
        model->step();
    }
    EXPECT_EQ(std::count_if(frames.begin(), frames.end(),
                            [](const auto& frame) { return frame.kind == Kind::state; }),
              std::ptrdiff_t{6 * ((N + most - 1) / most)});
}

TEST(StateReport, StatesAreCutWhereTheyMustBe) {
    states_are_cut_where_they_must_be<float, 126>();
    states_are_cut_where_they_must_be<float, 127>();
    states_are_cut_where_they_must_be<float, 260>();
    states_are_cut_where_they_must_be<double, 63>();
    states_are_cut_where_they_must_be<double, 64>();
}

} // namespace
} // namespace tinymf::firmware
