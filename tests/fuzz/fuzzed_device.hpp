// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "app/application.hpp"
#include "app/command.hpp"
#include "app/model_list.hpp"
#include "port/host_port.hpp"
#include "tinymf/assert.hpp"
#include "tinymf/experiment/parameters.hpp"
#include "tinymf/experiment/wire.hpp"
#include "tinymf/mean_field/profiles.hpp"
#include "tinymf/network/network.hpp"
#include "tinymf/observe/observed_network.hpp"
#include "tinymf/stream/byte_reader.hpp"
#include "tinymf/stream/byte_writer.hpp"
#include "tinymf/stream/frame.hpp"
#include "tinymf/stream/frame_kinds.hpp"

namespace tinymf::fuzz {

using Bytes = std::vector<std::uint8_t>;

/// The firmware application in the fuzzer's hands: bytes go in, turns run, and whatever it says is
/// held against what any host may rely on, however hostile the bytes were:
/// - its own line is undamaged, and sequence numbers are missing only where GAPs announce them;
/// - every command that came whole is answered once, in order, by its own name;
/// - CONFIGURATION echoes what was accepted;
/// - no number that is not finite is sent.
class FuzzedDevice {
public:
    using Models = firmware::ModelList<
        observe::ObservedNetwork<network::Network<float, 5, model::CouplingKind::gaussian>, 6,
                                 observe::Covariances::kept>,
        network::Network<double, 6, model::CouplingKind::sign>,
        mean_field::ForwardSampler<float, 6, 16, std::int16_t>, mean_field::StationaryRun<float>>;
    static constexpr std::size_t profiles = Models::Engine::profiles.size();

    FuzzedDevice() { device_->boot(); }

    /// Bytes onto the line to the device, as many as it takes.
    void put(std::span<const std::uint8_t> bytes) {
        const std::size_t taken = port_->send(bytes);
        to_device_.feed(bytes.first(taken), [this](const stream::FrameView& frame) {
            if (static_cast<stream::Kind>(frame.header.kind) != stream::Kind::credit) {
                commands_.push_back({frame.header.kind, frame.header.schema,
                                     Bytes(frame.payload.begin(), frame.payload.end())});
            }
        });
    }

    void command(std::uint8_t kind, std::uint8_t schema, const Bytes& payload) {
        std::array<std::uint8_t, stream::largest_wire_frame> wire{};
        const std::size_t size = stream::encode_frame(wire, {kind, schema, 0}, payload);
        put(std::span<const std::uint8_t>(wire).first(size));
    }

    /// At most `turns` of the loop, each with its rest; the host reads in between, or not.
    void run(unsigned turns, bool host_reads) {
        for (; turns > 0; --turns) {
            device_->pass();
            if (host_reads) {
                listen();
            }
        }
    }

    /// Until nothing moves any more, and then nothing may be owed.
    void settle() {
        constexpr unsigned most_turns = 100'000;
        unsigned turns = 0;
        for (bool busy = true; busy; ++turns) {
            const bool moved = device_->turn();
            busy = listen() || moved;
            TINYMF_ASSERT(turns < most_turns);
        }
        TINYMF_ASSERT(commands_.empty());
    }

    void let_time_pass(std::uint32_t counts) { port_->advance(counts); }

    [[nodiscard]] const auto& engine() const { return device_->engine(); }
    [[nodiscard]] firmware::RunState state() const { return device_->state(); }
    [[nodiscard]] std::uint32_t session() const { return session_; }
    [[nodiscard]] std::uint32_t last_number() const { return last_number_; }
    /// The last whole checkpoint that the device told, and the setup of its run.
    [[nodiscard]] const Bytes& checkpoint() const { return checkpoint_; }
    [[nodiscard]] const Bytes& setup_of_checkpoint() const { return setup_of_checkpoint_; }
    [[nodiscard]] const Bytes& setup() const { return setup_; }
    /// ACKs among the answers so far.
    [[nodiscard]] std::uint64_t accepted() const { return accepted_; }

private:
    using Port = firmware::HostPort<8192, 8192>;
    using Device = firmware::Application<Port, Models, 2048>;

    /// Profile, delivery, deadline and tick period.
    static constexpr std::size_t settings_bytes = 7;

    struct Command {
        std::uint8_t kind = 0;
        std::uint8_t schema = 0;
        Bytes payload;
    };

    bool listen() {
        std::array<std::uint8_t, 512> bytes{};
        const std::size_t count = port_->receive(bytes);
        decoder_.feed(std::span<const std::uint8_t>(bytes).first(count),
                      [this](const stream::FrameView& frame) { take(frame); });
        TINYMF_ASSERT(decoder_.counters().clean());
        return count != 0;
    }

    void take(const stream::FrameView& frame) {
        using enum stream::Kind;
        TINYMF_ASSERT(frame.header.schema == stream::schema_id);
        missing_ += frame.header.sequence - next_sequence_;
        next_sequence_ = frame.header.sequence + 1;
        stream::ByteReader payload(frame.payload);
        switch (static_cast<stream::Kind>(frame.header.kind)) {
        case ack:
        case nak:
            take_answer(frame, payload);
            break;
        case configuration:
            take_configuration(frame.payload);
            break;
        case gap:
            static_cast<void>(payload.get<std::uint32_t>());
            announced_ += payload.get<std::uint32_t>();
            break;
        case state:
            static_cast<void>(payload.get_bytes(7));
            take_values(payload);
            break;
        case observe:
            static_cast<void>(payload.get_bytes(9));
            take_values(payload);
            break;
        case row:
            static_cast<void>(payload.get_bytes(10));
            take_values(payload);
            break;
        case checkpoint:
            take_piece(payload);
            break;
        case end:
            TINYMF_ASSERT(announced_ == missing_);
            break;
        default:
            break;
        }
        TINYMF_ASSERT(announced_ <= missing_);
    }

