// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "tinymf/stream/command_frames.hpp"
#include "tinymf/stream/frame_fields.hpp"
#include "tinymf/stream/introduction_frames.hpp"

namespace tinymf::stream {

inline constexpr std::uint16_t protocol_version = 1;
inline constexpr std::uint8_t schema_id = 1;

/// Kind byte of a frame. Device to host below 0x40, host to device from 0x40. What a kind holds is
/// the struct of its name below.
enum class Kind : std::uint8_t {
    hello = 0x01,
    profile = 0x02,
    table = 0x03,
    configuration = 0x04,

    state = 0x10,
    observe = 0x11,
    row = 0x12,
    digest = 0x13,
    timing = 0x14,
    gap = 0x15,
    fault = 0x17,
    checkpoint = 0x18,
    input_taken = 0x19,
    status = 0x1A,
    selftest = 0x1B,
    ticks = 0x1C,
    restored = 0x1D,
    saturation = 0x1E,
    end = 0x1F,

    ack = 0x20,
    nak = 0x21,

    // Every command starts with a CommandHeader; some have a struct of arguments behind it.
    configure = 0x40,
    start = 0x41,
    pause = 0x42,
    step = 0x43,
    stop = 0x44,
    input = 0x45,
    snapshot = 0x46,
    restore = 0x47,
    run_selftest = 0x48,
    query_status = 0x49,
    credit = 0x4A,
    identify = 0x4B,
};

/// Bin k of a TIMING histogram counts samples of k significant bits, the last one also of 32.
inline constexpr std::size_t timing_bins = 32;

/// x of consecutive neurons.
struct StateFrame {
    std::uint32_t step = 0;
    std::uint8_t replica = 0;
    std::uint16_t first_neuron = 0;

    static constexpr void visit(auto& frame, auto&& field) {
        field(frame.step, name<"step", "dt">);
        field(frame.replica, name<"replica">);
        field(frame.first_neuron, name<"first_neuron">);
        field(Values<FieldType::scalar>{}, name<"x">);
    }
};

/// Consecutive estimates of a block that ended at `step`.
struct ObserveFrame {
    std::uint8_t array = 0; ///< observe::ObservedArray
    std::uint32_t step = 0;
    std::uint32_t first_element = 0;

    static constexpr void visit(auto& frame, auto&& field) {
        field(frame.array, name<"array">);
        field(frame.step, name<"step", "dt">);
        field(frame.first_element, name<"first_element">);
        field(Values<FieldType::scalar>{}, name<"values">);
    }
};

/// Consecutive entries of a row of a two-time array.
struct RowFrame {
    std::uint8_t array = 0; ///< mean_field::TwoTimeArray
    std::uint8_t population = 0;
    std::uint32_t row = 0;
    std::uint32_t first_column = 0;

    static constexpr void visit(auto& frame, auto&& field) {
        field(frame.array, name<"array">);
        field(frame.population, name<"population">);
        field(frame.row, name<"row", "dt">);
        field(frame.first_column, name<"first_column", "dt">);
        field(Values<FieldType::scalar>{}, name<"values">);
    }
};

/// A step, the digest of every state up to it, and that of the couplings.
struct DigestFrame {
    std::uint32_t step = 0;
    std::uint64_t states_digest = 0;
    std::uint64_t couplings_digest = 0;

    static constexpr void visit(auto& frame, auto&& field) {
        field(frame.step, name<"step", "dt">);
        field(frame.states_digest, name<"states_digest">);
        field(frame.couplings_digest, name<"couplings_digest">);
    }
};

/// How long one phase of a step took; one frame for each phase, before the END of a run. The
/// histogram has timing_bins counts by significant bits.
struct TimingFrame {
    std::uint8_t phase = 0;    ///< observe::WorkPhase
    std::uint32_t samples = 0; ///< one a step
    std::uint32_t least = 0;
    std::uint32_t most = 0;
    std::uint64_t total = 0;

    static constexpr void visit(auto& frame, auto&& field) {
        field(frame.phase, name<"phase">);
        field(frame.samples, name<"samples">);
        field(frame.least, name<"least", "counts">);
        field(frame.most, name<"most", "counts">);
        field(frame.total, name<"total", "counts">);
        field(Values<FieldType::u32>{}, name<"histogram">);
    }
};

/// Frames of a realtime run that found no room since the last one that was sent.
struct GapFrame {
    std::uint32_t first_step = 0; ///< not reported
    std::uint32_t dropped_frames = 0;

    static constexpr void visit(auto& frame, auto&& field) {
        field(frame.first_step, name<"first_step", "dt">);
        field(frame.dropped_frames, name<"dropped_frames">);
    }
};

/// Why a run ended before its time, or, with the 64 bytes of a record, how the last boot did.
struct FaultFrame {
    std::uint8_t cause = 0;
    std::uint32_t step = 0;
    std::uint32_t index = 0; ///< depends on the cause

    static constexpr void visit(auto& frame, auto&& field) {
        field(frame.cause, name<"cause">);
        field(frame.step, name<"step", "dt">);
        field(frame.index, name<"index">);
        field(Values<FieldType::bytes>{}, name<"record">);
    }
};

/// A piece of a checkpoint (checkpoint/header.hpp). Also the arguments of RESTORE: pieces in order,
/// the first with the whole header.
struct CheckpointFrame {
    std::uint32_t first_byte = 0;
    std::uint32_t total = 0;

    static constexpr void visit(auto& frame, auto&& field) {
        field(frame.first_byte, name<"first_byte", "byte">);
        field(frame.total, name<"total", "byte">);
        field(Values<FieldType::bytes>{}, name<"bytes">);
    }
};

/// A live input and the step from which it acts.
struct InputTakenFrame {
    std::uint32_t step = 0;

