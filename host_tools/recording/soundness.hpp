// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "capture/capture_reader.hpp"
#include "capture/device_introduction.hpp"
#include "recording/due_chunks.hpp"
#include "recording/frame_contents.hpp"
#include "recording/judgement.hpp"
#include "tinymf/stream/frame_kinds.hpp"

namespace tinymf::host {

/// Follows the contents of a capture's frames, in order, and decides whether it is sound, by the
/// clauses below, and whether the run failed. Of each clause the first breach is named.
///
/// 1. The device rounds to nearest, keeps subnormals and NaN payloads, and every frame has the
///    known schema. (Checksums and sequence numbers are the survey's.)
/// 2. The experiment's text gives the parameter bytes that CONFIGURATION echoed.
/// 3. From CONFIGURATION on the data frames are those that are due, each GAP standing for the
///    number it announces, and only in a realtime run. A step that is not finite owes FAULT alone;
///    a run stopped before START owes nothing. TIMING comes not at all or once a phase, TICKS
///    exactly with a tick, a checkpoint whole. The tick that CONFIGURATION says the clock makes is
///    the nearest to the one asked for, in HELLO's counts, and that of TICKS.
/// 4. Nothing speaks of a step beyond END's; END counts the drops that GAPs announced; its reason
///    agrees with the rest.
/// 5. What came before CONFIGURATION counts for checksums and sequence only.
///
/// Size: about 500 bytes. Work: O(1) a frame and a dropped frame.
class Soundness {
public:
    /// Every frame, first.
    void take_header(const stream::FrameHeader& header, const ByteRange& place);
    void take_wrong_content(const stream::FrameHeader& header, const ByteRange& place);

    void take_hello(const DeviceIntroduction& device);
    void take_configuration(const Configuration& configuration,
                            const experiment::ProfileInfo& profile);
    // Frames of the run, after CONFIGURATION.
    void take_restored(const stream::DigestFrame& mark);
    void take_data(const DataChunk& chunk);
    void take_gap(const stream::GapFrame& gap);
    void take_input(const LiveInput& input);
    /// `size` bytes from `first` on; `whole` once the last piece has come with the right digest.
    void take_checkpoint(std::uint32_t first, std::uint32_t total, std::size_t size,
                         const std::optional<CheckpointMark>& whole);
    void take_status(std::uint32_t step);
    void take_timing(const PhaseTimes& times);
    void take_ticks(const stream::TicksFrame& ticks);
    void take_saturation(const stream::SaturationFrame& saturation);
    void take_fault(const RecordedFault& fault);
    void take_end(const RunEnd& end);

    [[nodiscard]] bool configured() const { return due_.has_value(); }

    /// At the end of the file. `other_experiment`: what speaks against the text, or nothing.
    [[nodiscard]] Judgement judge(const CaptureSurvey& survey,
                                  const std::optional<std::string>& other_experiment) const;

private:
    enum class Clause : std::uint8_t {
        float_mode,
        protocol,
        schema,
        content,
        introduction,
        configuration,
        gap,
        order,
        checkpoint,
        timing,
        tick,
        ticks,
        saturation,
        beyond_end,
        drops,
        reason,
        count
    };

    void breach(Clause clause, std::string what);
    void check_counted_tick();
    void speak_of(std::uint32_t step, std::string_view kind);
    void check_reason(const RunEnd& end);
    void check_nothing_owed(const RunEnd& end);
    [[nodiscard]] std::vector<std::string> failures() const;

    std::array<std::string, static_cast<std::size_t>(Clause::count)> breaches_; ///< empty: none
    std::optional<DeviceIntroduction> device_;
    Configuration configuration_;
    experiment::ProfileInfo profile_;
    std::optional<DueChunks> due_; ///< from CONFIGURATION on
    std::uint32_t begin_ = 0;      ///< step that the run starts from
    std::optional<std::uint32_t> latest_data_step_;
    std::uint64_t dropped_ = 0;
    std::uint32_t checkpoint_next_ = 0; ///< byte; 0: none is begun
    std::uint32_t checkpoint_total_ = 0;
    std::uint32_t phases_ = 0; ///< of TIMING so far
    std::optional<stream::TicksFrame> ticks_;
    std::optional<stream::SaturationFrame> saturation_;
    std::optional<RecordedFault> fault_;
    std::optional<RunEnd> end_;
    std::uint32_t latest_step_ = 0;
    std::string latest_kind_;
};

} // namespace tinymf::host