    void take_answer(const stream::FrameView& frame, stream::ByteReader& answer) {
        TINYMF_ASSERT(!commands_.empty());
        const Command command = std::move(commands_.front());
        commands_.pop_front();
        stream::ByteReader payload(command.payload);
        const auto header = stream::get_fields<stream::CommandHeader>(payload);
        const auto answered = stream::get_fields<stream::CommandHeader>(answer);
        TINYMF_ASSERT(answered == header);
        const bool is_ack = static_cast<stream::Kind>(frame.header.kind) == stream::Kind::ack;
        TINYMF_ASSERT(is_ack == answer.finished());
        if (is_ack) {
            take_acceptance(command, header, payload);
        }
        // A refused one has its number, too, if it came whole.
        if (command.schema == stream::schema_id && payload.ok() && header.session == session_) {
            last_number_ = std::max(last_number_, header.number);
        }
    }

    void take_acceptance(const Command& command, const firmware::CommandHeader& header,
                         stream::ByteReader& payload) {
        ++accepted_;
        if (static_cast<stream::Kind>(command.kind) == stream::Kind::configure &&
            (header.session != session_ || header.number > last_number_)) {
            session_ = header.session;
            last_number_ = 0;
            const auto setup = payload.get_bytes(payload.remaining());
            setup_.assign(setup.begin(), setup.end());
            checkpoint_pieces_.clear();
        }
    }

    /// The session and the settings of the run are echoed as they were given, the parameters as
    /// the profile holds them; then comes the tick in nanoseconds, and how many a second has.
    void take_configuration(std::span<const std::uint8_t> payload) {
        stream::ByteReader echo(payload);
        TINYMF_ASSERT(echo.get<std::uint32_t>() == session_);
        const auto setup = std::span<const std::uint8_t>(setup_);
        TINYMF_ASSERT(
            std::ranges::equal(echo.get_bytes(settings_bytes), setup.first(settings_bytes)));
        const experiment::ProfileInfo& profile = Models::Engine::profiles.at(setup.front());
        stream::ByteReader given(setup.subspan(settings_bytes));
        const Bytes parameters = profile.scalar == experiment::ScalarKind::float32
                                     ? canonical<float>(given, profile)
                                     : canonical<double>(given, profile);
        TINYMF_ASSERT(std::ranges::equal(echo.get_bytes(parameters.size()), parameters));
        stream::ByteReader settings(setup.subspan(settings_bytes - sizeof(std::uint32_t)));
        const auto tick_us = settings.get<std::uint32_t>();
        TINYMF_ASSERT(echo.get<std::uint32_t>() == 1000 * tick_us);
        TINYMF_ASSERT(echo.get<std::uint32_t>() == (tick_us != 0 ? 1'000'000'000U : 0U));
        TINYMF_ASSERT(echo.finished());
    }

    /// Minus zero is zero, and a model that observes nothing keeps no settings of observations.
    template <class T>
    static Bytes canonical(stream::ByteReader& given, const experiment::ProfileInfo& profile) {
        auto parameters = experiment::read_parameters<T>(given);
        TINYMF_ASSERT(given.finished());
        if (profile.observables == 0) {
            parameters.observation = {};
        }
        std::array<std::uint8_t, stream::largest_payload> bytes{};
        stream::ByteWriter writer(bytes);
        experiment::write(writer, parameters);
        const auto written = writer.written();
        return {written.begin(), written.end()};
    }

    /// A reader refuses what is not finite. The engine may have another profile already than the
    /// run that said this.
    void take_values(stream::ByteReader& payload) {
        TINYMF_ASSERT(!setup_.empty());
        const bool single =
            Models::Engine::profiles.at(setup_.front()).scalar == experiment::ScalarKind::float32;
        while (payload.ok() && payload.remaining() > 0) {
            single ? static_cast<void>(payload.get<float>())
                   : static_cast<void>(payload.get<double>());
        }
        TINYMF_ASSERT(payload.finished());
    }

    void take_piece(stream::ByteReader& payload) {
        const auto first = payload.get<std::uint32_t>();
        const auto total = payload.get<std::uint32_t>();
        const auto bytes = payload.get_bytes(payload.remaining());
        if (first == 0) {
            checkpoint_pieces_.clear();
        }
        TINYMF_ASSERT(first == checkpoint_pieces_.size() && first + bytes.size() <= total);
        checkpoint_pieces_.insert(checkpoint_pieces_.end(), bytes.begin(), bytes.end());
        if (checkpoint_pieces_.size() == total) {
            checkpoint_ = checkpoint_pieces_;
            setup_of_checkpoint_ = setup_;
        }
    }

    std::unique_ptr<Port> port_ = std::make_unique<Port>();
    std::unique_ptr<Device> device_ = std::make_unique<Device>(*port_, "fuzzed");
    stream::FrameDecoder to_device_;
    std::deque<Command> commands_; ///< whole ones without an answer yet
    stream::FrameDecoder decoder_;
    std::uint32_t next_sequence_ = 0;
    std::uint64_t missing_ = 0;
    std::uint64_t announced_ = 0;
    std::uint64_t accepted_ = 0;
    std::uint32_t session_ = 0;
    std::uint32_t last_number_ = 0;
    Bytes setup_;
    Bytes checkpoint_pieces_;
    Bytes checkpoint_;
    Bytes setup_of_checkpoint_;
};

} // namespace tinymf::fuzz
