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
#include "tinymf/stream/frame_kinds.hpp"

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
            return outbox.answer(hello<P>(boot, board, profiles.size()));
        }
        if (next_ == 1) {
            return boot.last_fault->cause == FaultCause::none ||
                   offer_fault(outbox, *boot.last_fault);
        }
        if (const std::size_t table = frames_before_table(profiles.size()); next_ >= table) {
            return outbox.answer(Kind::table, [&](ByteWriter& payload) {
                write_description(payload, next_ - table);
            });
        }
        const std::size_t first = (next_ - 2) * profiles_per_frame;
        const std::size_t left = profiles.size() - first;
        const auto entries =
            profiles.subspan(first, left < profiles_per_frame ? left : profiles_per_frame);
        return outbox.answer(stream::ProfileFrame{.first_index = static_cast<std::uint8_t>(first)},
                             [entries](ByteWriter& payload) {
                                 for (const experiment::ProfileInfo& profile : entries) {
                                     stream::put_fields(payload, entry_of(profile));
                                 }
                             });
    }

    template <Port P>
    static stream::HelloFrame hello(const BootFacts& boot, std::string_view board,
                                    std::size_t profiles) {
        return {.protocol = stream::protocol_version,
                .version = build_facts.version,
                .git_hash = build_facts.git_hash,
                .compiler = build_facts.compiler,
                .flags_fingerprint = build_facts.flags_fingerprint,
                .board = board,
                .reset_cause = static_cast<std::uint8_t>(boot.reset_cause),
                .run_id = boot.boots,
                .mode_bits = boot.float_mode,
                .counter_rate = P::cycles_per_second,
                .counter_unit = static_cast<std::uint8_t>(P::counter_unit),
                .profiles = static_cast<std::uint8_t>(profiles)};
    }

    static stream::ProfileEntry entry_of(const experiment::ProfileInfo& profile) {
        const bool network = profile.kind == experiment::ModelKind::network;
        return {.kind = static_cast<std::uint8_t>(profile.kind),
                .scalar = static_cast<std::uint8_t>(profile.scalar),
                .coupling_or_method = network ? static_cast<std::uint8_t>(profile.coupling)
                                              : static_cast<std::uint8_t>(profile.method),
                .replicas = profile.replicas,
                .neurons_or_path_bits =
                    network ? profile.neurons : std::uint16_t{profile.path_bits},
                .points = profile.points,
                .trajectories = profile.trajectories,
                .observables = profile.observables,
                .lags = profile.lags,
                .bytes = profile.bytes};
    }

    template <class Outbox>
    static bool offer_fault(Outbox& outbox, const FaultRecord& record) {
        const auto words = std::bit_cast<std::array<std::uint32_t, 16>>(record);
        return outbox.answer(stream::FaultFrame{.cause = static_cast<std::uint8_t>(record.cause),
                                                .step = record.tick,
                                                .index = record.detail},
                             stream::add_values(std::span<const std::uint32_t>(words)));
    }

    std::size_t next_ = 0;
};

} // namespace tinymf::firmware