    static constexpr void visit(auto& frame, auto&& field) {
        field(frame.step, name<"step", "dt">);
        field(Values<FieldType::scalar, 1>{}, name<"input">);
    }
};

struct StatusFrame {
    std::uint32_t session = 0;
    std::uint32_t command = 0; ///< the last that was answered
    std::uint8_t run_state = 0;
    std::uint32_t step = 0;
    std::uint32_t dropped_frames = 0;
    std::uint32_t missed_ticks = 0;
    std::uint32_t stack_high_water = 0;
    std::uint64_t states_digest = 0;

    static constexpr void visit(auto& frame, auto&& field) {
        field(frame.session, name<"session">);
        field(frame.command, name<"command">);
        field(frame.run_state, name<"run_state">);
        field(frame.step, name<"step", "dt">);
        field(frame.dropped_frames, name<"dropped_frames">);
        field(frame.missed_ticks, name<"missed_ticks", "ticks">);
        field(frame.stack_high_water, name<"stack_high_water", "byte">);
        field(frame.states_digest, name<"states_digest">);
    }
};

/// What experiment/self_test.hpp finds.
struct SelftestFrame {
    std::uint8_t passed = 0;
    std::uint32_t functions_digest = 0; ///< of the elementary functions
    std::uint64_t network_digest = 0;   ///< of a small network
    std::uint8_t known_answers = 0;     ///< 1: given by the random generator
    std::uint32_t mode_bits = 0;

    static constexpr void visit(auto& frame, auto&& field) {
        field(frame.passed, name<"passed">);
        field(frame.functions_digest, name<"functions_digest">);
        field(frame.network_digest, name<"network_digest">);
        field(frame.known_answers, name<"known_answers">);
        field(frame.mode_bits, name<"mode_bits">);
    }
};

/// Of the ticks since START, before the END of a run with a tick.
struct TicksFrame {
    std::uint32_t period = 0;
    std::uint32_t last_tick = 0;    ///< that released a step
    std::uint32_t missed = 0;       ///< that passed without a step
    std::uint32_t worst_late = 0;   ///< of a step, from the beginning of the tick that was due
    std::uint32_t first_missed = 0; ///< 0: none
    std::uint32_t last_missed = 0;  ///< 0: none

    static constexpr void visit(auto& frame, auto&& field) {
        field(frame.period, name<"period", "counts">);
        field(frame.last_tick, name<"last_tick", "ticks">);
        field(frame.missed, name<"missed", "ticks">);
        field(frame.worst_late, name<"worst_late", "counts">);
        field(frame.first_missed, name<"first_missed", "ticks">);
        field(frame.last_missed, name<"last_missed", "ticks">);
    }
};

/// The run goes on from a checkpoint at this step.
struct RestoredFrame : DigestFrame {};

/// Numbers that 16-bit path histories held at the ends of their range. Directly before the END of a
/// run that has any, which is not to be trusted.
struct SaturationFrame {
    std::uint64_t count = 0; ///< > 0
    std::uint32_t first_step = 0;

    static constexpr void visit(auto& frame, auto&& field) {
        field(frame.count, name<"count">);
        field(frame.first_step, name<"first_step", "dt">);
    }

    friend constexpr bool operator==(const SaturationFrame&, const SaturationFrame&) = default;
};

struct EndFrame {
    std::uint8_t reason = 0; ///< EndReason
    std::uint32_t step = 0;
    std::uint64_t states_digest = 0;
    std::uint64_t couplings_digest = 0;
    std::uint32_t dropped_frames = 0;

    static constexpr void visit(auto& frame, auto&& field) {
        field(frame.reason, name<"reason">);
        field(frame.step, name<"step", "dt">);
        field(frame.states_digest, name<"states_digest">);
        field(frame.couplings_digest, name<"couplings_digest">);
        field(frame.dropped_frames, name<"dropped_frames">);
    }
};

template <Kind number, class Frame>
struct Sent {};

template <class... Frames>
struct FrameList;

template <Kind... kinds, class... Frames>
struct FrameList<Sent<kinds, Frames>...> {
    /// Calls `take.template operator()<Frame>(kind)` for each.
    static constexpr void for_each(auto&& take) { (take.template operator()<Frames>(kinds), ...); }

    template <class Frame>
    static consteval Kind kind_of() {
        Kind found{};
        ((found = std::is_same_v<Frame, Frames> ? kinds : found), ...);
        return found;
    }
};

/// All that a device sends, in the order of TABLE.
using DeviceFrames =
    FrameList<Sent<Kind::hello, HelloFrame>, Sent<Kind::profile, ProfileFrame>,
              Sent<Kind::table, TableFrame>, Sent<Kind::configuration, ConfigurationFrame>,
              Sent<Kind::state, StateFrame>, Sent<Kind::observe, ObserveFrame>,
              Sent<Kind::row, RowFrame>, Sent<Kind::digest, DigestFrame>,
              Sent<Kind::timing, TimingFrame>, Sent<Kind::gap, GapFrame>,
              Sent<Kind::fault, FaultFrame>, Sent<Kind::checkpoint, CheckpointFrame>,
              Sent<Kind::input_taken, InputTakenFrame>, Sent<Kind::status, StatusFrame>,
              Sent<Kind::selftest, SelftestFrame>, Sent<Kind::ticks, TicksFrame>,
              Sent<Kind::restored, RestoredFrame>, Sent<Kind::saturation, SaturationFrame>,
              Sent<Kind::end, EndFrame>, Sent<Kind::ack, AckFrame>, Sent<Kind::nak, NakFrame>>;

template <class Frame>
inline constexpr Kind kind_of = DeviceFrames::kind_of<Frame>();

} // namespace tinymf::stream
