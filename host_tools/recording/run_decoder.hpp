// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "capture/checkpoint_assembler.hpp"
#include "recording/frame_contents.hpp"
#include "recording/recording.hpp"
#include "recording/soundness.hpp"
#include "recording/vector_assembler.hpp"
#include "tinymf/stream/frame.hpp"

namespace tinymf::host {

/// Whether a reader wants what the frames hold, or the judgement alone, in bounded memory.
enum class Contents : std::uint8_t { kept, judged_only };

/// Turns the frames of a capture into a Recording and its judgement, one by one. A frame whose
/// content does not belong to its kind is a breach, named by its place, and otherwise passed over;
/// so are frames of kinds that are not known here.
class RunDecoder {
public:
    RunDecoder(std::string file, Contents contents) : contents_{contents} {
        recording_.file = std::move(file);
    }

    /// Keeps everything but the states of a network, which go to `states`.
    RunDecoder(std::string file, StateSink states) : RunDecoder(std::move(file), Contents::kept) {
        states_ = std::move(states);
    }

    void take(const CapturedFrame& captured);

    /// The rest of what a capture tells. The decoder is used up.
    [[nodiscard]] Recording finish(const CaptureMetadata& metadata, const CaptureSurvey& survey) &&;

private:
    [[nodiscard]] bool take_content(stream::Kind kind, std::span<const std::uint8_t> payload);
    [[nodiscard]] bool take_hello(std::span<const std::uint8_t> payload);
    [[nodiscard]] bool take_configuration(std::span<const std::uint8_t> payload);
    [[nodiscard]] bool take_run_frame(stream::Kind kind, std::span<const std::uint8_t> payload);
    [[nodiscard]] bool take_state(const std::optional<StateChunk>& chunk);
    [[nodiscard]] bool take_observation(const std::optional<ObservationChunk>& chunk);
    [[nodiscard]] bool take_row(const std::optional<RowChunk>& chunk);
    [[nodiscard]] std::size_t size_of_row(mean_field::TwoTimeArray array, std::uint32_t row) const;
    void take_data(VectorAssembler& assembler, const DataChunk& chunk, std::size_t size,
                   std::span<const double> values);
    [[nodiscard]] bool take_digest(const std::optional<stream::DigestFrame>& mark);
    [[nodiscard]] bool take_checkpoint(std::span<const std::uint8_t> payload);
    [[nodiscard]] bool take_restored(const std::optional<stream::DigestFrame>& mark);
    [[nodiscard]] bool take_fault(const std::optional<RecordedFault>& fault);
    [[nodiscard]] bool take_end(const std::optional<RunEnd>& end);
    void assemble_vectors();
    void prepend_earlier_inputs();

    void hand_out_states();

    Contents contents_;
    StateSink states_; ///< none: states are kept
    Recording recording_;
    Soundness soundness_;
    CheckpointAssembler checkpoint_;
    std::vector<VectorAssembler> assemblers_; ///< one a replica, or one an array
    std::array<VectorAssembler, observe::observed_arrays.size()> observations_;
    bool after_hello_ = false; ///< the last frame was HELLO
};

} // namespace tinymf::host
