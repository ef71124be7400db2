// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "checkpoint_bytes.hpp"
#include "device_bench.hpp"
#include "tinymf/stream/byte_reader.hpp"

namespace tinymf::firmware {
namespace {

using checkpoint::Bytes;

constexpr std::uint32_t plenty = 1000000;

Parameters<float> colored_run(std::uint32_t steps) {
    Parameters<float> parameters;
    parameters.gain = 2.0F;
    parameters.noise = 0.5F;
    parameters.noise_kind = model::NoiseKind::colored;
    parameters.integrator = model::IntegratorKind::heun;
    parameters.replicas = 2;
    parameters.steps = steps;
    parameters.state_every = 10;
    parameters.digest_every = 1;
    return parameters;
}

/// A bench with its commands numbered.
class Host {
public:
    Bench bench;

    explicit Host(const Parameters<float>& parameters) { configure(parameters); }

    void configure(const Parameters<float>& parameters) {
        (void)bench.settle();
        bench.configure(++commands_, parameters);
        bench.credit(plenty);
        EXPECT_FALSE(answer_in(bench.settle()));
    }

    void reset_and_configure(const Parameters<float>& parameters) {
        bench.reset();
        commands_ = 0;
        configure(parameters);
    }

    std::vector<ReceivedFrame> command(Kind kind) {
        bench.command(kind, ++commands_);
        return bench.settle();
    }

    void step(std::uint32_t steps) {
        bench.command(Kind::step, ++commands_,
                      [steps](stream::ByteWriter& payload) { payload.put(steps); });
        (void)bench.settle();
    }

    experiment::Refusal input(float value) {
        bench.command(Kind::input, ++commands_,
                      [value](stream::ByteWriter& payload) { payload.put(value); });
        return answer_in(bench.settle());
    }

    std::vector<ReceivedFrame> restore(const CheckpointPiece& piece) {
        bench.restore(++commands_, piece);
        return bench.settle();
    }

    /// In pieces of `size`, up to the first that is refused.
    experiment::Refusal restore(const Bytes& all, std::size_t size = 100) {
        for (std::size_t at = 0; at < all.size(); at += size) {
            if (const auto refusal = answer_in(restore(piece_of(all, at, size)))) {
                return refusal;
            }
        }
        return {};
    }

    static CheckpointPiece piece_of(const Bytes& all, std::size_t at, std::size_t size) {
        const auto begin = all.begin() + static_cast<std::ptrdiff_t>(at);
        const auto count = static_cast<std::ptrdiff_t>(std::min(size, all.size() - at));
        return {static_cast<std::uint32_t>(at),
                static_cast<std::uint32_t>(all.size()),
                {begin, begin + count}};
    }

