// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <cstdint>
#include <functional>
#include <iterator>
#include <map>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "app/run_state.hpp"
#include "base/host_error.hpp"
#include "device/byte_link.hpp"
#include "device/session.hpp"
#include "experiment/experiment.hpp"
#include "tinymf/stream/frame.hpp"
#include "unit/capture_files.hpp"

namespace tinymf::test {

/// Builds a payload field by field, little-endian.
class Fields {
public:
    template <class V>
    Fields& put(V value) {
        const auto bytes = std::bit_cast<std::array<std::uint8_t, sizeof(V)>>(value);
        bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
        return *this;
    }
    Fields& text(const std::string& text) {
        put(static_cast<std::uint8_t>(text.size()));
        bytes_.insert(bytes_.end(), text.begin(), text.end());
        return *this;
    }
    [[nodiscard]] const Bytes& bytes() const { return bytes_; }

private:
    Bytes bytes_;
};

/// A command as it came: its names and its arguments.
struct Command {
    stream::Kind kind{};
    std::uint32_t session = 0;
    std::uint32_t number = 0;
    Bytes arguments;

    /// Little-endian number of `size` bytes at `offset` of the arguments.
    [[nodiscard]] std::uint64_t get(std::size_t offset, std::size_t size) const {
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < size; ++i) {
            value |= std::uint64_t{arguments.at(offset + i)} << (8 * i);
        }
        return value;
    }
};

/// The other end of a session, played by a test: it notes every command and answers by a script,
/// ACK and nothing else unless the test says otherwise. One profile, of a network of 16 neurons.
class ScriptedDevice : public host::ByteLink {
public:
    using Script = std::function<void(const Command&)>;

    ScriptedDevice() {
        on[stream::Kind::identify] = [this](const Command& command) {
            introduce();
            acknowledge(command);
        };
        on[stream::Kind::query_status] = [this](const Command& command) {
            acknowledge(command);
            tell_status(firmware::RunState::idle, 0);
        };
        on[stream::Kind::start] = [this](const Command& command) {
            acknowledge(command);
            end();
        };
        on[stream::Kind::credit] = [](const Command&) {};
    }

    std::size_t read(std::span<std::uint8_t> bytes, std::chrono::milliseconds limit) override {
        if (said_.empty()) {
            said_ = cry;
        }
        if (said_.empty()) {
            std::this_thread::sleep_for(std::min(limit, std::chrono::milliseconds{1}));
            return 0;
        }
        const std::size_t count = std::min(bytes.size(), said_.size());
        std::copy_n(said_.begin(), count, bytes.begin());
        said_.erase(said_.begin(), said_.begin() + static_cast<std::ptrdiff_t>(count));
        return count;
    }
    void write(std::span<const std::uint8_t> bytes) override {
        decoder_.feed(bytes, [this](const stream::FrameView& frame) {
            const auto part = [&frame](std::size_t offset) {
                return std::uint32_t{frame.payload[offset]} |
                       std::uint32_t{frame.payload[offset + 1]} << 8U |
                       std::uint32_t{frame.payload[offset + 2]} << 16U |
                       std::uint32_t{frame.payload[offset + 3]} << 24U;
            };
            const Command command{.kind = static_cast<stream::Kind>(frame.header.kind),
                                  .session = part(0),
                                  .number = part(4),
                                  .arguments = {frame.payload.begin() + 8, frame.payload.end()}};
            commands.push_back(command);
            last_ = command;
            const auto script = on.find(command.kind);
            script != on.end() ? script->second(command) : acknowledge(command);
        });
    }
    [[nodiscard]] bool ended() const override { return gone && said_.empty(); }

