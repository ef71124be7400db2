// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include <gtest/gtest.h>

#include "app/application.hpp"
#include "app/model_list.hpp"
#include "port/host_port.hpp"
#include "tinymf/experiment/wire.hpp"
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

/// What CONFIGURE says besides the parameters.
struct RunSettings {
    stream::Delivery delivery = stream::Delivery::lossless;
    stream::DeadlinePolicy deadline = stream::DeadlinePolicy::late;
    std::uint32_t period_us = 0;
};

/// A device and its host on one thread: commands go in, turns run, frames come out.
template <class M, std::size_t transmit_capacity = 4096, class Port = HostPort<>>
class DeviceBench {
public:
    using Device = Application<Port, ModelList<M>, transmit_capacity>;

    DeviceBench() { device_->boot(); }

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
        put(std::span(wire).first(size));
    }

    /// Bytes as they are.
    void put(std::span<const std::uint8_t> bytes) { ASSERT_EQ(port_->send(bytes), bytes.size()); }

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

    template <std::floating_point T>
    void configure(std::uint32_t number, const Parameters<T>& parameters,
                   const RunSettings& settings = {}) {
        command(Kind::configure, number, [&](stream::ByteWriter& payload) {
            payload.put(std::uint8_t{0});
            payload.put(static_cast<std::uint8_t>(settings.delivery));
            payload.put(static_cast<std::uint8_t>(settings.deadline));
            payload.put(settings.period_us);
            experiment::write(payload, parameters);
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
    Port& port() { return *port_; }
    void use_session(std::uint32_t session) { session_ = session; }
    const stream::FrameCounters& counters() const { return decoder_.counters(); }

    /// Takes what the device has written, at most `most` bytes of it.
    bool drain(std::vector<ReceivedFrame>& frames,
               std::size_t most = std::numeric_limits<std::size_t>::max()) {
        std::array<std::uint8_t, 256> bytes{};
        bool moved = false;
        while (most > 0) {
            const std::size_t count =
                port_->receive(std::span(bytes).first(std::min(most, bytes.size())));
            if (count == 0) {
                break;
            }
            most -= count;
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

private:
    std::unique_ptr<Port> port_ = std::make_unique<Port>();
    std::unique_ptr<Device> device_ = std::make_unique<Device>(*port_, "host");
    stream::FrameDecoder decoder_;
    std::uint32_t session_ = 7;
};

using Bench = DeviceBench<Model>;

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
