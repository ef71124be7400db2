// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "app/self_description.hpp"
#include "port/boot_facts.hpp"
#include "port/port.hpp"
#include "tinymf/build_facts.hpp"
#include "tinymf/experiment/profile.hpp"
#include "tinymf/stream/byte_writer.hpp"
#include "tinymf/stream/message.hpp"

namespace tinymf::firmware {

/// What a device says of itself before a run: HELLO, PROFILE frames, TABLE frames, and the fault
/// record of the run before where there is one. A cursor over these frames: a frame that found no
/// room is offered again.
class Introduction {
public:
    void begin() { next_ = 0; }

    [[nodiscard]] bool finished(std::size_t profiles) const {
        return next_ >= frames_before_table(profiles) + described_fields.size();
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
            return outbox.answer(Kind::table, [&](ByteWriter& payload) {
                write_description(payload, next_ - table);
            });
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
