// SPDX-License-Identifier: Apache-2.0
// Peers that never fall silent: however they talk, a session ends within its patience, in little
// memory, and says that the link failed.
#include <chrono>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/host_error.hpp"
#include "device/emulated_board.hpp"
#include "device/session.hpp"
#include "tinymf/stream/byte_writer.hpp"
#include "unit/capture_files.hpp"

namespace tinymf::host {
namespace {

using namespace std::chrono_literals;
using stream::Kind;
using test::Bytes;
using test::joined;

/// A board that turns mad once it has got a number of commands: from then on it says the same bytes
/// again and again, as fast as they are read, and takes whatever it is told.
class MadBoard : public ByteLink {
public:
    MadBoard(int commands, Bytes cry) : commands_left_{commands}, cry_{std::move(cry)} {}

    std::size_t read(std::span<std::uint8_t> bytes, std::chrono::milliseconds limit) override {
        if (commands_left_ > 0) {
            return board_.read(bytes, limit);
        }
        for (std::uint8_t& byte : bytes) {
            byte = cry_[said_++ % cry_.size()];
        }
        return bytes.size();
    }
    void write(std::span<const std::uint8_t> bytes) override {
        board_.write(bytes);
        --commands_left_;
    }
    [[nodiscard]] bool ended() const override { return false; }

private:
    EmulatedBoard board_;
    int commands_left_;
    Bytes cry_;
    std::size_t said_ = 0;
};

Bytes payload_of(std::initializer_list<std::uint32_t> words) {
    Bytes payload(words.size() * sizeof(std::uint32_t));
    stream::ByteWriter writer(payload);
    for (const std::uint32_t word : words) {
        writer.put(word);
    }
    return payload;
}

Bytes frame_of(Kind kind, const Bytes& payload) {
    return test::FrameSource().frame(kind, payload);
}

/// The introduction of a real board.
Bytes introduction() {
    EmulatedBoard board;
    Bytes said(65536);
    board.write(frame_of(Kind::identify, payload_of({1, 1})));
    said.resize(board.read(said, 1000ms));
    return said;
}

std::vector<std::pair<std::string, Bytes>> cries() {
    Bytes noise(999);
    for (std::size_t k = 0; k < noise.size(); ++k) {
        noise[k] = static_cast<std::uint8_t>(1 + (k * k + 7 * k) % 255);
    }
    Bytes alternating = frame_of(Kind::digest, Bytes(20));
    const Bytes later = frame_of(Kind::digest, payload_of({3, 0, 0, 0, 0}));
    alternating.insert(alternating.end(), later.begin(), later.end());
    return {
        {"noise without zeros", noise},
        {"zeros", {0}},
        {"introductions", introduction()},
        {"frames of no kind", frame_of(static_cast<Kind>(0x16), payload_of({1, 2}))},
        {"the same step", frame_of(Kind::digest, payload_of({5, 0, 0, 0, 0}))},
        {"steps back and forth", alternating},
        {"a step beyond the run", frame_of(Kind::digest, payload_of({4'000'000'000, 0, 0, 0, 0}))},
        {"answers to other commands", frame_of(Kind::ack, payload_of({77, 77}))},
        {"the answers to the last commands", joined({frame_of(Kind::ack, payload_of({1, 2})),
                                                     frame_of(Kind::ack, payload_of({1, 3}))})},
        {"the beginning of a checkpoint", frame_of(Kind::checkpoint, payload_of({0, 4000, 1, 2}))},
        {"a checkpoint of 4 GB", frame_of(Kind::checkpoint, payload_of({0, 4'000'000'000, 1, 2}))},
        {"gaps", frame_of(Kind::gap, payload_of({5, 1}))},
    };
}

const Experiment& experiment() {
    static const Experiment one =
        parse_experiment("schema = 1\n[model]\nsteps = 50\n[network]\nneurons = 16\n", "mad.toml");
    return one;
}

void expect_failure_in_time(MadBoard& board, const SessionOptions& options,
                            const std::string& name) {
    const auto begin = std::chrono::steady_clock::now();
    Session session(experiment(), board, options, [](std::span<const std::uint8_t>) {});
    try {
        static_cast<void>(session.run());
        ADD_FAILURE() << name << ": the session ended in peace";
    } catch (const HostError& error) {
        EXPECT_EQ(error.exit_code(), exit_link_failed) << name << ": " << error.what();
    }
    // Five attempts of 20 ms at up to seven places, and a busy machine.
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 20s) << name;
}

TEST(HostilePeer, IsGivenUpBeforeTheRun) {
    for (const auto& [name, cry] : cries()) {
        for (const int commands : {0, 1}) {
            MadBoard board(commands, cry);
            expect_failure_in_time(board, {.answer_limit = 20ms}, name);
        }
    }
}

TEST(HostilePeer, IsGivenUpInTheMiddleOfTheRun) {
    for (const auto& [name, cry] : cries()) {
        for (const int commands : {2, 3, 4}) { // CONFIGURE, credit, START
            MadBoard board(commands, cry);
            expect_failure_in_time(board, {.answer_limit = 20ms}, name);
        }
    }
}

TEST(HostilePeer, IsGivenUpAtAStopAndDuringACheckpoint) {
    for (const auto& [name, cry] : cries()) {
        for (const int commands : {4, 5, 6, 7}) {
            MadBoard board(commands, cry);
            expect_failure_in_time(board, {.answer_limit = 20ms, .snapshot_every = 20}, name);
        }
    }
}

/// A board that gives up its run without a word once it has got a number of commands: it goes on
/// answering all of them, and its run is told to go on.
class IdleBoard : public ByteLink {
public:
    explicit IdleBoard(int commands) : commands_left_{commands} {}

    std::size_t read(std::span<std::uint8_t> bytes, std::chrono::milliseconds limit) override {
        if (commands_left_ > 0) {
            return board_.read(bytes, limit);
        }
        now_ += limit;
        const std::size_t count = std::min(bytes.size(), answers_.size());
        std::copy_n(answers_.begin(), count, bytes.begin());
        answers_.erase(answers_.begin(), answers_.begin() + static_cast<std::ptrdiff_t>(count));
        return count;
    }
    void write(std::span<const std::uint8_t> bytes) override {
        if (--commands_left_ >= 0) {
            board_.write(bytes);
            return;
        }
        decoder_.feed(bytes, [this](const stream::FrameView& frame) {
            const auto name = frame.payload.first(2 * sizeof(std::uint32_t));
            answer(Kind::ack, {name.begin(), name.end()});
            if (static_cast<Kind>(frame.header.kind) == Kind::query_status) {
                Bytes status(name.begin(), name.end());
                status.push_back(static_cast<std::uint8_t>(firmware::RunState::running));
                status.resize(status.size() + 24); // at step 0
                answer(Kind::status, status);
            }
        });
    }
    [[nodiscard]] bool ended() const override { return false; }
    [[nodiscard]] SessionTime now() const { return now_; }

private:
    void answer(Kind kind, const Bytes& payload) {
        const Bytes frame = frames_.frame(kind, payload);
        answers_.insert(answers_.end(), frame.begin(), frame.end());
    }

    EmulatedBoard board_;
    int commands_left_;
    SessionTime now_{};
    stream::FrameDecoder decoder_;
    test::FrameSource frames_;
    Bytes answers_;
};

/// By the board's clock, on which nothing but waiting takes time.
SessionTime::duration time_until_given_up(int commands, std::uint32_t tick_us,
                                          std::uint32_t snapshot_every) {
    IdleBoard board(commands);
    Session session(experiment(), board,
                    {.tick_period_us = tick_us,
                     .answer_limit = 100ms,
                     .snapshot_every = snapshot_every,
                     .now = [&board] { return board.now(); }},
                    [](std::span<const std::uint8_t>) {});
    try {
        static_cast<void>(session.run());
        ADD_FAILURE() << "the session ended in peace";
    } catch (const HostError& error) {
        EXPECT_EQ(error.exit_code(), exit_link_failed);
        EXPECT_STREQ(error.what(), "mad.toml: the device answers, but its run does not go on "
                                   "(last step seen: 0)");
    }
    return board.now().time_since_epoch();
}

TEST(HostilePeer, IsGivenUpWhenItAnswersAndItsRunDoesNotGoOn) {
    constexpr int before_start = 3; // IDENTIFY, CONFIGURE, credit
    for (const std::uint32_t snapshot_every : {0U, 20U}) {
        const auto time = time_until_given_up(before_start, 0, snapshot_every);
        EXPECT_GT(time, 500ms) << snapshot_every;
        EXPECT_LT(time, 1000ms) << snapshot_every;
    }
}

TEST(HostilePeer, IsGivenATickToGoOn) {
    constexpr int before_start = 3;
    const auto time = time_until_given_up(before_start, 1'000'000, 0);
    EXPECT_GT(time, 1500ms);
    EXPECT_LT(time, 2000ms);
}

TEST(HostilePeer, IsNotListenedToWithoutEndBehindItsIntroduction) {
    Bytes cry = introduction();
    Bytes noise(cry.size() * 2000, 0x55); // megabytes behind one HELLO
    cry.insert(cry.end(), noise.begin(), noise.end());
    MadBoard board(0, cry);
    try {
        Session session(experiment(), board, {.answer_limit = 10s},
                        [](std::span<const std::uint8_t>) {});
        static_cast<void>(session.run());
        ADD_FAILURE();
    } catch (const HostError& error) {
        EXPECT_STREQ(error.what(), "mad.toml: the device sends without end before the run begins");
    }
}

TEST(HostilePeer, PutsNoControlCharactersIntoMessages) {
    // A protocol of the future is refused in the device's own words.
    Bytes payload(4);
    stream::ByteWriter(payload).put(std::uint16_t{9});
    for (const std::string_view text : {"1\x1B[2J", "hash", "gcc"}) {
        payload.push_back(static_cast<std::uint8_t>(text.size()));
        payload.insert(payload.end(), text.begin(), text.end());
    }
    payload.insert(payload.end(), 4, 0);
    for (const std::string_view text : {"evil\x1B]0;\x07"}) {
        payload.push_back(static_cast<std::uint8_t>(text.size()));
        payload.insert(payload.end(), text.begin(), text.end());
    }
    payload.insert(payload.end(), 1 + 4 + 4 + 4 + 1 + 1, 0);
    MadBoard board(0, frame_of(Kind::hello, payload));
    Session session(experiment(), board, {.answer_limit = 20ms},
                    [](std::span<const std::uint8_t>) {});
    try {
        static_cast<void>(session.run());
        ADD_FAILURE();
    } catch (const HostError& error) {
        EXPECT_EQ(error.exit_code(), exit_unsound_stream);
        EXPECT_EQ(std::string_view(error.what()).substr(0, 33),
                  "evil\\x1b]0;\\x07 speaks protocol 9");
    }
}

} // namespace
} // namespace tinymf::host
