// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <fuzzer/FuzzedDataProvider.h>

#include "app/command.hpp"
#include "app/run_state.hpp"
#include "device/byte_link.hpp"
#include "device/frame_receiver.hpp"
#include "fuzz/small_board.hpp"
#include "tinymf/assert.hpp"
#include "tinymf/stream/byte_reader.hpp"
#include "tinymf/stream/byte_writer.hpp"
#include "tinymf/stream/frame.hpp"
#include "tinymf/stream/frame_kinds.hpp"

namespace tinymf::fuzz {

/// The other end of a line, in the fuzzer's hands: what a real board says, told, lost, damaged or
/// told twice, and between it frames of any kind, noise and silence. When its script is over it
/// stays with one manner until the session has had enough. Time is its own and passes by reading.
class HostilePeer : public host::ByteLink {
public:
    using Bytes = std::vector<std::uint8_t>;
    using Milliseconds = std::chrono::milliseconds;

    /// How it goes on behind its script.
    enum class Manner : std::uint8_t {
        closes,
        says_nothing,
        raves,  ///< says the last thing again and again
        agrees, ///< answers every command, and does nothing
        honest, ///< is the real board, at last
    };

    HostilePeer(FuzzedDataProvider& script, Milliseconds patience)
        : script_{script}, patience_{patience}, manner_{script.PickValueInArray(
                                                    {Manner::closes, Manner::says_nothing,
                                                     Manner::raves, Manner::agrees,
                                                     Manner::honest})},
          takes_commands_{script.ConsumeIntegral<std::uint8_t>() < 230} {
        if (!takes_commands_) {
            manner_ = Manner::closes; // a recording has an end
        }
    }

    std::size_t read(std::span<std::uint8_t> bytes, Milliseconds limit) override {
        time_ += Milliseconds(1);
        if (unread_.empty() && !ended_) {
            unread_ = say();
            said_.insert(said_.end(), unread_.begin(), unread_.end());
            decoder_.feed(unread_, [this](const stream::FrameView& frame) {
                sequence_ = frame.header.sequence;
            });
        }
        if (unread_.empty()) {
            time_ += ended_ ? Milliseconds(0) : limit;
        }
        require_patience_to_end();
        const std::size_t count = std::min(bytes.size(), unread_.size());
        std::ranges::copy_n(unread_.begin(), static_cast<std::ptrdiff_t>(count), bytes.begin());
        unread_.erase(unread_.begin(), unread_.begin() + static_cast<std::ptrdiff_t>(count));
        return count;
    }

    /// Commands come whole, of a known kind, whatever was said to the host.
    void write(std::span<const std::uint8_t> bytes) override {
        written_.feed(bytes, [this](const stream::FrameView& frame) {
            TINYMF_ASSERT(frame.header.schema == stream::schema_id);
            command_ = static_cast<stream::Kind>(frame.header.kind);
            TINYMF_ASSERT(command_ == stream::Kind::credit ||
                          firmware::rule_for(frame.header.kind) != nullptr);
            stream::ByteReader payload(frame.payload);
            header_ = stream::get_fields<stream::CommandHeader>(payload);
            TINYMF_ASSERT(payload.ok());
            unanswered_ = command_ != stream::Kind::credit;
        });
        TINYMF_ASSERT(written_.counters().clean() && written_.pending_bytes() == 0);
        if (takes_commands_) {
            board_.write(bytes);
        }
    }

    [[nodiscard]] bool ended() const override { return ended_ && unread_.empty(); }
    [[nodiscard]] bool takes_commands() const override { return takes_commands_; }

    [[nodiscard]] host::SessionTime time() const { return time_; }
    /// Every byte so far.
    [[nodiscard]] const Bytes& said() const { return said_; }
    /// Nothing but what the board said, in time.
    [[nodiscard]] bool was_honest() const { return honest_; }

private:
    Bytes say() {
        if (honest_reads_ > 0) {
            --honest_reads_;
            return of_the_board();
        }
        if (script_.remaining_bytes() == 0) {
            return say_behind_script();
        }
        switch (script_.ConsumeIntegralInRange<unsigned>(0, 8)) {
        case 0:
        case 1:
            honest_reads_ = script_.ConsumeIntegralInRange<unsigned>(0, 31);
            return of_the_board();
        case 2:
            honest_ = false;
            return {};
        case 3:
            honest_ = false;
            static_cast<void>(of_the_board());
            return {};
        case 4: {
            Bytes bytes = of_the_board();
            if (!bytes.empty()) {
                honest_ = false;
                bytes[script_.ConsumeIntegralInRange<std::size_t>(0, bytes.size() - 1)] ^=
                    script_.ConsumeIntegral<std::uint8_t>();
            }
            return bytes;
        }
        case 5:
            honest_ = false;
            return script_.ConsumeBytes<std::uint8_t>(
                script_.ConsumeIntegralInRange<std::size_t>(0, 300));
        case 6:
            honest_ = false;
            return last_said();
        default:
            honest_ = false;
            return any_frame();
        }
    }

