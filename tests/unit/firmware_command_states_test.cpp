// SPDX-License-Identifier: Apache-2.0
// Which command is in place in which state of a run.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <gtest/gtest.h>

#include "app/application.hpp"
#include "checkpoint_bytes.hpp"
#include "device_bench.hpp"

namespace tinymf::firmware {
namespace {

/// The first bytes of a checkpoint of a run at step 0.
CheckpointPiece first_piece(const Parameters<float>& parameters) {
    experiment::Engine<Model> engine;
    EXPECT_FALSE(checkpoint::configure(engine, parameters));
    const auto all = checkpoint::take(engine, 64);
    return {.total = static_cast<std::uint32_t>(all.size()),
            .bytes = {all.begin(), all.begin() + 60}};
}

/// States in which a command is in place: i idle, c configured, r running, p paused, e ended,
/// t taking a checkpoint. Written down again, from what each command means.
struct InPlace {
    Kind command;
    std::string_view states;
};
constexpr std::array<InPlace, 11> in_place_states{{
    {Kind::configure, "icet"}, // but not into a run
    {Kind::start, "cp"},
    {Kind::pause, "r"},
    {Kind::step, "cp"},
    {Kind::stop, "crp"},
    {Kind::input, "crp"},
    {Kind::snapshot, "crp"},
    {Kind::restore, "ct"},
    {Kind::run_selftest, "ice"},
    {Kind::query_status, "icrpet"},
    {Kind::identify, "icrpet"},
}};

TEST(CommandStates, EveryCommandInEveryStateFollowsTheTable) {
    const auto reach = [](Bench& bench, RunState state) {
        (void)bench.settle();
        if (state == RunState::idle) {
            return;
        }
        Parameters<float> parameters;
        parameters.noise = 0.5F;
        parameters.steps = 1000000;
        parameters.state_every = 1;
        bench.configure(1, parameters);
        (void)bench.settle();
        if (state == RunState::configured) {
            return;
        }
        if (state == RunState::restoring) {
            bench.restore(2, first_piece(parameters));
            (void)bench.settle();
            return;
        }
        bench.command(Kind::start, 2);
        (void)bench.settle(); // without credit the run waits in its first step
        if (state == RunState::paused) {
            bench.command(Kind::pause, 3);
        } else if (state == RunState::ended) {
            bench.command(Kind::stop, 3);
        }
        (void)bench.settle();
    };
    static_assert(command_rules.size() == in_place_states.size());
    for (const auto& [command, states] : in_place_states) {
        for (std::size_t s = 0; s < run_states; ++s) {
            Bench bench;
            reach(bench, static_cast<RunState>(s));
            ASSERT_EQ(bench.device().state(), static_cast<RunState>(s));
            const std::uint64_t before = s == 0 ? 0 : bench.device().engine().digest();
            // An empty payload: allowed commands may find it malformed, but not out of place.
            if (s == 0) {
                bench.use_session(0);
            }
            bench.command(command, 10);
            const bool in_place = answer_in(bench.settle()).code != RefusalCode::wrong_state;
            EXPECT_EQ(in_place, states.find("icrpet"[s]) != std::string_view::npos)
                << "command " << static_cast<int>(command) << " in state " << s;
            if (!in_place && s != 0) {
                EXPECT_EQ(bench.device().engine().digest(), before);
                EXPECT_EQ(bench.device().state(), static_cast<RunState>(s));
            }
        }
    }
}

} // namespace
} // namespace tinymf::firmware
