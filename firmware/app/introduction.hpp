// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "port/boot_facts.hpp"
#include "port/port.hpp"
#include "tinymf/build_facts.hpp"
#include "tinymf/experiment/profile.hpp"
#include "tinymf/stream/byte_writer.hpp"
#include "tinymf/stream/message.hpp"

namespace tinymf::firmware {

/// One field of a data message, as TABLE announces it. Shapes: "" is a scalar, "[n]" as many
/// values as the payload still holds.
struct FieldDescription {
    stream::Kind message;
    std::uint8_t index;
    stream::FieldType type;
    std::string_view shape;
    std::string_view name;
    std::string_view unit;
};

/// Every field of every data frame, in payload order: enough to decode a capture without sources.
inline constexpr std::array<FieldDescription, 49> data_fields{
    FieldDescription{stream::Kind::state, 0, stream::FieldType::u32, "", "step", "dt"},
    FieldDescription{stream::Kind::state, 1, stream::FieldType::u8, "", "replica", ""},
    FieldDescription{stream::Kind::state, 2, stream::FieldType::u16, "", "first_neuron", ""},
    FieldDescription{stream::Kind::state, 3, stream::FieldType::scalar, "[n]", "x", ""},
    FieldDescription{stream::Kind::observe, 0, stream::FieldType::u8, "", "array", ""},
    FieldDescription{stream::Kind::observe, 1, stream::FieldType::u32, "", "step", "dt"},
    FieldDescription{stream::Kind::observe, 2, stream::FieldType::u32, "", "first_element", ""},
    FieldDescription{stream::Kind::observe, 3, stream::FieldType::scalar, "[n]", "values", ""},
    FieldDescription{stream::Kind::row, 0, stream::FieldType::u8, "", "array", ""},
    FieldDescription{stream::Kind::row, 1, stream::FieldType::u8, "", "population", ""},
    FieldDescription{stream::Kind::row, 2, stream::FieldType::u32, "", "row", "dt"},
    FieldDescription{stream::Kind::row, 3, stream::FieldType::u32, "", "first_column", "dt"},
    FieldDescription{stream::Kind::row, 4, stream::FieldType::scalar, "[n]", "values", ""},
    FieldDescription{stream::Kind::digest, 0, stream::FieldType::u32, "", "step", "dt"},
    FieldDescription{stream::Kind::digest, 1, stream::FieldType::u64, "", "states_digest", ""},
    FieldDescription{stream::Kind::digest, 2, stream::FieldType::u64, "", "couplings_digest", ""},
    FieldDescription{stream::Kind::gap, 0, stream::FieldType::u32, "", "first_step", "dt"},
    FieldDescription{stream::Kind::gap, 1, stream::FieldType::u32, "", "dropped_frames", ""},
    FieldDescription{stream::Kind::checkpoint, 0, stream::FieldType::u32, "", "first_byte", "byte"},
    FieldDescription{stream::Kind::checkpoint, 1, stream::FieldType::u32, "", "total", "byte"},
    FieldDescription{stream::Kind::checkpoint, 2, stream::FieldType::bytes, "[n]", "bytes", ""},
    FieldDescription{stream::Kind::restored, 0, stream::FieldType::u32, "", "step", "dt"},
    FieldDescription{stream::Kind::restored, 1, stream::FieldType::u64, "", "states_digest", ""},
    FieldDescription{stream::Kind::restored, 2, stream::FieldType::u64, "", "couplings_digest", ""},
    FieldDescription{stream::Kind::timing, 0, stream::FieldType::u8, "", "phase", ""},
    FieldDescription{stream::Kind::timing, 1, stream::FieldType::u32, "", "samples", ""},
    FieldDescription{stream::Kind::timing, 2, stream::FieldType::u32, "", "least", "counts"},
    FieldDescription{stream::Kind::timing, 3, stream::FieldType::u32, "", "most", "counts"},
    FieldDescription{stream::Kind::timing, 4, stream::FieldType::u64, "", "total", "counts"},
    FieldDescription{stream::Kind::timing, 5, stream::FieldType::u32, "[n]", "histogram", ""},
    FieldDescription{stream::Kind::ticks, 0, stream::FieldType::u32, "", "period", "counts"},
    FieldDescription{stream::Kind::ticks, 1, stream::FieldType::u32, "", "last_tick", "ticks"},
    FieldDescription{stream::Kind::ticks, 2, stream::FieldType::u32, "", "missed", "ticks"},
    FieldDescription{stream::Kind::ticks, 3, stream::FieldType::u32, "", "worst_late", "counts"},
    FieldDescription{stream::Kind::ticks, 4, stream::FieldType::u32, "", "first_missed", "ticks"},
    FieldDescription{stream::Kind::ticks, 5, stream::FieldType::u32, "", "last_missed", "ticks"},
    FieldDescription{stream::Kind::input_taken, 0, stream::FieldType::u32, "", "step", "dt"},
    FieldDescription{stream::Kind::input_taken, 1, stream::FieldType::scalar, "", "input", ""},
    FieldDescription{stream::Kind::fault, 0, stream::FieldType::u8, "", "cause", ""},
    FieldDescription{stream::Kind::fault, 1, stream::FieldType::u32, "", "step", "dt"},
    FieldDescription{stream::Kind::fault, 2, stream::FieldType::u32, "", "index", ""},
    FieldDescription{stream::Kind::fault, 3, stream::FieldType::bytes, "[n]", "record", ""},
    FieldDescription{stream::Kind::saturation, 0, stream::FieldType::u64, "", "count", ""},
    FieldDescription{stream::Kind::saturation, 1, stream::FieldType::u32, "", "first_step", "dt"},
    FieldDescription{stream::Kind::end, 0, stream::FieldType::u8, "", "reason", ""},
    FieldDescription{stream::Kind::end, 1, stream::FieldType::u32, "", "step", "dt"},
    FieldDescription{stream::Kind::end, 2, stream::FieldType::u64, "", "states_digest", ""},
    FieldDescription{stream::Kind::end, 3, stream::FieldType::u64, "", "couplings_digest", ""},
    FieldDescription{stream::Kind::end, 4, stream::FieldType::u32, "", "dropped_frames", ""},
};

/// What a device says of itself before a run: HELLO, PROFILE frames, TABLE frames, and the fault
/// record of the run before where there is one. A cursor over these frames: a frame that found no
/// room is offered again.
class Introduction {
public:
    void begin() { next_ = 0; }

