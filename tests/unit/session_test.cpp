// SPDX-License-Identifier: Apache-2.0
#include "device/session.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/host_error.hpp"
#include "device/emulated_board.hpp"
#include "session_runs.hpp"
#include "tinymf/stream/byte_reader.hpp"
#include "tinymf/stream/frame.hpp"
#include "unit/capture_files.hpp"

namespace tinymf::host {
namespace {

using namespace session_runs;

/// Exit code and message of the failure; 0 when there was none.
std::pair<int, std::string> failure_on(ByteLink& link, const Experiment& experiment,
                                       const SessionOptions& options = quick) {
    try {
        static_cast<void>(run_on(link, experiment, options));
    } catch (const HostError& error) {
        return {error.exit_code(), error.what()};
    }
    return {0, ""};
}

/// A line to an emulated board on which whole transfers can be tampered with.
class TamperedLink : public ByteLink {
public:
    using Change = std::function<void(Bytes&)>;

    explicit TamperedLink(ByteLink& line) : line_{line} {}
    Change on_read = [](Bytes&) {};
    Change on_write = [](Bytes&) {};

    std::size_t read(std::span<std::uint8_t> bytes, std::chrono::milliseconds limit) override {
        Bytes taken(std::min<std::size_t>(bytes.size(), 64));
        taken.resize(line_.read(taken, limit));
        on_read(taken);
        std::ranges::copy(taken, bytes.begin());
        return taken.size();
    }
    void write(std::span<const std::uint8_t> bytes) override {
        Bytes sent(bytes.begin(), bytes.end());
        on_write(sent);
        line_.write(sent);
    }
    [[nodiscard]] bool ended() const override { return line_.ended(); }

private:
    ByteLink& line_;
};

/// A line on which nobody answers.
class SilentLink : public ByteLink {
public:
    std::size_t read(std::span<std::uint8_t>, std::chrono::milliseconds) override { return 0; }
    void write(std::span<const std::uint8_t>) override {}
    [[nodiscard]] bool ended() const override { return false; }
};

/// Plays recorded bytes.
class Recording : public ByteLink {
public:
    explicit Recording(Bytes bytes) : bytes_{std::move(bytes)} {}
    std::size_t read(std::span<std::uint8_t> bytes, std::chrono::milliseconds) override {
        const std::size_t count = std::min(bytes.size(), bytes_.size() - at_);
        std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(at_), count, bytes.begin());
        at_ += count;
        return count;
    }
    void write(std::span<const std::uint8_t>) override { ADD_FAILURE() << "nobody reads this"; }
    [[nodiscard]] bool ended() const override { return at_ == bytes_.size(); }
    [[nodiscard]] bool takes_commands() const override { return false; }

private:
    Bytes bytes_;
    std::size_t at_ = 0;
};

TEST(Session, RecordsFromHelloToEnd) {
    EmulatedBoard board;
    const Outcome outcome = run_on(board, small_experiment());
    EXPECT_EQ(outcome.end.reason, stream::EndReason::completed);
    EXPECT_EQ(outcome.end.step, 200U);
    const auto kinds = kinds_in(outcome.record);
    EXPECT_EQ(kinds.front(), stream::Kind::hello);
    EXPECT_EQ(kinds.back(), stream::Kind::end);
    EXPECT_EQ(std::ranges::count(kinds, stream::Kind::hello), 1);
    EXPECT_EQ(std::ranges::count(kinds, stream::Kind::state), 201);
    EXPECT_EQ(std::ranges::count(kinds, stream::Kind::digest), 21);
}

TEST(Session, RepeatsByteForByte) {
    EmulatedBoard one;
    EmulatedBoard other;
    EXPECT_EQ(run_on(one, small_experiment(), patient).record,
              run_on(other, small_experiment(), patient).record);
}

TEST(Session, RunsTwiceOnOneBoard) {
    EmulatedBoard board;
    const RunEnd first = run_on(board, small_experiment()).end;
    SessionOptions second_session = quick;
    second_session.id = 2;
    EXPECT_EQ(run_on(board, small_experiment(), second_session).end.digest, first.digest);
}

// Whatever is lost on the way to the board, the numbers of the run are the same.
TEST(Session, SurvivesLostCommandsAndCredits) {
    EmulatedBoard sound;
    const std::uint64_t expected = run_on(sound, small_experiment()).end.digest;
    for (int lost = 0; lost < 8; ++lost) {
        EmulatedBoard board;
        TamperedLink line(board);
        int transfer = 0;
        line.on_write = [&transfer, lost](Bytes& bytes) {
            if (transfer++ == lost) {
                bytes.clear();
            }
        };
        EXPECT_EQ(run_on(line, small_experiment()).end.digest, expected) << "transfer " << lost;
    }
}

TEST(Session, SurvivesLostAnswersAndData) {
    EmulatedBoard sound;
    const std::uint64_t expected = run_on(sound, small_experiment()).end.digest;
    for (int lost = 0; lost < 60; ++lost) {
        EmulatedBoard board;
        TamperedLink line(board);
        int transfer = 0;
        line.on_read = [&transfer, lost](Bytes& bytes) {
            if (!bytes.empty() && transfer++ == lost) {
                bytes.front() ^= 0x10U;
            }
        };
        EXPECT_EQ(run_on(line, small_experiment()).end.digest, expected) << "transfer " << lost;
    }
}

std::vector<LiveInput> inputs_taken_in(const Bytes& record) {
    std::vector<LiveInput> inputs;
    stream::FrameDecoder decoder;
    decoder.feed(record, [&inputs](const stream::FrameView& frame) {
        if (frame.header.kind == static_cast<std::uint8_t>(stream::Kind::input_taken)) {
            stream::ByteReader payload(frame.payload);
            const auto step = payload.get<std::uint32_t>();
            inputs.push_back({step, static_cast<double>(payload.get<float>())});
        }
    });
    return inputs;
}

TEST(Session, GivesEveryInputAtItsStep) {
    SessionOptions fed = patient;
    fed.inputs = some_inputs;
    for (const char* told : {"stream.state_every=1", "stream.state_every=0"}) {
        const Experiment experiment = small_experiment({live_stimulus.front(), told});
        EmulatedBoard board;
        const Outcome outcome = run_on(board, experiment, fed);
        EXPECT_EQ(outcome.end.step, 200U);
        EXPECT_EQ(inputs_taken_in(outcome.record), some_inputs);
        EmulatedBoard again;
        EXPECT_EQ(run_on(again, experiment, fed).record, outcome.record);
        EmulatedBoard unfed;
        EXPECT_NE(run_on(unfed, experiment).end.digest, outcome.end.digest);
    }
}

TEST(Session, GivesEveryInputOnceWhateverIsLost) {
    const Experiment experiment = small_experiment(live_stimulus);
    EmulatedBoard sound;
    const std::uint64_t expected = run_on(sound, experiment, fed_with(some_inputs)).end.digest;
    for (int lost = 0; lost < 40; ++lost) {
        EmulatedBoard board;
        TamperedLink line(board);
        int written = 0;
        int read = 0;
        line.on_write = [&written, lost](Bytes& bytes) {
            if (written++ == lost) {
                bytes.clear();
            }
        };
        line.on_read = [&read, lost](Bytes& bytes) {
            if (!bytes.empty() && read++ == 2 * lost) {
                bytes.front() ^= 0x10U;
            }
        };
        EXPECT_EQ(run_on(line, experiment, fed_with(some_inputs)).end.digest, expected)
            << "transfer " << lost;
    }
}

/// A run of two halves, the second from the checkpoint of the first, on a line that loses things.
TEST(Session, MovesARunWhateverIsLost) {
    const Experiment experiment = small_experiment({"network.neurons=256"});
    EmulatedBoard sound;
    const std::uint64_t expected = run_on(sound, experiment).end.digest;
    for (int lost = 0; lost < 60; ++lost) {
        int written = 0;
        int read = 0;
        const auto run_half = [&](const SessionOptions& options) {
            EmulatedBoard board;
            TamperedLink line(board);
            line.on_write = [&written, lost](Bytes& bytes) {
                if (written++ == lost) {
                    bytes.clear();
                }
            };
            line.on_read = [&read, lost](Bytes& bytes) {
                if (!bytes.empty() && read++ == 3 * lost) {
                    bytes.front() ^= 0x10U;
                }
            };
            return run_on(line, experiment, options);
        };
        SessionOptions options = quick;
        options.stop_at = 20;
        const Bytes checkpoint = last_checkpoint_in(run_half(options).record);
        ASSERT_FALSE(checkpoint.empty()) << "transfer " << lost;
        options.stop_at = {};
        options.checkpoint = checkpoint;
        EXPECT_EQ(run_half(options).end.digest, expected) << "transfer " << lost;
    }
}

TEST(Session, StopsTheRunThatAVanishedHostLeftBehind) {
    EmulatedBoard board;
    TamperedLink line(board);
    int transfers = 0;
    line.on_read = [&transfers](Bytes&) {
        if (++transfers == 100) {
            throw HostError(exit_link_failed, "host unplugged");
        }
    };
    EXPECT_EQ(failure_on(line, small_experiment()).second, "host unplugged");
    SessionOptions next = quick;
    next.id = 2;
    EXPECT_EQ(run_on(board, small_experiment(), next).end.step, 200U);
}

TEST(Session, GivesUpOnSilence) {
    SilentLink line;
    const auto [exit_code, message] = failure_on(line, small_experiment(), {.answer_limit = 5ms});
    EXPECT_EQ(exit_code, exit_link_failed);
    EXPECT_EQ(message, "small.toml: no answer: is the firmware running?");
}

TEST(Session, NamesTheStepAtWhichTheBoardFellSilent) {
    EmulatedBoard board;
    TamperedLink line(board);
    std::size_t received = 0;
    line.on_read = [&received](Bytes& bytes) {
        received += bytes.size();
        if (received > 8000) {
            bytes.clear();
        }
    };
    const auto [exit_code, message] = failure_on(line, small_experiment(), {.answer_limit = 5ms});
    EXPECT_EQ(exit_code, exit_link_failed);
    EXPECT_NE(message.find("the device has fallen silent (last step seen: "), std::string::npos)
        << message;
}

TEST(Session, NoticesARestart) {
    EmulatedBoard board;
    EmulatedBoard restarted;
    class Swap : public ByteLink {
    public:
        Swap(ByteLink& first, ByteLink& second) : lines_{&first, &second} {}
        std::size_t read(std::span<std::uint8_t> bytes, std::chrono::milliseconds limit) override {
            return lines_.at(++reads_ > 3 ? 1 : 0)->read(bytes, limit);
        }
        void write(std::span<const std::uint8_t> bytes) override { lines_.front()->write(bytes); }
        [[nodiscard]] bool ended() const override { return false; }

    private:
        std::array<ByteLink*, 2> lines_;
        int reads_ = 0;
    } line(board, restarted);
    const auto [exit_code, message] = failure_on(line, small_experiment());
    EXPECT_EQ(exit_code, exit_link_failed);
    EXPECT_NE(message.find("restarted in the middle of the run"), std::string::npos) << message;
}

TEST(Session, NamesAvailableProfilesAndTheLineToAdd) {
    EmulatedBoard board;
    const auto [exit_code, message] = failure_on(board, small_experiment({"network.neurons=100"}));
    EXPECT_EQ(exit_code, exit_bad_input);
    EXPECT_EQ(message.find('\n'), std::string::npos);
    EXPECT_NE(message.find("host has no profile float32 gaussian N=100; it has float32 gaussian "
                           "N=16, "),
              std::string::npos)
        << message;
    EXPECT_NE(message.find("add network::Network<float, 100, model::CouplingKind::gaussian> to "
                           "host_tools/models"),
              std::string::npos)
        << message;
}

TEST(Session, RefusedExperimentsLeaveNoRecord) {
    EmulatedBoard board;
    bool recorded = false;
    const Experiment experiment = small_experiment({"network.neurons=100"});
    Session session(experiment, board, quick,
                    [&recorded](std::span<const std::uint8_t>) { recorded = true; });
    EXPECT_THROW(static_cast<void>(session.run()), HostError);
    EXPECT_FALSE(recorded);
}

TEST(Session, PlaysARecordingOfTheSameExperimentOnly) {
    EmulatedBoard board;
    const Outcome original = run_on(board, small_experiment());

    Recording recording(original.record);
    const Outcome played = run_on(recording, small_experiment());
    EXPECT_EQ(played.end.digest, original.end.digest);
    EXPECT_EQ(played.record, original.record);

    Recording other(original.record);
    const auto [exit_code, message] = failure_on(other, small_experiment({"model.gain=1.25"}));
    EXPECT_EQ(exit_code, exit_bad_input);
    EXPECT_EQ(message, "small.toml: the recording is of another experiment");

    // A restart in it is for those to judge who read the record.
    Bytes restarted = original.record;
    restarted.resize(restarted.size() / 2);
    restarted.push_back(0);
    restarted.insert(restarted.end(), original.record.begin(), original.record.end());
    Recording twice(restarted);
    const Outcome played_twice = run_on(twice, small_experiment());
    EXPECT_EQ(played_twice.end.digest, original.end.digest);
    EXPECT_EQ(played_twice.record, restarted);

    Bytes cut = original.record;
    cut.resize(cut.size() - 20);
    Recording incomplete(cut);
    EXPECT_EQ(failure_on(incomplete, small_experiment()).first, exit_link_failed);
}

/// Devices of before did not say how their clock makes the tick; a part of it is nothing.
TEST(Session, PlaysARecordingThatTellsItsTickOrDoesNot) {
    EmulatedBoard board;
    const Outcome original = run_on(board, small_experiment());
    for (const std::size_t bytes_left_out : {0U, 8U, 4U}) {
        Bytes changed;
        test::FrameSource source;
        stream::FrameDecoder decoder;
        decoder.feed(original.record, [&](const stream::FrameView& frame) {
            Bytes payload(frame.payload.begin(), frame.payload.end());
            const auto kind = static_cast<stream::Kind>(frame.header.kind);
            if (kind == stream::Kind::configuration) {
                payload.resize(payload.size() - bytes_left_out);
            }
            const Bytes again = source.frame(kind, payload);
            changed.insert(changed.end(), again.begin(), again.end());
        });
        Recording recording(changed);
        EXPECT_EQ(failure_on(recording, small_experiment()).second,
                  bytes_left_out == 4 ? "small.toml: the recording is of another experiment" : "");
    }
}

} // namespace
} // namespace tinymf::host
