// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include <gtest/gtest.h>

#include "app/application.hpp"
#include "app/model_list.hpp"
#include "port/host_port.hpp"
#include "tinymf/network/network.hpp"
#include "tinymf/stream/byte_writer.hpp"
#include "tinymf/stream/frame.hpp"

namespace tinymf::firmware {

using experiment::Field;
using experiment::Parameters;
using experiment::RefusalCode;
using stream::Kind;

using Model = network::Network<float, 24, model::CouplingKind::gaussian>;

struct ReceivedFrame {
    Kind kind;
    std::uint32_t sequence;
    std::vector<std::uint8_t> payload;
};

struct CheckpointPiece {
    std::uint32_t first = 0;
    std::uint32_t total = 0;
    std::vector<std::uint8_t> bytes{};
};

/// A device and its host on one thread: commands go in, turns run, frames come out.
class Bench {
public:
    using Device = Application<HostPort<>, ModelList<Model>, 4096>;

    Bench() { device_->boot(); }

    /// Power goes and comes back: nothing is left but the port.
    void reset() {
        device_ = std::make_unique<Device>(*port_, "host");
        device_->boot();
    }

    void send(Kind kind, const std::function<void(stream::ByteWriter&)>& write) {
        std::array<std::uint8_t, stream::largest_payload> bytes{};
        stream::ByteWriter payload(bytes);
        write(payload);
        std::array<std::uint8_t, stream::largest_wire_frame> wire{};
        const std::size_t size = stream::encode_frame(
            wire, {static_cast<std::uint8_t>(kind), stream::schema_id, 0}, payload.written());
        ASSERT_EQ(port_->send(std::span(wire).first(size)), size);
    }

    void command(Kind kind, std::uint32_t number,
                 const std::function<void(stream::ByteWriter&)>& write = {}) {
        send(kind, [&](stream::ByteWriter& payload) {
            payload.put(session_);
            payload.put(number);
            if (write) {
                write(payload);
            }
        });
    }

    void configure(std::uint32_t number, const Parameters<float>& parameters,
                   stream::Delivery delivery = stream::Delivery::lossless) {
        command(Kind::configure, number, [&](stream::ByteWriter& payload) {
            payload.put(std::uint8_t{0});
            payload.put(static_cast<std::uint8_t>(delivery));
            payload.put(std::uint32_t{0});
            write(payload, parameters);
        });
    }

    void restore(std::uint32_t number, const CheckpointPiece& piece) {
        command(Kind::restore, number, [&](stream::ByteWriter& payload) {
            payload.put(piece.first);
            payload.put(piece.total);
            payload.put(piece.bytes);
        });
    }

    void credit(std::uint32_t total) {
        command(Kind::credit, 0, [&](stream::ByteWriter& payload) { payload.put(total); });
    }

    /// Runs until the device has nothing to do; collects what it said.
    std::vector<ReceivedFrame> settle() {
        std::vector<ReceivedFrame> frames;
        for (bool busy = true; busy;) {
            const bool moved = device_->turn();
            busy = drain(frames) || moved;
        }
        return frames;
    }

    /// As settle, but the host takes no bytes: the line is full.
    void settle_unread() {
        while (device_->turn()) {
        }
    }

    Device& device() { return *device_; }
    void use_session(std::uint32_t session) { session_ = session; }
    const stream::FrameCounters& counters() const { return decoder_.counters(); }

private:
    bool drain(std::vector<ReceivedFrame>& frames) {
        std::array<std::uint8_t, 256> bytes{};
        bool moved = false;
        while (const std::size_t count = port_->receive(bytes)) {
            moved = true;
            decoder_.feed(std::span<const std::uint8_t>(bytes).first(count),
                          [&frames](const stream::FrameView& frame) {
                              frames.push_back({static_cast<Kind>(frame.header.kind),
                                                frame.header.sequence,
                                                {frame.payload.begin(), frame.payload.end()}});
                          });
        }
        return moved;
    }

    std::unique_ptr<HostPort<>> port_ = std::make_unique<HostPort<>>();
    std::unique_ptr<Device> device_ = std::make_unique<Device>(*port_, "host");
    stream::FrameDecoder decoder_;
    std::uint32_t session_ = 7;
};

inline std::vector<Kind> kinds(const std::vector<ReceivedFrame>& frames) {
    std::vector<Kind> result;
    for (const ReceivedFrame& frame : frames) {
        result.push_back(frame.kind);
    }
    return result;
}

inline std::optional<ReceivedFrame> find(const std::vector<ReceivedFrame>& frames, Kind kind) {
    for (const ReceivedFrame& frame : frames) {
        if (frame.kind == kind) {
            return frame;
        }
    }
    return {};
}

/// Code and field of the only answer in `frames`; accepted for an ACK.
inline experiment::Refusal answer_in(const std::vector<ReceivedFrame>& frames) {
    if (find(frames, Kind::ack)) {
        return {};
    }
    const auto nak = find(frames, Kind::nak);
    EXPECT_TRUE(nak.has_value());
    return nak ? experiment::Refusal{static_cast<RefusalCode>(nak->payload[8]),
                                     static_cast<Field>(nak->payload[9])}
               : experiment::Refusal{};
}

} // namespace tinymf::firmware