    [[nodiscard]] bool finished(std::size_t profiles) const {
        return next_ >= frames_before_table(profiles) + data_fields.size();
    }

    /// Offers the next frame to `outbox`; false when it found no room.
    template <Port P, class Outbox>
    [[nodiscard]] bool offer_next(Outbox& outbox, const BootFacts& boot, std::string_view board,
                                  std::span<const experiment::ProfileInfo> profiles) {
        const bool queued = offer<P>(outbox, boot, board, profiles);
        next_ += queued ? 1U : 0U;
        return queued;
    }

private:
    static constexpr std::size_t profiles_per_frame = 24;

    [[nodiscard]] static constexpr std::size_t profile_frames(std::size_t profiles) {
        return (profiles + profiles_per_frame - 1) / profiles_per_frame;
    }
    [[nodiscard]] static constexpr std::size_t frames_before_table(std::size_t profiles) {
        return 2 + profile_frames(profiles);
    }

    template <Port P, class Outbox>
    [[nodiscard]] bool offer(Outbox& outbox, const BootFacts& boot, std::string_view board,
                             std::span<const experiment::ProfileInfo> profiles) const {
        using stream::ByteWriter;
        using stream::Kind;
        if (next_ == 0) {
            return outbox.answer(Kind::hello, [&](ByteWriter& payload) {
                write_hello<P>(payload, boot, board, profiles.size());
            });
        }
        if (next_ == 1) {
            return boot.last_fault->cause == FaultCause::none ||
                   outbox.answer(Kind::fault, [&](ByteWriter& payload) {
                       write_fault_record(payload, *boot.last_fault);
                   });
        }
        if (const std::size_t table = frames_before_table(profiles.size()); next_ >= table) {
            const FieldDescription& field = data_fields[next_ - table];
            return outbox.answer(Kind::table,
                                 [&](ByteWriter& payload) { write_field(payload, field); });
        }
        const std::size_t first = (next_ - 2) * profiles_per_frame;
        const std::size_t left = profiles.size() - first;
        return outbox.answer(Kind::profile, [&](ByteWriter& payload) {
            write_profiles(
                payload, static_cast<std::uint8_t>(first),
                profiles.subspan(first, left < profiles_per_frame ? left : profiles_per_frame));
        });
    }

    template <Port P>
    static void write_hello(stream::ByteWriter& payload, const BootFacts& boot,
                            std::string_view board, std::size_t profiles) {
        payload.put(stream::protocol_version);
        payload.put(std::uint16_t{0});
        payload.put(build_facts.version);
        payload.put(build_facts.git_hash);
        payload.put(build_facts.compiler);
        payload.put(build_facts.flags_fingerprint);
        payload.put(board);
        payload.put(static_cast<std::uint8_t>(boot.reset_cause));
        payload.put(boot.boots);
        payload.put(boot.float_mode);
        payload.put(std::uint32_t{P::cycles_per_second});
        payload.put(static_cast<std::uint8_t>(P::counter_unit));
        payload.put(static_cast<std::uint8_t>(profiles));
    }

    static void write_profiles(stream::ByteWriter& payload, std::uint8_t first,
                               std::span<const experiment::ProfileInfo> profiles) {
        payload.put(first);
        for (const experiment::ProfileInfo& profile : profiles) {
            payload.put(static_cast<std::uint8_t>(profile.kind));
            payload.put(static_cast<std::uint8_t>(profile.scalar));
            payload.put(profile.kind == experiment::ModelKind::network
                            ? static_cast<std::uint8_t>(profile.coupling)
                            : static_cast<std::uint8_t>(profile.method));
            payload.put(profile.replicas);
            payload.put(profile.kind == experiment::ModelKind::network
                            ? profile.neurons
                            : std::uint16_t{profile.path_bits});
            payload.put(profile.points);
            payload.put(profile.trajectories);
            payload.put(profile.observables);
            payload.put(profile.lags);
            payload.put(profile.bytes);
        }
    }

    static void write_field(stream::ByteWriter& payload, const FieldDescription& field) {
        payload.put(static_cast<std::uint8_t>(field.message));
        payload.put(field.index);
        payload.put(static_cast<std::uint8_t>(field.type));
        payload.put(field.shape);
        payload.put(field.name);
        payload.put(field.unit);
    }

    static void write_fault_record(stream::ByteWriter& payload, const FaultRecord& record) {
        payload.put(static_cast<std::uint8_t>(record.cause));
        payload.put(record.tick);
        payload.put(record.detail);
        for (const std::uint32_t word : std::bit_cast<std::array<std::uint32_t, 16>>(record)) {
            payload.put(word);
        }
    }

    std::size_t next_ = 0;
};

} // namespace tinymf::firmware
