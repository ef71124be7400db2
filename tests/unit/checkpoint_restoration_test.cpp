// SPDX-License-Identifier: Apache-2.0
#include "tinymf/checkpoint/restoration.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>

#include <gtest/gtest.h>

#include "checkpoint_bytes.hpp"
#include "tinymf/mean_field/profiles.hpp"
#include "tinymf/network/network.hpp"

namespace tinymf::checkpoint {
namespace {

using Network = network::Network<float, 24, model::CouplingKind::gaussian>;
using Engine = experiment::Engine<Network>;
constexpr experiment::Refusal refused{experiment::RefusalCode::bad_snapshot,
                                      experiment::Field::none};

experiment::Parameters<float> run_of_100() {
    experiment::Parameters<float> parameters;
    parameters.noise = 0.5F;
    parameters.noise_kind = model::NoiseKind::colored;
    parameters.steps = 100;
    return parameters;
}

std::unique_ptr<Engine> engine_at(std::uint32_t step,
                                  const experiment::Parameters<float>& parameters = run_of_100()) {
    auto engine = std::make_unique<Engine>();
    EXPECT_FALSE(configure(*engine, parameters));
    run_to(*engine, step);
    return engine;
}

Bytes whole(const Engine& engine) {
    return take(engine, 64);
}

/// The checkpoint with some fields of its header changed.
Bytes with_header(const Bytes& bytes, const auto& change) {
    auto header = read_header(bytes);
    EXPECT_TRUE(header);
    change(*header);
    Bytes changed = bytes;
    stream::ByteWriter writer(changed);
    write(writer, *header);
    return changed;
}

TEST(Snapshot, TheSameObjectMakesOneAfterAnother) {
    const auto engine = engine_at(5);
    Snapshot snapshot;
    EXPECT_TRUE(snapshot.finished()) << "none was begun";
    EXPECT_EQ(snapshot.total_bytes(), 0U);
    for (int round = 0; round < 3; ++round) {
        snapshot.begin(*engine);
        EXPECT_EQ(snapshot.position(), 0U);
        Bytes all;
        Bytes piece(64);
        while (!snapshot.finished()) {
            EXPECT_EQ(snapshot.position(), all.size());
            stream::ByteWriter writer(piece);
            snapshot.write_next(*engine, writer);
            snapshot.accept();
            all.insert(all.end(), writer.written().begin(), writer.written().end());
        }
        EXPECT_EQ(all.size(), snapshot.total_bytes());
        EXPECT_EQ(all, whole(*engine)) << "round " << round;
        engine->step();
    }
}

TEST(Snapshot, APieceThatWasNotAcceptedComesAgain) {
    const auto engine = engine_at(5);
    Snapshot snapshot;
    snapshot.begin(*engine);
    Bytes all;
    Bytes piece(100);
    for (bool refuse = true; !snapshot.finished(); refuse = !refuse) {
        stream::ByteWriter writer(piece);
        snapshot.write_next(*engine, writer);
        if (!refuse) {
            snapshot.accept();
            all.insert(all.end(), writer.written().begin(), writer.written().end());
        }
    }
    EXPECT_EQ(all, whole(*engine));
}

TEST(Restoration, EverySizeOfPiecesGivesTheRunBack) {
    const Bytes bytes = whole(*engine_at(37));
    const auto uninterrupted = engine_at(100);
    for (std::size_t size = 1; size <= bytes.size(); ++size) {
        const auto engine = engine_at(0);
        ASSERT_FALSE(put(*engine, bytes, size)) << "pieces of " << size;
        ASSERT_EQ(engine->step_index(), 37U);
        ASSERT_EQ(whole(*engine), bytes);
    }
    const auto engine = engine_at(0);
    ASSERT_FALSE(put(*engine, bytes, 64));
    run_to(*engine, 100);
    EXPECT_EQ(engine->digest(), uninterrupted->digest());
}

TEST(Restoration, AHeaderThatDoesNotFitChangesNothing) {
    const Bytes bytes = whole(*engine_at(37));
    const auto expect_refused = [](const Bytes& other, std::uint32_t total, const char* what) {
        const auto engine = engine_at(3);
        const Bytes before = whole(*engine);
        Restoration restoration;
        EXPECT_EQ(restoration.take(*engine, 0, total, std::span(other).first(header_bytes)),
                  refused)
            << what;
        EXPECT_FALSE(restoration.unfinished()) << what;
        EXPECT_EQ(engine->step_index(), 3U) << what;
        EXPECT_EQ(whole(*engine), before) << what;
    };
    const auto total = static_cast<std::uint32_t>(bytes.size());
    expect_refused(bytes, total + 1, "one byte more than it needs");
    expect_refused(bytes, total - 1, "one byte less");
    expect_refused(bytes, header_bytes - 1, "a piece larger than all");
    const auto changed = [&](const auto& change, const char* what) {
        expect_refused(with_header(bytes, change), total, what);
    };
    changed([](Header& h) { h.identity.kind ^= 1U; }, "kind");
    changed([](Header& h) { h.identity.scalar ^= 1U; }, "scalar");
    changed([](Header& h) { h.identity.law ^= 1U; }, "law");
    changed([](Header& h) { h.identity.path_bits ^= 1U; }, "path bits");
    changed([](Header& h) { h.identity.neurons ^= 1U; }, "neurons");
    changed([](Header& h) { h.identity.trajectories ^= 1U; }, "trajectories");
    changed([](Header& h) { h.identity.parameters ^= 1U; }, "parameters");
    changed([](Header& h) { h.identity.couplings ^= 1U; }, "couplings");
    changed([](Header& h) { h.step = 101; }, "after the last step");
    changed([](Header& h) { ++h.state_bytes; }, "bytes of the fields");
    changed([](Header& h) { h.held_input = 1; }, "an input of a run that takes none");
}

TEST(Restoration, ARefusedHeaderLeavesAnUnfinishedOneAsItIs) {
    const Bytes bytes = whole(*engine_at(37));
    const auto total = static_cast<std::uint32_t>(bytes.size());
    const auto engine = engine_at(0);
    Restoration restoration;
    const std::span<const std::uint8_t> all(bytes);
    ASSERT_FALSE(restoration.take(*engine, 0, total, all.first(100)));
    const Bytes other = with_header(bytes, [](Header& h) {
        h.step = 11;
        ++h.state_bytes;
    });
    EXPECT_EQ(restoration.take(*engine, 0, total, std::span(other).first(header_bytes)), refused);
    EXPECT_TRUE(restoration.unfinished());
    EXPECT_EQ(restoration.take(*engine, 100, total + 1, all.subspan(100)), refused);
    ASSERT_FALSE(restoration.take(*engine, 100, total, all.subspan(100)));
    EXPECT_FALSE(restoration.unfinished());
    EXPECT_EQ(whole(*engine), bytes);
}

TEST(Restoration, NothingIsTakenBeforeAHeaderOrAfterTheEnd) {
    const Bytes bytes = whole(*engine_at(37));
    const auto total = static_cast<std::uint32_t>(bytes.size());
    const auto engine = engine_at(0);
    const Bytes fresh = whole(*engine);
    Restoration restoration;
    const std::span<const std::uint8_t> all(bytes);
    EXPECT_EQ(restoration.take(*engine, 100, total, all.subspan(100)), refused);
    EXPECT_EQ(restoration.take(*engine, total, total, {}), refused);
    EXPECT_EQ(whole(*engine), fresh);
    ASSERT_FALSE(restoration.take(*engine, 0, total, all)) << "in one piece";
    EXPECT_EQ(restoration.take(*engine, total, total, all.first(1)), refused);
    EXPECT_EQ(whole(*engine), bytes);
}

TEST(Restoration, ARefusedHeaderDisturbsNoRun) {
    const Bytes bytes = whole(*engine_at(37));
    const auto total = static_cast<std::uint32_t>(bytes.size());
    const Bytes other = with_header(bytes, [](Header& h) { ++h.state_bytes; });
    const auto engine = engine_at(3);
    Restoration restoration;
    EXPECT_EQ(restoration.take(*engine, 0, total, std::span(other).first(header_bytes)), refused);
    run_to(*engine, 100);
    EXPECT_EQ(engine->digest(), engine_at(100)->digest());
}

TEST(Restoration, APieceOfNothingIsOutOfPlace) {
    const Bytes bytes = whole(*engine_at(37));
    const auto total = static_cast<std::uint32_t>(bytes.size());
    const std::span<const std::uint8_t> all(bytes);
    const auto engine = engine_at(0);
    const Bytes fresh = whole(*engine);
    Restoration restoration;
    EXPECT_EQ(restoration.take(*engine, 0, 0, {}), refused);
    EXPECT_EQ(restoration.take(*engine, 0, 0, all.first(100)), refused);
    EXPECT_EQ(restoration.take(*engine, 1, 0, all.first(1)), refused);
    EXPECT_EQ(whole(*engine), fresh);
    ASSERT_FALSE(restoration.take(*engine, 0, total, all));
    // Where the last one ended, of a checkpoint of no bytes.
    EXPECT_EQ(restoration.take(*engine, total, 0, all.first(1)), refused);
    EXPECT_FALSE(restoration.unfinished());
    EXPECT_EQ(whole(*engine), bytes);
}

TEST(Restoration, APieceThatGoesBeyondTheEndIsOutOfPlace) {
    const Bytes bytes = whole(*engine_at(37));
    const auto total = static_cast<std::uint32_t>(bytes.size());
    Bytes longer = bytes;
    longer.push_back(0);
    const auto engine = engine_at(0);
    Restoration restoration;
    ASSERT_FALSE(restoration.take(*engine, 0, total, std::span(bytes).first(100)));
    EXPECT_EQ(restoration.take(*engine, 100, total, std::span(longer).subspan(100)), refused);
    ASSERT_FALSE(restoration.take(*engine, 100, total, std::span(bytes).subspan(100)));
    EXPECT_EQ(whole(*engine), bytes);
}

TEST(Restoration, ARunGoesOnWithTheInputItHeld) {
    auto live = run_of_100();
    live.stimulus = model::StimulusKind::live;
    const auto hold = [](Engine& engine, float value) {
        engine.visit([value](auto& model) { model.hold_input(value); });
    };
    const auto original = engine_at(0, live);
    hold(*original, 0.75F);
    run_to(*original, 10);
    const Bytes bytes = whole(*original);
    const auto engine = engine_at(0, live);
    hold(*engine, -0.5F);
    ASSERT_FALSE(put(*engine, bytes, 64));
    EXPECT_EQ(whole(*engine), bytes);
    run_to(*original, 30);
    run_to(*engine, 30);
    EXPECT_EQ(engine->digest(), original->digest());
}

TEST(Restoration, ACheckpointOfTheLastStepIsTaken) {
    const auto original = engine_at(100);
    const auto engine = engine_at(0);
    ASSERT_FALSE(put(*engine, whole(*original), 64));
    EXPECT_TRUE(engine->finished());
    EXPECT_EQ(engine->digest(), original->digest());
    EXPECT_EQ(engine->couplings_digest(), original->couplings_digest());
}

TEST(Restoration, AWrongClosingDigestLeavesARunAsJustConfigured) {
    Bytes bytes = whole(*engine_at(37));
    const auto engine = engine_at(3);
    bytes.back() ^= 0x80U;
    EXPECT_EQ(put(*engine, bytes, 64), refused);
    EXPECT_EQ(whole(*engine), whole(*engine_at(0)));
}

/// The checkpoint with one byte changed, under a digest that fits.
Bytes with_byte(Bytes bytes, std::size_t at, std::uint8_t value) {
    bytes[at] = value;
    const std::size_t content = bytes.size() - digest_bytes;
    observe::Digest digest;
    add_to(digest, std::span<const std::uint8_t>(bytes).first(content));
    stream::ByteWriter(std::span(bytes).subspan(content)).put(digest.value());
    return bytes;
}

/// A wrong flag is remembered to the end of its checkpoint, and not beyond.
TEST(Restoration, AFlagThatIsNoneSpoilsItsCheckpointAlone) {
    using Stationary = experiment::Engine<mean_field::StationaryRun<float>>;
    const auto configured = [] {
        auto engine = std::make_unique<Stationary>();
        experiment::Parameters<float> parameters;
        parameters.noise = 0.5F;
        parameters.steps = 20;
        EXPECT_FALSE(configure(*engine, parameters));
        return engine;
    };
    const auto original = configured();
    run_to(*original, 5);
    const Bytes sound = take(*original, 64);
    const auto engine = configured();
    const Bytes fresh = take(*engine, 64);
    Restoration restoration;
    const auto put_in = [&](const Bytes& bytes, std::size_t size) {
        const auto total = static_cast<std::uint32_t>(bytes.size());
        for (std::size_t at = 0; at < bytes.size();) {
            const std::size_t count = std::min(
                at == 0 ? std::max<std::size_t>(size, header_bytes) : size, bytes.size() - at);
            if (const auto refusal = restoration.take(*engine, static_cast<std::uint32_t>(at),
                                                      total, std::span(bytes).subspan(at, count))) {
                return refusal;
            }
            at += count;
        }
        return experiment::Refusal{};
    };
    const std::size_t last_flag = sound.size() - digest_bytes - 1;
    for (const std::size_t size : {std::size_t{1}, std::size_t{7}, sound.size()}) {
        for (const std::size_t flag : {last_flag - 1, last_flag}) {
            EXPECT_EQ(put_in(with_byte(sound, flag, 2), size), refused);
            EXPECT_EQ(take(*engine, 64), fresh);
        }
        EXPECT_EQ(put_in(sound, size), experiment::Refusal{}) << "pieces of " << size;
        EXPECT_EQ(take(*engine, 64), sound);
        engine->restart();
    }
}

TEST(Restoration, AHeldInputIsTakenWithinItsRange) {
    auto live = run_of_100();
    live.stimulus = model::StimulusKind::live;
    const auto fits = [&live](std::uint64_t bits) { return can_hold(*engine_at(0, live), bits); };
    const auto bits_of = [](float value) {
        return std::uint64_t{std::bit_cast<std::uint32_t>(value)};
    };
    EXPECT_TRUE(fits(bits_of(0.0F)));
    EXPECT_TRUE(fits(bits_of(1e6F)));
    EXPECT_TRUE(fits(bits_of(-1e6F)));
    EXPECT_FALSE(fits(bits_of(std::nextafter(1e6F, 2e6F))));
    EXPECT_FALSE(fits(bits_of(std::nextafter(-1e6F, -2e6F))));
    EXPECT_FALSE(fits(bits_of(std::numeric_limits<float>::quiet_NaN())));
    EXPECT_FALSE(fits(bits_of(1.0F) | std::uint64_t{1} << 32U)) << "wider than the scalar";
    EXPECT_TRUE(can_hold(*engine_at(0), 0));
    EXPECT_FALSE(can_hold(*engine_at(0), bits_of(1.0F))) << "the run takes no input";
}

} // namespace
} // namespace tinymf::checkpoint