    Bytes say_behind_script() {
        if (!script_over_) {
            script_over_ = true;
            most_time_ = time_ + most_rounds() * patience_;
        }
        honest_ = honest_ && manner_ == Manner::honest;
        switch (manner_) {
        case Manner::closes:
            ended_ = true;
            return {};
        case Manner::says_nothing:
            return {};
        case Manner::raves:
            return last_said();
        case Manner::agrees:
            return agreement();
        default:
            return of_the_board();
        }
    }

    /// In whole waits for an answer: what five attempts at every place of a session can come to,
    /// with room; the run of a real board has many steps to stop at.
    [[nodiscard]] int most_rounds() const { return manner_ == Manner::honest ? 5000 : 100; }

    void require_patience_to_end() const { TINYMF_ASSERT(!script_over_ || time_ < most_time_); }

    Bytes of_the_board() {
        Bytes bytes(4096);
        bytes.resize(takes_commands_ ? board_.read(bytes, Milliseconds(0)) : 0);
        return bytes;
    }

    [[nodiscard]] Bytes last_said() const {
        constexpr std::size_t most = 400;
        return {said_.end() - static_cast<std::ptrdiff_t>(std::min(most, said_.size())),
                said_.end()};
    }

    /// An answer to the last command; the run is told to be running, at its first step.
    Bytes agreement() {
        if (!std::exchange(unanswered_, false)) {
            return {};
        }
        Bytes bytes = frame(stream::Kind::ack, command_name());
        if (command_ == stream::Kind::query_status) {
            Bytes status = command_name();
            status.push_back(static_cast<std::uint8_t>(firmware::RunState::running));
            status.resize(status.size() + 24);
            const Bytes told = frame(stream::Kind::status, status);
            bytes.insert(bytes.end(), told.begin(), told.end());
        }
        return bytes;
    }

    Bytes any_frame() {
        using enum stream::Kind;
        const bool known = script_.ConsumeIntegral<std::uint8_t>() < 240;
        const auto kind =
            known ? script_.PickValueInArray({hello,    profile,    configuration, state,  observe,
                                              row,      digest,     timing,        gap,    table,
                                              fault,    checkpoint, input_taken,   status, ticks,
                                              restored, saturation, end,           ack,    nak})
                  : static_cast<stream::Kind>(script_.ConsumeIntegral<std::uint8_t>());
        const bool names_command = kind == ack || kind == nak || kind == status;
        Bytes payload = names_command && script_.ConsumeBool() ? command_name() : Bytes();
        const auto drawn =
            script_.ConsumeBytes<std::uint8_t>(script_.ConsumeIntegralInRange<std::size_t>(0, 60));
        payload.insert(payload.end(), drawn.begin(), drawn.end());
        return frame(kind, payload);
    }

    [[nodiscard]] Bytes command_name() const {
        Bytes bytes(2 * sizeof(std::uint32_t));
        stream::ByteWriter writer(bytes);
        writer.put(header_.session);
        writer.put(header_.number);
        return bytes;
    }

    [[nodiscard]] Bytes frame(stream::Kind kind, std::span<const std::uint8_t> payload) {
        Bytes wire(stream::largest_wire_frame);
        wire.resize(stream::encode_frame(
            wire, {static_cast<std::uint8_t>(kind), stream::schema_id, ++sequence_}, payload));
        return wire;
    }

    FuzzedDataProvider& script_;
    Milliseconds patience_;
    Manner manner_;
    bool takes_commands_;
    SmallBoard board_;
    host::SessionTime time_;
    host::SessionTime most_time_;
    bool script_over_ = false;
    bool honest_ = true;
    bool ended_ = false;
    unsigned honest_reads_ = 0;
    Bytes unread_;
    Bytes said_;
    stream::FrameDecoder decoder_; ///< of what was said
    std::uint32_t sequence_ = 0;
    stream::FrameDecoder written_;
    stream::Kind command_ = stream::Kind::identify;
    firmware::CommandHeader header_;
    bool unanswered_ = false;
};

} // namespace tinymf::fuzz
