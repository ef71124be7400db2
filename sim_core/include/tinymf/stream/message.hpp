// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tinymf::stream {

inline constexpr std::uint16_t protocol_version = 1;
inline constexpr std::uint8_t schema_id = 1;

/// Kind byte of a frame. Device to host below 0x40, host to device from 0x40. Payload layouts are
/// given beside each kind, in order, little-endian; `text` is a u8 length and that many bytes;
/// `T` is the profile's scalar (4 or 8 bytes).
enum class Kind : std::uint8_t {
    /// protocol u16, incompatible features u16, version text, git hash text, compiler text,
    /// flags fingerprint u32, board text, reset cause u8, run id u32, mode bits u32,
    /// counter rate u32 (per second), counter unit u8 (0 cycles, 1 instructions or timer ticks),
    /// profiles u8 (how many PROFILE entries follow).
    hello = 0x01,
    /// first index u8, then per profile 19 bytes: kind u8, scalar u8, coupling u8 (mean field: the
    /// method), replicas u8, neurons u16 (mean field: bits of a stored number of a path), points
    /// u16, trajectories u32, observables u8 (a set), lags u16, bytes u32.
    profile = 0x02,
    /// One row of the self-description: message kind u8, field index u8, type u8 (FieldType),
    /// shape text, name text, unit text. Shape "": one value; "[4]": four; "[n]": as many as the
    /// payload still holds. Where several fields at the end have "[n]", they repeat together.
    table = 0x03,
    /// Echo of the accepted setup: session u32, profile index u8, delivery u8, deadline u8
    /// (DeadlinePolicy), tick period u32 (us, 0: none), parameters as in experiment/wire.hpp; then
    /// that tick in counts of the board's clock u32, and their rate u32 (per second), 0 without.
    configuration = 0x04,

    /// step u32, replica u8, first neuron u16, then values T[]: x of consecutive neurons.
    state = 0x10,
    /// array u8 (observe::ObservedArray), step u32 at which the block ended, first element u32,
    /// then values T[]: consecutive estimates.
    observe = 0x11,
    /// array u8 (mean_field::TwoTimeArray), population u8, row u32, first column u32, then values
    /// T[]: consecutive entries of a row of a two-time array.
    row = 0x12,
    /// step u32, digest u64 over every state since step 0, couplings digest u64.
    digest = 0x13,
    /// phase u8 (observe::WorkPhase), count u32 (samples, one a step), least u32, most u32, total
    /// u64, histogram u32[timing_bins] of significant bits; times in counts of the device's
    /// counter. One frame for each phase of a step, before the END of a run.
    timing = 0x14,
    /// first step u32 not reported, dropped frames u32 since the last frame that was sent.
    gap = 0x15,
    /// cause u8, step u32, index u32, then the 64-byte fault record where one exists.
    fault = 0x17,
    /// first byte u32, total bytes u32, then bytes of a checkpoint (see checkpoint/header.hpp).
    checkpoint = 0x18,
    /// step u32 from which the value acts, value T: a live input as it took effect.
    input_taken = 0x19,
    /// session u32, command number u32, run state u8, step u32, dropped frames u32,
    /// missed ticks u32, stack high water u32 (bytes), digest u64.
    status = 0x1A,
    /// passed u8, digest of the elementary functions u32, digest of a small network u64,
    /// generator u8 (1: known answers given), mode bits u32.
    selftest = 0x1B,
    /// period u32 (counts), then of the ticks since START: the last that released a step u32, how
    /// many passed without a step u32, worst lateness of a step u32 (counts from the beginning of
    /// the tick that was due), first and last tick without a step u32 (0: none). Before the END of
    /// a run with a tick.
    ticks = 0x1C,
    /// step u32, digest u64, couplings digest u64: the run goes on from a checkpoint at this step.
    restored = 0x1D,
    /// count u64 of numbers that 16-bit path histories held at the ends of their range, first step
    /// u32 of one. Directly before the END of a run with a count above 0, which is not to be
    /// trusted.
    saturation = 0x1E,
    /// reason u8 (EndReason), step u32, digest u64, couplings digest u64, dropped frames u32.
    end = 0x1F,

    /// session u32, command number u32.
    ack = 0x20,
    /// session u32, command number u32, code u8 (RefusalCode), field u8, lowest f32, highest f32.
    nak = 0x21,

    // Every command starts with session u32, command number u32.
    /// ... profile index u8, delivery u8, deadline u8, tick period u32 (us), parameters.
    configure = 0x40,
    start = 0x41,
    pause = 0x42,
    /// ... steps u32.
    step = 0x43,
    stop = 0x44,
    /// ... value T: held from the next step on.
    input = 0x45,
    /// CHECKPOINT frames of the present step follow; the run waits until all of them are queued.
    snapshot = 0x46,
    /// ... first byte u32, total bytes u32, bytes of a checkpoint: pieces in order, the first with
    /// the whole header; RESTORED follows the last.
    restore = 0x47,
    run_selftest = 0x48,
    query_status = 0x49,
    /// ... frames u32: total number of data frames the device may have sent in this session.
    credit = 0x4A,
    /// Ask for HELLO and PROFILE again.
    identify = 0x4B,
};

/// `scalar`: f32 or f64, as the profile of the last CONFIGURATION has it. `text`: u8 length and
/// that many bytes. `bytes`: single bytes.
enum class FieldType : std::uint8_t { u8, u16, u32, u64, f32, f64, text, bytes, scalar };

/// How frames meet a slow link; recorded in the capture.
/// lossless: the model waits for credit. realtime: the tick never waits, whole frames are dropped,
/// counted and announced by GAP.
enum class Delivery : std::uint8_t { lossless, realtime };
inline constexpr std::array<std::string_view, 2> delivery_names{"lossless", "realtime"};

/// What a tick without a step does to a run; recorded in the capture. late: it is counted and the
/// run goes on, every step computed. stop: it ends the run.
enum class DeadlinePolicy : std::uint8_t { late, stop };
inline constexpr std::array<std::string_view, 2> deadline_policy_names{"late", "stop"};

/// Why a run ended. No device says `fault`: a fault restarts the board.
enum class EndReason : std::uint8_t { completed, stopped, non_finite, fault, missed_deadline };
inline constexpr std::array<std::string_view, 5> end_reason_names{
    "completed", "stopped", "non_finite", "fault", "missed_deadline"};

/// Bin k of a TIMING histogram counts samples of k significant bits, the last one also of 32.
inline constexpr std::size_t timing_bins = 32;

} // namespace tinymf::stream
