// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "tinymf/checkpoint/header.hpp"
#include "tinymf/checkpoint/model_state.hpp"
#include "tinymf/experiment/refusal.hpp"
#include "tinymf/observe/digest.hpp"

namespace tinymf::checkpoint {

/// Takes a checkpoint into a configured engine, in pieces of any size and in order, the first of
/// which holds the whole header.
///
/// A header of another experiment changes nothing. From the first piece on the engine must not
/// step; after the last it stands at the checkpoint's step, or, when the closing digest is wrong or
/// a field holds what it cannot (a real that is not finite, a count, flag or 16-bit number that the
/// model could not have at that step), at step 0 of its configuration. Size 48 bytes.
class Restoration {
public:
    /// One piece. A refused piece that is out of place changes nothing, and the right one may
    /// follow.
    template <class Engine>
    [[nodiscard]] experiment::Refusal take(Engine& engine, std::uint32_t first, std::uint32_t total,
                                           std::span<const std::uint8_t> piece) {
        if (first == 0 && !open(engine, total, piece)) {
            return refused;
        }
        const bool in_place = unfinished() && first == position_ && total == total_;
        if (!in_place || piece.empty() || piece.size() > total - first) {
            return refused;
        }
        store(engine, piece);
        return position_ == total_ ? close(engine) : experiment::Refusal{};
    }

    /// A part of a checkpoint was taken, and more must follow.
    [[nodiscard]] bool unfinished() const { return total_ != 0; }

private:
    static constexpr experiment::Refusal refused{experiment::RefusalCode::bad_snapshot,
                                                 experiment::Field::none};

    template <class Engine>
    [[nodiscard]] bool open(Engine& engine, std::uint32_t total,
                            std::span<const std::uint8_t> piece) {
        const auto header = read_header(piece);
        if (!header || header->identity != header_of(engine).identity ||
            header->step > engine.last_step() || !can_hold(engine, header->held_input) ||
            piece.size() > total) {
            return false;
        }
        place(engine, header->step);
        const std::size_t fields = state_bytes(engine);
        if (fields != header->state_bytes || total != header_bytes + fields + digest_bytes) {
            place(engine, unfinished() ? step_ : engine.step_index());
            return false;
        }
        run_digest_ = header->digest;
        held_input_ = header->held_input;
        step_ = header->step;
        total_ = total;
        position_ = 0;
        flags_are_sound_ = true;
        digest_ = observe::Digest{};
        return true;
    }

    template <class Engine>
    static void place(Engine& engine, std::uint32_t step) {
        engine.visit([step](auto& model) { model.place_at(step); });
    }

    /// Each byte to where it belongs: the header was read, fields go into the model, and the digest
    /// is kept until all of it is there.
    template <class Engine>
    void store(Engine& engine, std::span<const std::uint8_t> piece) {
        const std::uint32_t closing_begins = total_ - digest_bytes;
        const std::size_t covered = position_ < closing_begins ? closing_begins - position_ : 0;
        const auto content = piece.first(std::min(piece.size(), covered));
        const auto fields = content.subspan(position_ == 0 ? header_bytes : 0);
        const std::size_t at = position_ == 0 ? 0 : position_ - header_bytes;
        flags_are_sound_ = write_state(engine, at, fields) && flags_are_sound_;
        add_to(digest_, content);
        for (const std::uint8_t byte : piece.subspan(content.size())) {
            closing_ = closing_ >> 8U | std::uint64_t{byte} << 56U;
        }
        position_ += static_cast<std::uint32_t>(piece.size());
    }

    template <class Engine>
    [[nodiscard]] experiment::Refusal close(Engine& engine) {
        total_ = 0;
        if (closing_ == digest_.value() && flags_are_sound_ && fields_are_sound(engine)) {
            hold_input(engine, held_input_);
            if (engine.resume(run_digest_)) {
                return {};
            }
        }
        engine.restart();
        return refused;
    }

    std::uint64_t run_digest_ = 0;
    std::uint64_t held_input_ = 0;
    observe::Digest digest_;
    std::uint64_t closing_ = 0; ///< the digest at the end, as far as it came
    std::uint32_t step_ = 0;
    std::uint32_t total_ = 0; ///< 0: nothing is begun
    std::uint32_t position_ = 0;
    bool flags_are_sound_ = true;
};

} // namespace tinymf::checkpoint
