// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "tinymf/stream/command_frames.hpp"
#include "tinymf/stream/frame_fields.hpp"

namespace tinymf::stream {

// What a device says before a run.

/// Which build and board speaks.
struct HelloFrame {
    std::uint16_t protocol = 0;
    std::uint16_t incompatible_features = 0;
    std::string_view version;
    std::string_view git_hash;
    std::string_view compiler;
    std::uint32_t flags_fingerprint = 0;
    std::string_view board;
    std::uint8_t reset_cause = 0;
    std::uint32_t run_id = 0;
    std::uint32_t mode_bits = 0; ///< of floating-point arithmetic
    std::uint32_t counter_rate = 0;
    std::uint8_t counter_unit = 0; ///< 0 cycles, 1 instructions or timer ticks
    std::uint8_t profiles = 0;     ///< entries that follow in PROFILE frames

    static constexpr void visit(auto& frame, auto&& field) {
        field(frame.protocol, name<"protocol">);
        field(frame.incompatible_features, name<"incompatible_features">);
        field(frame.version, name<"version">);
        field(frame.git_hash, name<"git_hash">);
        field(frame.compiler, name<"compiler">);
        field(frame.flags_fingerprint, name<"flags_fingerprint">);
        field(frame.board, name<"board">);
        field(frame.reset_cause, name<"reset_cause">);
        field(frame.run_id, name<"run_id">);
        field(frame.mode_bits, name<"mode_bits">);
        field(frame.counter_rate, name<"counter_rate", "1/s">);
        field(frame.counter_unit, name<"counter_unit">);
        field(frame.profiles, name<"profiles">);
    }
};

/// A model that the device holds ready.
struct ProfileEntry {
    std::uint8_t kind = 0;
    std::uint8_t scalar = 0;
    std::uint8_t coupling_or_method = 0; ///< of a network, or of a mean field
    std::uint8_t replicas = 0;
    std::uint16_t neurons_or_path_bits = 0; ///< likewise; bits of a stored number of a path
    std::uint16_t points = 0;
    std::uint32_t trajectories = 0;
    std::uint8_t observables = 0; ///< a set
    std::uint16_t lags = 0;
    std::uint32_t bytes = 0;

    static constexpr void visit(auto& entry, auto&& field) {
        field(entry.kind, name<"kind">);
        field(entry.scalar, name<"scalar">);
        field(entry.coupling_or_method, name<"coupling_or_method">);
        field(entry.replicas, name<"replicas">);
        field(entry.neurons_or_path_bits, name<"neurons_or_path_bits">);
        field(entry.points, name<"points">);
        field(entry.trajectories, name<"trajectories">);
        field(entry.observables, name<"observables">);
        field(entry.lags, name<"lags">);
        field(entry.bytes, name<"bytes", "byte">);
    }
};

struct ProfileFrame {
    std::uint8_t first_index = 0;

    static constexpr void visit(auto& frame, auto&& field) {
        field(frame.first_index, name<"first_index">);
        field(Entries<ProfileEntry>{}, name<"">);
    }
};

/// One field of a frame: `shape` "" is one value, "[4]" four, "[n]" as many as the payload still
/// holds. Where several fields at the end have "[n]", they repeat together.
struct TableFrame {
    std::uint8_t message = 0; ///< kind of the frame
    std::uint8_t field = 0;   ///< its place in it, from 0
    std::uint8_t type = 0;    ///< FieldType
    std::string_view shape;
    std::string_view called;
    std::string_view unit;

    static constexpr void visit(auto& frame, auto&& field) {
        field(frame.message, name<"message">);
        field(frame.field, name<"field">);
        field(frame.type, name<"type">);
        field(frame.shape, name<"shape">);
        field(frame.called, name<"name">);
        field(frame.unit, name<"unit">);
    }
};

/// Echo of the accepted setup, and its tick as the board's clock makes it.
struct ConfigurationFrame {
    std::uint32_t session = 0;
    ConfigureArguments setup;
    std::uint32_t tick_counts = 0; ///< 0 without a tick
    std::uint32_t tick_clock = 0;  ///< 0 without a tick

    static constexpr void visit(auto& frame, auto&& field) {
        field(frame.session, name<"session">);
        ConfigureArguments::visit(frame.setup, field);
        field(frame.tick_counts, name<"tick_counts", "counts">);
        field(frame.tick_clock, name<"tick_clock", "1/s">);
    }
};

} // namespace tinymf::stream