    void say(stream::Kind kind, const Bytes& payload = {}) {
        const Bytes frame = source_.frame(kind, payload);
        said_.insert(said_.end(), frame.begin(), frame.end());
    }
    void skip(std::uint32_t frames) { source_.skip(frames); }
    /// Everything that it said was read.
    [[nodiscard]] bool is_quiet() const { return said_.empty(); }
    void acknowledge(const Command& command) {
        say(stream::Kind::ack, Fields().put(command.session).put(command.number).bytes());
    }
    void refuse(const Command& command, std::uint8_t code, std::uint8_t field = 0,
                float lowest = 0.0F, float highest = 0.0F) {
        say(stream::Kind::nak, Fields()
                                   .put(command.session)
                                   .put(command.number)
                                   .put(code)
                                   .put(field)
                                   .put(lowest)
                                   .put(highest)
                                   .bytes());
    }
    void introduce() {
        say_hello();
        say_profile();
    }
    void say_hello() {
        say(stream::Kind::hello, Fields()
                                     .put(protocol)
                                     .put(features)
                                     .text("1")
                                     .text("hash")
                                     .text("gcc")
                                     .put(std::uint32_t{0})
                                     .text("board")
                                     .put(std::uint8_t{0})
                                     .put(std::uint32_t{1})
                                     .put(float_mode)
                                     .put(std::uint32_t{1000})
                                     .put(std::uint8_t{0})
                                     .put(std::uint8_t{1})
                                     .bytes());
    }
    void say_profile() {
        say(stream::Kind::profile, Fields()
                                       .put(std::uint8_t{0}) // first index
                                       .put(static_cast<std::uint8_t>(model))
                                       .put(static_cast<std::uint8_t>(scalar))
                                       .put(law)
                                       .put(replicas)
                                       .put(neurons)
                                       .put(std::uint16_t{0})
                                       .put(std::uint32_t{0})
                                       .put(std::uint8_t{0})
                                       .put(std::uint16_t{0})
                                       .put(std::uint32_t{0})
                                       .bytes());
    }
    /// Of the last command.
    void tell_status(firmware::RunState state, std::uint32_t step) {
        say(stream::Kind::status, Fields()
                                      .put(last_.session)
                                      .put(last_.number)
                                      .put(static_cast<std::uint8_t>(state))
                                      .put(step)
                                      .put(std::uint32_t{0})
                                      .put(std::uint32_t{0})
                                      .put(std::uint32_t{0})
                                      .put(std::uint64_t{0})
                                      .bytes());
    }
    void say_digest(std::uint32_t step) {
        say(stream::Kind::digest,
            Fields().put(step).put(std::uint64_t{0}).put(std::uint64_t{0}).bytes());
    }
    void end(stream::EndReason reason = stream::EndReason::completed, std::uint32_t step = 50) {
        say(stream::Kind::end, Fields()
                                   .put(static_cast<std::uint8_t>(reason))
                                   .put(step)
                                   .put(std::uint64_t{3})
                                   .put(std::uint64_t{4})
                                   .put(std::uint32_t{5})
                                   .bytes());
    }

    [[nodiscard]] std::vector<Command> of(stream::Kind kind) const {
        std::vector<Command> found;
        std::ranges::copy_if(commands, std::back_inserter(found),
                             [kind](const Command& command) { return command.kind == kind; });
        return found;
    }

    std::uint16_t protocol = stream::protocol_version;
    std::uint16_t features = 0;
    std::uint32_t float_mode = 0;
    // Of its profile.
    experiment::ModelKind model = experiment::ModelKind::network;
    experiment::ScalarKind scalar = experiment::ScalarKind::float32;
    std::uint8_t law = 0; ///< CouplingKind or Method
    std::uint8_t replicas = 1;
    std::uint16_t neurons = 16;
    bool gone = false; ///< the line is closed once everything was read
    Bytes cry;         ///< what it says again and again where it has nothing else to say
    std::map<stream::Kind, Script> on;
    std::vector<Command> commands;

private:
    FrameSource source_;
    Bytes said_;
    stream::FrameDecoder decoder_;
    Command last_;
};

inline host::Experiment scripted_experiment(const std::string& more = "") {
    return host::parse_experiment(
        "schema = 1\n[model]\nsteps = 50\n[network]\nneurons = 16\n" + more, "x.toml");
}

inline host::SessionOptions in_haste() {
    host::SessionOptions options;
    options.id = 7;
    options.answer_limit = std::chrono::milliseconds{40};
    return options;
}

/// "exit code: message" of a session, or "ended".
inline std::string outcome_of(host::ByteLink& device,
                              const host::SessionOptions& options = in_haste(),
                              const host::Experiment& experiment = scripted_experiment()) {
    host::Session session(experiment, device, options, [](std::span<const std::uint8_t>) {});
    try {
        static_cast<void>(session.run());
    } catch (const host::HostError& error) {
        return std::to_string(error.exit_code()) + ": " + error.what();
    }
    return session.failure() ? "failed: " + *session.failure() : "ended";
}

} // namespace tinymf::test
