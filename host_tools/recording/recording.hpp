// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "capture/capture_reader.hpp"
#include "experiment_file/experiment.hpp"
#include "reference/network_problem.hpp"
#include "session/device_introduction.hpp"
#include "session/session.hpp"
#include "tinymf/experiment/parameters.hpp"
#include "tinymf/experiment/profile.hpp"
#include "tinymf/stream/message.hpp"

namespace tinymf::host {

/// The states of one replica that came whole, a row each. Values of a float32 run are widened,
/// which is exact.
struct StateTrace {
    std::vector<std::uint32_t> steps; ///< strictly ascending
    Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> x; ///< states x N
};

struct DigestMark {
    std::uint32_t step = 0;
    std::uint64_t digest = 0;
    std::uint64_t couplings_digest = 0;
};

/// Frames that a realtime run announced as dropped.
struct AnnouncedGap {
    std::uint32_t first_step = 0;
    std::uint32_t frames = 0;
};

struct RecordedFault {
    std::uint8_t cause = 0;
    std::uint32_t step = 0;
    std::uint32_t index = 0;
};

/// A capture of one run, decoded. Size: 8 N bytes a state and replica, and the small parts.
struct Recording {
    std::string file;
    CaptureMetadata metadata;
    CaptureSurvey survey;

    DeviceIntroduction device;
    experiment::ProfileInfo profile;
    stream::Delivery delivery = stream::Delivery::lossless;
    std::uint32_t tick_period_us = 0;
    experiment::Parameters<double> parameters; ///< as the device echoed them, widened
    std::vector<std::uint8_t> parameter_bytes; ///< the same, as on the wire
    double written_dt = 0.0;                   ///< see time_of

    std::vector<StateTrace> replicas;
    std::uint64_t partial_states = 0; ///< states of which some neurons are missing
    std::vector<DigestMark> digests;  ///< the one of END included
    std::vector<LiveInput> live_inputs;
    std::vector<AnnouncedGap> gaps;
    std::optional<RecordedFault> fault;
    std::optional<RunEnd> end;

    /// In units of tau, from dt as it was written: the shortest decimal that the run's scalar
    /// rounds to its own dt.
    [[nodiscard]] double time_of(std::uint32_t step) const { return step * written_dt; }
};

/// Reads a whole capture. Frames of kinds it does not know are passed over.
/// Throws HostError as CaptureReader, and with exit_unsound_stream when a frame's content is not
/// what its kind says, or when there is no configuration to read the rest by.
[[nodiscard]] Recording read_recording(const std::filesystem::path& path);

/// The experiment as it was written, from the text that the capture carries; its parameters are
/// those of the device before rounding. Throws HostError (exit_unsound_stream) when the text is of
/// another experiment than the device ran.
[[nodiscard]] Experiment recorded_experiment(const Recording& recording);

} // namespace tinymf::host
