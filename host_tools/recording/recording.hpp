// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "capture/capture_reader.hpp"
#include "capture/device_introduction.hpp"
#include "capture/run_end.hpp"
#include "capture/run_times.hpp"
#include "capture/tick_period.hpp"
#include "experiment/experiment.hpp"
#include "recording/judgement.hpp"
#include "recording/recorded_states.hpp"
#include "recording/vector_trace.hpp"
#include "reference/network_problem.hpp"
#include "tinymf/checkpoint/header.hpp"
#include "tinymf/experiment/parameters.hpp"
#include "tinymf/experiment/profile.hpp"
#include "tinymf/mean_field/two_time_row.hpp"
#include "tinymf/observe/observable.hpp"
#include "tinymf/stream/frame_kinds.hpp"
#include "tinymf/stream/run_policy.hpp"

namespace tinymf::host {

/// The states of one replica that came whole, a row each.
struct StateTrace {
    std::vector<std::uint32_t> steps; ///< strictly ascending
    RecordedStates x;                 ///< states x N

    void add(std::uint32_t step, std::span<const double> state) {
        steps.push_back(step);
        x.add(state);
    }
};

/// A whole checkpoint that the run sent.
struct CheckpointMark {
    checkpoint::Header header;
    std::uint64_t fields_digest = 0; ///< of all evolving fields

    [[nodiscard]] std::uint32_t step() const { return header.step; }

    friend bool operator==(const CheckpointMark&, const CheckpointMark&) = default;
};

/// "3 numbers of 16-bit path histories saturated, the first at step 7".
[[nodiscard]] std::string to_text(const stream::SaturationFrame& saturation);

/// A capture of one run, decoded. Size: N words of its scalar a state and replica, and the small
/// parts.
struct Recording {
    std::string file;
    CaptureMetadata metadata;
    CaptureSurvey survey;
    Judgement judgement; ///< whether it is sound, and whether the run failed

    bool configured = false; ///< it holds a run: all that follows is known
    DeviceIntroduction device;
    experiment::ProfileInfo profile;
    stream::Delivery delivery = stream::Delivery::lossless;
    stream::DeadlinePolicy deadline = stream::DeadlinePolicy::late;
    TickPeriod tick;
    experiment::Parameters<double> parameters; ///< as the device echoed them, widened
    std::vector<std::uint8_t> parameter_bytes; ///< the same, as on the wire
    double written_dt = 0.0;                   ///< see time_of

    std::vector<StateTrace> replicas; ///< of a network
    /// Rows of a mean field, by array; population b has its row t at step b (steps + 1) + t.
    std::array<VectorTrace, mean_field::two_time_names.size()> arrays;
    /// Estimates of a network about itself, by array; a vector a block, at its last step.
    std::array<VectorTrace, observe::observed_arrays.size()> observed;
    std::uint64_t partial_states = 0; ///< states, rows or estimates of which elements are missing
    /// What came of these, by channel.
    std::vector<std::vector<VectorFragment>> fragments;
    std::vector<stream::DigestFrame>
        digests; ///< in the order of their steps, the one of END included
    /// Of a run that was resumed, those from before its beginning too.
    std::vector<LiveInput> live_inputs;
    std::vector<CheckpointMark> checkpoints;   ///< in the order of their steps
    std::vector<std::uint8_t> last_checkpoint; ///< bytes of the last whole one; may be empty
    std::optional<std::uint32_t> resumed_at;   ///< the step of the checkpoint it began with
    std::vector<stream::GapFrame> gaps;
    std::vector<PhaseTimes> times;                     ///< empty where the board keeps none
    std::optional<stream::TicksFrame> ticks;           ///< of a run with a tick
    std::optional<stream::SaturationFrame> saturation; ///< of 16-bit path histories
    std::optional<RecordedFault> fault;                ///< the number that was not finite
    std::optional<RunEnd> end;

    [[nodiscard]] bool of_network() const { return profile.kind == experiment::ModelKind::network; }

    /// In units of tau, from dt as it was written: the shortest decimal that the run's scalar
    /// rounds to its own dt. Of a mean field with several populations, `step` is a row.
    [[nodiscard]] double time_of(std::uint32_t step) const { return step * written_dt; }

    /// Index of the last step of a whole run.
    [[nodiscard]] std::uint32_t last_step() const {
        return of_network() ? parameters.steps : parameters.replicas * (parameters.steps + 1U) - 1U;
    }

    [[nodiscard]] const VectorTrace& observed_of(observe::ObservedArray array) const {
        return observed[static_cast<std::size_t>(array)];
    }

    // Replicas, behind them the estimates, and the arrays of a mean field alike, as channels that
    // report vectors.
    [[nodiscard]] std::uint8_t channels() const {
        return static_cast<std::uint8_t>(of_network() ? replicas.size() + observed.size()
                                                      : arrays.size());
    }
    [[nodiscard]] const std::vector<std::uint32_t>& steps_of(std::uint8_t channel) const {
        return is_state(channel) ? replicas[channel].steps : trace_of(channel).steps();
    }
    [[nodiscard]] std::vector<double> vector_of(std::uint8_t channel, std::size_t index) const {
        if (!is_state(channel)) {
            const auto vector = trace_of(channel)[index];
            return {vector.begin(), vector.end()};
        }
        const auto row = replicas[channel].x.row(static_cast<Eigen::Index>(index));
        return {row.begin(), row.end()};
    }
    [[nodiscard]] bool is_state(std::uint8_t channel) const {
        return of_network() && channel < replicas.size();
    }
    /// Of a channel that is no state.
    [[nodiscard]] const VectorTrace& trace_of(std::uint8_t channel) const {
        return of_network() ? observed[channel - replicas.size()] : arrays[channel];
    }
};

/// Reads a whole capture, sound or not: what is wrong with it stands in the judgement, and frames
/// that cannot be read are passed over. Throws HostError as CaptureReader, and with
/// exit_unsound_stream when there is no CONFIGURATION to read the rest by.
[[nodiscard]] Recording read_recording(const std::filesystem::path& path);

/// Takes the whole states of a network one by one, in the order in which they come.
using StateSink =
    std::function<void(std::uint8_t replica, std::uint32_t step, std::span<const double> state)>;

/// The same with states handed out instead of kept: `replicas` tell the steps alone. Memory grows
/// by 4 bytes a state.
[[nodiscard]] Recording read_recording(const std::filesystem::path& path, const StateSink& states);

/// The same judgement without what the frames hold, in memory that does not grow with the capture;
/// a capture without a run is judged too. Throws HostError as CaptureReader.
[[nodiscard]] Recording judge_capture(const std::filesystem::path& path);

/// "run.tmf: unsound: there is no END frame (and 2 more findings)": the first thing that was found.
[[nodiscard]] std::string judgement_line(const Recording& recording);

/// Throws HostError with that line and the verdict's exit code unless the verdict is `pass`.
void require_passed(const Recording& recording);

/// Throws HostError (exit_bad_input) when it goes on from a checkpoint and lacks the live inputs
/// before: nothing can follow it from its first step.
void require_all_inputs(const Recording& recording);

/// The experiment as it was written, from the text that the capture carries; its parameters are
/// those of the device before rounding. Throws HostError (exit_unsound_stream) when the text is of
/// another experiment than the device ran.
[[nodiscard]] Experiment recorded_experiment(const Recording& recording);

} // namespace tinymf::host
