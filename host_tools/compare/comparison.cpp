// SPDX-License-Identifier: Apache-2.0
#include "compare/comparison.hpp"

#include <fmt/format.h>

#include "base/host_error.hpp"
#include "compare/ensemble_comparison.hpp"
#include "compare/exact_covariance.hpp"
#include "compare/host_twin.hpp"
#include "compare/observed_theory.hpp"
#include "compare/recorded_theory.hpp"
#include "tinymf/build_facts.hpp"

namespace tinymf::host {
namespace {

/// Notes what speaks against a recording, and what went wrong in its run.
void note_judgement(Comparison& comparison, const Recording& recording,
                    const ComparisonRequest& request, const std::string& prefix) {
    const auto note = [&prefix](std::vector<std::string>& list, const std::string& what) {
        list.push_back(prefix + what);
    };
    for (const std::string& breach : recording.judgement.unsound) {
        note(comparison.unsound, breach);
    }
    for (const std::string& failure : recording.judgement.failures) {
        note(comparison.failures, failure);
    }
    const auto foreign = other_build(recording.device);
    if (foreign && !request.allow_other_build) {
        note(comparison.unsound, *foreign + "; --allow-other-build compares nevertheless");
    }
}

void compare_with_any_reference(Comparison& comparison) {
    const Recording& recording = comparison.recording;
    if (recording.of_network()) {
        const bool exact = has_exact_covariance(recording);
        if (!exact || !recording.steps_of(0).empty()) {
            comparison.reference = compare_with_reference(recording);
        }
        if (exact) {
            comparison.theory = compare_with_exact_covariance(recording);
        }
        return;
    }
    switch (recording.profile.method) {
    case mean_field::Method::forward:
        comparison.theory = compare_sampled_mean_field(recording);
        break;
    case mean_field::Method::stationary:
        comparison.mean_field = compare_stationary_mean_field(recording);
        break;
    default:
        comparison.mean_field = compare_exact_mean_field(recording);
        break;
    }
}

/// Estimates of a network about itself: exact for its very couplings where that is known, else in
/// the limit of large N.
void compare_observations(Comparison& comparison) {
    const Recording& recording = comparison.recording;
    try {
        comparison.theory = has_exact_covariance(recording)
                                ? compare_with_exact_covariance(recording)
                                : compare_with_theory(std::span(&recording, 1));
    } catch (const HostError& error) {
        comparison.not_available.emplace_back(fmt::format("theory: {}", error.what()));
    }
}

/// Without observations: the statistics of the states that the run reported.
void compare_recorded_states(Comparison& comparison) {
    try {
        comparison.theory =
            compare_states_with_theory(comparison.recording, comparison.reference->lyapunov);
    } catch (const HostError& error) {
        comparison.not_available.emplace_back(fmt::format("theory: {}", error.what()));
    }
}

void compare_all_that_apply(Comparison& comparison) {
    const Recording& recording = comparison.recording;
    comparison.bits = compare_with_host_twin(recording);
    if (recording.channels() == 0 || recording.steps_of(0).empty()) {
        comparison.not_available.emplace_back("reference: the capture holds no states or rows");
    } else {
        compare_with_any_reference(comparison);
    }
    if (recording.parameters.observation.observables != 0) {
        compare_observations(comparison);
    } else if (comparison.reference) {
        compare_recorded_states(comparison);
    }
}

/// Reads one of several captures.
Recording read_noting(const std::string& path, const ComparisonRequest& request,
                      Comparison& comparison) {
    Recording recording = read_recording(path);
    note_judgement(comparison, recording, request, path + ": ");
    return recording;
}

void compare_with_other_capture(Comparison& comparison, const ComparisonRequest& request) {
    const Recording other = read_noting(request.against, request, comparison);
    if (!comparison.unsound.empty()) {
        return;
    }
    if (comparison.recording.of_network() && !other.of_network()) {
        comparison.theory = compare_ensemble(std::span(&comparison.recording, 1), other);
    } else {
        comparison.bits = compare_recordings(comparison.recording, other);
    }
}

} // namespace

std::optional<std::string> other_build(const DeviceIntroduction& device) {
    if (device.version == build_facts.version && device.git_hash == build_facts.git_hash) {
        return std::nullopt;
    }
    return fmt::format("other build: the device runs {} ({}), this program is {} ({})",
                       device.version, device.git_hash, build_facts.version, build_facts.git_hash);
}

Verdict Comparison::verdict() const {
    if (!unsound.empty()) {
        return Verdict::unsound;
    }
    const bool passed = failures.empty() && (!bits || bits->passed()) &&
                        (!reference || reference->passed()) &&
                        (!mean_field || mean_field->passed()) && (!theory || theory->passed());
    return passed ? Verdict::pass : Verdict::fail;
}

Comparison compare_capture(const std::string& file, const ComparisonRequest& request) {
    Comparison comparison;
    comparison.recording = read_recording(file);
    note_judgement(comparison, comparison.recording, request, "");
    comparison.bits_against = request.against.empty() ? "host" : request.against;
    if (!comparison.unsound.empty()) {
        return comparison;
    }
    if (request.against.empty()) {
        compare_all_that_apply(comparison);
    } else if (request.against == "host") {
        comparison.bits = compare_with_host_twin(comparison.recording);
    } else if (request.against == "theory") {
        comparison.theory = compare_with_theory(std::span(&comparison.recording, 1));
    } else if (request.against == "reference") {
        compare_with_any_reference(comparison);
    } else {
        compare_with_other_capture(comparison, request);
    }
    return comparison;
}

Comparison compare_captures(std::span<const std::string> files, const ComparisonRequest& request) {
    if (files.size() == 1) {
        return compare_capture(files.front(), request);
    }
    if (request.against.empty()) {
        throw HostError(exit_bad_input, "several captures: name what to hold them against, "
                                        "--against theory or --against MEAN_FIELD.tmf");
    }
    Comparison comparison;
    std::vector<Recording> networks;
    for (const std::string& file : files) {
        networks.push_back(read_noting(file, request, comparison));
    }
    if (request.against == "theory") {
        if (comparison.unsound.empty()) {
            comparison.theory = compare_with_theory(networks);
        }
        comparison.recording = std::move(networks.front());
        return comparison;
    }
    const Recording mean_field = read_noting(request.against, request, comparison);
    if (mean_field.of_network()) {
        throw HostError(exit_bad_input,
                        fmt::format("{}: a network; several captures are held against a mean field",
                                    request.against));
    }
    if (comparison.unsound.empty()) {
        comparison.theory = compare_ensemble(networks, mean_field);
    }
    comparison.recording = std::move(networks.front());
    return comparison;
}

} // namespace tinymf::host