    [[nodiscard]] const auto& engine() { return bench.device().engine(); }

private:
    std::uint32_t commands_ = 0;
};

/// The checkpoint that the frames hold; empty when it is not whole.
Bytes checkpoint_in(const std::vector<ReceivedFrame>& frames) {
    Bytes all;
    std::uint32_t total = 0;
    for (const ReceivedFrame& frame : frames) {
        if (frame.kind != Kind::checkpoint) {
            continue;
        }
        stream::ByteReader payload(frame.payload);
        EXPECT_EQ(payload.get<std::uint32_t>(), all.size());
        total = payload.get<std::uint32_t>();
        const auto bytes = payload.get_bytes(payload.remaining());
        all.insert(all.end(), bytes.begin(), bytes.end());
    }
    return all.size() == total ? all : Bytes{};
}

/// Kind and payload of all that a run tells of its steps.
std::vector<std::pair<Kind, Bytes>> told(const std::vector<ReceivedFrame>& frames) {
    std::vector<std::pair<Kind, Bytes>> list;
    for (const ReceivedFrame& frame : frames) {
        if (frame.kind == Kind::state || frame.kind == Kind::digest || frame.kind == Kind::end) {
            list.emplace_back(frame.kind, frame.payload);
        }
    }
    return list;
}

std::uint32_t step_in(const std::pair<Kind, Bytes>& frame) {
    stream::ByteReader payload(frame.second);
    if (frame.first == Kind::end) {
        (void)payload.get<std::uint8_t>();
    }
    return payload.get<std::uint32_t>();
}

TEST(FirmwareCheckpoint, SnapshotTellsTheWholeState) {
    Host host(colored_run(40));
    host.step(7);
    const auto frames = host.command(Kind::snapshot);
    EXPECT_EQ(frames.front().kind, Kind::ack);
    EXPECT_EQ(checkpoint_in(frames), checkpoint::take(host.engine(), 64));
    EXPECT_EQ(host.engine().step_index(), 7U);
    EXPECT_EQ(host.bench.device().state(), RunState::paused);
}

TEST(FirmwareCheckpoint, ARestoredRunTellsWhatTheUninterruptedOneTells) {
    Host whole(colored_run(40));
    const auto uninterrupted = told(whole.command(Kind::start));
    Host first(colored_run(40));
    first.step(20);
    const Bytes bytes = checkpoint_in(first.command(Kind::snapshot));
    Host second(colored_run(40));
    ASSERT_FALSE(second.restore(bytes));
    EXPECT_EQ(second.engine().step_index(), 20U);
    const auto resumed = told(second.command(Kind::start));
    // It begins with step 20, as a run begins with step 0.
    ASSERT_EQ(step_in(resumed.front()), 20U);
    ASSERT_LT(resumed.size(), uninterrupted.size());
    EXPECT_TRUE(std::equal(resumed.rbegin(), resumed.rend(), uninterrupted.rbegin()));
}

TEST(FirmwareCheckpoint, RestoredTellsStepAndDigests) {
    Host first(colored_run(40));
    first.step(11);
    const Bytes bytes = checkpoint_in(first.command(Kind::snapshot));
    Host second(colored_run(40));
    const auto frames = second.restore(Host::piece_of(bytes, 0, 300));
    ASSERT_EQ(kinds(frames), (std::vector{Kind::ack}));
    const auto last = second.restore(Host::piece_of(bytes, 300, 300));
    ASSERT_EQ(kinds(last), (std::vector{Kind::ack, Kind::restored}));
    stream::ByteReader payload(last.back().payload);
    EXPECT_EQ(payload.get<std::uint32_t>(), 11U);
    EXPECT_EQ(payload.get<std::uint64_t>(), first.engine().digest());
    EXPECT_EQ(payload.get<std::uint64_t>(), first.engine().couplings_digest());
    EXPECT_TRUE(payload.finished());
}

/// The promise: a reset at any step costs nothing but time.
TEST(FirmwareCheckpoint, ResetAtEveryStepEqualsTheUninterruptedTrace) {
    constexpr std::uint32_t steps = 500;
    constexpr std::uint32_t snapshot_every = 7;
    const auto parameters = colored_run(steps);
    Host whole(parameters);
    const auto uninterrupted = told(whole.command(Kind::start));
    std::uint64_t equal_frames = 0;
    for (std::uint32_t reset_at = 1; reset_at <= steps; ++reset_at) {
        Host host(parameters);
        Bytes last_snapshot;
        for (std::uint32_t step = 0; step < reset_at;) {
            const std::uint32_t next = std::min(reset_at, step + snapshot_every);
            host.step(next - step);
            if (next < steps && next % snapshot_every == 0) {
                last_snapshot = checkpoint_in(host.command(Kind::snapshot));
                ASSERT_FALSE(last_snapshot.empty());
            }
            step = next;
        }
        host.reset_and_configure(parameters);
        ASSERT_FALSE(host.restore(last_snapshot, 480));
        const auto resumed = told(host.command(Kind::start));
        ASSERT_TRUE(resumed.size() <= uninterrupted.size() &&
                    std::equal(resumed.rbegin(), resumed.rend(), uninterrupted.rbegin()))
            << "reset at step " << reset_at;
        const std::uint32_t from =
            (std::min(reset_at, steps - 1) / snapshot_every) * snapshot_every;
        ASSERT_EQ(step_in(resumed.front()), from);
        equal_frames += resumed.size();
    }
    std::printf("%u resets, %llu frames after them equal\n", steps,
                static_cast<unsigned long long>(equal_frames));
}

TEST(FirmwareCheckpoint, TheRunWaitsUntilItsCheckpointIsTold) {
    Bench bench;
    (void)bench.settle();
    bench.configure(1, colored_run(40));
    (void)bench.settle();
    bench.command(Kind::start, 2);
    bench.command(Kind::snapshot, 3);
    (void)bench.settle();
    EXPECT_EQ(bench.device().engine().step_index(), 0U);
    bench.command(Kind::snapshot, 4);
    EXPECT_EQ(answer_in(bench.settle()).code, RefusalCode::wrong_state) << "one at a time";
    bench.credit(1);
    EXPECT_EQ(kinds(bench.settle()), (std::vector{Kind::checkpoint}));
    EXPECT_EQ(bench.device().engine().step_index(), 0U);
    bench.command(Kind::stop, 5);
    bench.credit(plenty);
    const auto frames = bench.settle();
    EXPECT_EQ(frames.back().kind, Kind::end) << "END stays the last frame";
    EXPECT_TRUE(find(frames, Kind::checkpoint).has_value());
}

TEST(FirmwareCheckpoint, RealtimeDropsNoPieceOfACheckpoint) {
    Bench bench;
    (void)bench.settle();
    auto parameters = colored_run(20000);
    parameters.state_every = 1;
    bench.configure(1, parameters, {.delivery = stream::Delivery::realtime});
    (void)bench.settle();
    bench.command(Kind::start, 2);
    (void)bench.device().turn();
    bench.command(Kind::snapshot, 3);
    bench.settle_unread();
    EXPECT_FALSE(checkpoint_in(bench.settle()).empty());
}

/// An input that comes while a checkpoint is told acts from that step on, but is no part of it.
TEST(FirmwareCheckpoint, ALateInputDoesNotTearACheckpoint) {
    auto parameters = colored_run(40);
    parameters.stimulus = model::StimulusKind::live;
    Host host(parameters);
    EXPECT_FALSE(host.input(0.25F));
    host.step(5);
    const Bytes before = checkpoint::take(host.engine(), 64);
    Bench& bench = host.bench;
    bench.command(Kind::snapshot, 100);
    bench.command(Kind::input, 101, [](stream::ByteWriter& payload) { payload.put(0.75F); });
    EXPECT_EQ(checkpoint_in(bench.settle()), before);
    Host second(parameters);
    ASSERT_FALSE(second.restore(before));
    EXPECT_EQ(second.engine().visit([](const auto& model) { return model.held_input(); }), 0.25F);
}

/// Every flipped bit is found, at the header or at the end; the run is then as just configured.
TEST(FirmwareCheckpoint, NoFlippedBitIsTaken) {
    const auto parameters = colored_run(40);
    Host first(parameters);
    first.step(20);
    const Bytes sound = checkpoint_in(first.command(Kind::snapshot));
    Host second(parameters);
    const auto fresh = checkpoint::take(second.engine(), 64);
    for (std::size_t bit = 0; bit < 8 * sound.size(); ++bit) {
        Bytes damaged = sound;
        damaged[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
        ASSERT_EQ(second.restore(damaged, 480).code, RefusalCode::bad_snapshot) << "bit " << bit;
        ASSERT_EQ(second.bench.device().state() == RunState::restoring, false);
        ASSERT_EQ(checkpoint::take(second.engine(), 64), fresh) << "bit " << bit;
    }
    ASSERT_FALSE(second.restore(sound));
    EXPECT_EQ(checkpoint::take(second.engine(), 64), sound);
}

TEST(FirmwareCheckpoint, ACheckpointOfAnotherRunIsRefusedAtItsHeader) {
    const auto parameters = colored_run(40);
    Host first(parameters);
    first.step(20);
    const Bytes bytes = checkpoint_in(first.command(Kind::snapshot));
    auto other = parameters;
    other.seed = 2;
    Host second(other);
    EXPECT_EQ(second.restore(bytes).code, RefusalCode::bad_snapshot);
    EXPECT_EQ(second.bench.device().state(), RunState::configured);
    // How often a run reports is no part of its numbers.
    auto quiet = parameters;
    quiet.state_every = 0;
    Host third(quiet);
    EXPECT_FALSE(third.restore(bytes));
}

TEST(FirmwareCheckpoint, PiecesOutOfPlaceChangeNothing) {
    const auto parameters = colored_run(40);
    Host first(parameters);
    first.step(20);
    const Bytes bytes = checkpoint_in(first.command(Kind::snapshot));
    Host second(parameters);
    const auto refused = [&second](const CheckpointPiece& piece) {
        return answer_in(second.restore(piece)).code == RefusalCode::bad_snapshot;
    };
    const auto piece = [&bytes](std::size_t at, std::size_t size) {
        return Host::piece_of(bytes, at, size);
    };
    EXPECT_TRUE(refused(piece(100, 100))) << "not the first";
    EXPECT_TRUE(refused(piece(0, checkpoint::header_bytes - 1))) << "half a header";
    EXPECT_TRUE(refused(piece(0, 0)));
    auto other_total = piece(0, 100);
    ++other_total.total;
    EXPECT_TRUE(refused(other_total));
    EXPECT_EQ(second.bench.device().state(), RunState::configured);
    EXPECT_FALSE(refused(piece(0, 100)));
    EXPECT_EQ(second.bench.device().state(), RunState::restoring);
    EXPECT_TRUE(refused(piece(101, 100))) << "one byte left out";
    EXPECT_TRUE(refused(piece(99, 100))) << "one byte again";
    EXPECT_TRUE(refused(piece(100, 0))) << "nothing";
    auto too_long = piece(100, bytes.size());
    too_long.bytes.push_back(0);
    EXPECT_TRUE(refused(too_long));
    EXPECT_EQ(second.bench.device().state(), RunState::restoring);
    EXPECT_EQ(answer_in(second.command(Kind::start)).code, RefusalCode::wrong_state);
    EXPECT_FALSE(refused(piece(100, 200)));
    EXPECT_FALSE(refused(piece(300, 200)));
    EXPECT_EQ(checkpoint::take(second.engine(), 64), bytes);
    // From the front again, over a restored run.
    EXPECT_FALSE(second.restore(bytes));
    EXPECT_EQ(second.engine().step_index(), 20U);
}

TEST(FirmwareCheckpoint, AnotherConfigurationAbandonsAHalfRestoredRun) {
    const auto parameters = colored_run(40);
    Host first(parameters);
    first.step(20);
    const Bytes bytes = checkpoint_in(first.command(Kind::snapshot));
    Host second(parameters);
    const Bytes fresh = checkpoint::take(second.engine(), 64);
    EXPECT_FALSE(answer_in(second.restore(Host::piece_of(bytes, 0, 300))));
    second.configure(parameters);
    EXPECT_EQ(checkpoint::take(second.engine(), 64), fresh);
    EXPECT_EQ(answer_in(second.restore(Host::piece_of(bytes, 300, 300))).code,
              RefusalCode::bad_snapshot);
}

TEST(FirmwareCheckpoint, NonFiniteNumbersAreNoState) {
    const auto parameters = colored_run(40);
    Host first(parameters);
    first.step(20);
    Bytes bytes = checkpoint_in(first.command(Kind::snapshot));
    // The first state becomes infinite, under a digest that fits.
    bytes[checkpoint::header_bytes + 2] = 0x80;
    bytes[checkpoint::header_bytes + 3] = 0x7F;
    const std::size_t content = bytes.size() - checkpoint::digest_bytes;
    observe::Digest digest;
    checkpoint::add_to(digest, std::span<const std::uint8_t>(bytes).first(content));
    stream::ByteWriter(std::span(bytes).subspan(content)).put(digest.value());
    Host second(parameters);
    const Bytes fresh = checkpoint::take(second.engine(), 64);
    EXPECT_EQ(second.restore(bytes).code, RefusalCode::bad_snapshot);
    EXPECT_EQ(checkpoint::take(second.engine(), 64), fresh);
}

} // namespace
} // namespace tinymf::firmware
