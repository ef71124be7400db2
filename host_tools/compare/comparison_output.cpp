// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <bit>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "compare/comparison.hpp"
#include "compare/judged_output.hpp"
#include "recording/observed_settling.hpp"

namespace tinymf::host {
namespace {

using nlohmann::json;

/// The bits of a state value, as the run's scalar holds them.
std::string word(double value, experiment::ScalarKind scalar) {
    return scalar == experiment::ScalarKind::float32
               ? fmt::format("0x{:08x}", std::bit_cast<std::uint32_t>(static_cast<float>(value)))
               : fmt::format("0x{:016x}", std::bit_cast<std::uint64_t>(value));
}

json place_in_json(const StateDifference& difference, const Recording& recording) {
    if (recording.of_network() && !recording.is_state(difference.channel)) {
        return {{"kind", "estimate"},
                {"step", difference.step},
                {"array",
                 observe::observed_arrays.at(difference.channel - recording.replicas.size()).name},
                {"element", difference.element}};
    }
    if (recording.of_network()) {
        return {{"kind", "state"},
                {"step", difference.step},
                {"replica", difference.channel},
                {"neuron", difference.element}};
    }
    const std::uint32_t points = recording.parameters.steps + 1U;
    return {{"kind", "row"},
            {"array", mean_field::two_time_names.at(difference.channel)},
            {"population", difference.step / points},
            {"row", difference.step % points},
            {"column", difference.element}};
}

std::string_view reason_name(stream::EndReason reason) {
    return stream::end_reason_names[static_cast<std::size_t>(reason)];
}

json digests_in_json(std::string_view kind, const DigestDifference& difference) {
    return {{"kind", kind},
            {"step", difference.step},
            {"recorded_bits", fmt::format("0x{:016x}", difference.recorded)},
            {"expected_bits", fmt::format("0x{:016x}", difference.expected)}};
}

json saturation_in_json(const std::optional<stream::SaturationFrame>& saturation) {
    return saturation ? json{{"count", saturation->count}, {"first_step", saturation->first_step}}
                      : json();
}

json first_difference(const BitComparison& bits, const Recording& recording) {
    const auto scalar = recording.profile.scalar;
    if (bits.state_difference) {
        const StateDifference& d = *bits.state_difference;
        json difference = place_in_json(d, recording);
        difference.update({{"recorded", d.recorded},
                           {"expected", d.expected},
                           {"recorded_bits", word(d.recorded, scalar)},
                           {"expected_bits", word(d.expected, scalar)},
                           {"ulps", d.ulps}});
        return difference;
    }
    if (bits.digest_difference) {
        return digests_in_json("digest", *bits.digest_difference);
    }
    if (bits.couplings_difference) {
        return digests_in_json("couplings", *bits.couplings_difference);
    }
    if (bits.checkpoint_difference) {
        return {{"kind", "checkpoint"}, {"step", *bits.checkpoint_difference}};
    }
    if (bits.saturation_difference) {
        const auto& [recorded, expected] = *bits.saturation_difference;
        return {{"kind", "saturation"},
                {"recorded", saturation_in_json(recorded)},
                {"expected", saturation_in_json(expected)}};
    }
    if (bits.fault_difference) {
        const auto& [recorded, expected] = *bits.fault_difference;
        return {{"kind", "fault"},
                {"step", recorded ? recorded->step : expected->step},
                {"difference", to_text(*bits.fault_difference)}};
    }
    if (bits.end_difference) {
        return {{"kind", "end"}, {"reason", reason_name(*bits.end_difference)}};
    }
    return nullptr;
}

json bit_exact(const Comparison& comparison) {
    if (!comparison.bits) {
        return nullptr;
    }
    const BitComparison& bits = *comparison.bits;
    return {{"against", comparison.bits_against},
            {"passed", bits.passed()},
            {"steps_checked", bits.steps_checked},
            {"states_checked", bits.states_checked},
            {"digests_checked", bits.digests_checked},
            {"checkpoints_checked", bits.checkpoints_checked},
            {"first_difference", first_difference(bits, comparison.recording)}};
}

json settling_part(const Recording& recording) {
    const auto settling = settling_of(recording);
    return settling ? json{{"worst_residual", settling->worst_residual},
                           {"unsettled", settling->unsettled}}
                    : json();
}

json reference_part(const Comparison& comparison) {
    if (comparison.mean_field) {
        return to_json(*comparison.mean_field);
    }
    return comparison.reference ? to_json(*comparison.reference) : json(nullptr);
}

json theory_part(const Comparison& comparison) {
    return comparison.theory ? to_json(*comparison.theory) : json::array();
}

json stream_part(const Recording& recording) {
    const CaptureSurvey& survey = recording.survey;
    return {{"frames", survey.counters.frames},       {"lost", survey.ledger.lost()},
            {"announced", survey.ledger.announced()}, {"crc_errors", survey.counters.crc_errors},
            {"gaps", survey.ledger.gaps()},           {"sound", recording.judgement.sound()},
            {"complete", survey.complete()}};
}

std::string bits_text(const Comparison& comparison) {
    const BitComparison& bits = *comparison.bits;
    const auto scalar = comparison.recording.profile.scalar;
    if (bits.state_difference) {
        const StateDifference& d = *bits.state_difference;
        return fmt::format("bit-exact   FAIL  against {}: {}: {} ({}), expected {} ({}), {} ulp",
                           comparison.bits_against, place_of(d, comparison.recording), d.recorded,
                           word(d.recorded, scalar), d.expected, word(d.expected, scalar), d.ulps);
    }
    if (bits.digest_difference) {
        const DigestDifference& d = *bits.digest_difference;
        return fmt::format("bit-exact   FAIL  against {}: digest {:016x} at step {}, expected "
                           "{:016x}{}",
                           comparison.bits_against, d.recorded, d.step, d.expected,
                           bits.couplings_difference ? "; the couplings differ" : "");
    }
    if (bits.couplings_difference) {
        const DigestDifference& d = *bits.couplings_difference;
        return fmt::format("bit-exact   FAIL  against {}: the couplings: digest {:016x} at step "
                           "{}, expected {:016x}",
                           comparison.bits_against, d.recorded, d.step, d.expected);
    }
    if (bits.checkpoint_difference) {
        return fmt::format("bit-exact   FAIL  against {}: the checkpoint of step {}",
                           comparison.bits_against, *bits.checkpoint_difference);
    }
    if (bits.saturation_difference) {
        return fmt::format("bit-exact   FAIL  against {}: {}", comparison.bits_against,
                           to_text(*bits.saturation_difference));
    }
    if (bits.fault_difference) {
        return fmt::format("bit-exact   FAIL  against {}: {}", comparison.bits_against,
                           to_text(*bits.fault_difference));
    }
    if (bits.end_difference) {
        return fmt::format("bit-exact   FAIL  against {}: END says {}, the run did not end so",
                           comparison.bits_against, reason_name(*bits.end_difference));
    }
    const std::string checkpoints = bits.checkpoints_checked == 0
                                        ? ""
                                        : fmt::format(", {} checkpoints", bits.checkpoints_checked);
    return fmt::format("bit-exact   {}  against {}: {} steps, {} states, {} digests{}{}",
                       bits.passed() ? "pass" : "FAIL", comparison.bits_against, bits.steps_checked,
                       bits.states_checked, bits.digests_checked, checkpoints,
                       bits.passed() ? "" : ": nothing in common");
}

/// Lines below a heading.
std::string indented(std::string lines) {
    for (std::size_t at = 0; (at = lines.find('\n', at)) != std::string::npos; at += 3) {
        lines.insert(at + 1, "  ");
    }
    return "\n  " + lines;
}

} // namespace

json to_json(const Comparison& comparison) {
    const Recording& recording = comparison.recording;
    return {
        {"verdict", name_of(comparison.verdict())},
        {"capture", recording.file},
        {"board", recording.device.board},
        {"profile", profile_text(recording.profile)},
        {"bit_exact", bit_exact(comparison)},
        {"reference", reference_part(comparison)},
        {"theory", theory_part(comparison)},
        {"stream", stream_part(recording)},
        {"timing", recording.times.empty()
                       ? json()
                       : to_json(recording.times, time_unit(recording.metadata, recording.device))},
        {"tick", to_json(recording.tick)},
        {"ticks", recording.ticks ? to_json(*recording.ticks) : json()},
        {"settling", settling_part(recording)},
        {"unsound", comparison.unsound},
        {"failures", comparison.failures},
        {"notes", comparison.not_available}};
}

std::string to_text(const Comparison& comparison) {
    const Recording& recording = comparison.recording;
    const CaptureSurvey& survey = recording.survey;
    std::string text = fmt::format("{}: {} ({}, {})", recording.file, name_of(comparison.verdict()),
                                   recording.device.board, profile_text(recording.profile));
    if (comparison.bits) {
        text += "\n  " + bits_text(comparison);
    }
    if (comparison.reference) {
        text += indented(to_text(*comparison.reference));
    }
    if (comparison.mean_field) {
        text += indented(to_text(*comparison.mean_field));
    }
    if (comparison.theory) {
        text += indented(to_text(*comparison.theory));
    }
    text +=
        fmt::format("\n  {:<11} {}  {} frames, {} lost, {} announced, {} CRC errors", "stream",
                    survey.intact() ? "pass" : "FAIL", survey.counters.frames, survey.ledger.lost(),
                    survey.ledger.announced(), survey.counters.crc_errors);
    if (recording.tick.asked_us != 0) {
        text += fmt::format("\n  {:<11} {}", "tick", to_text(recording.tick));
    }
    if (recording.ticks) {
        text += fmt::format("\n  {:<11} {}", "ticks", to_text(*recording.ticks));
    }
    if (const auto settling = settling_of(recording)) {
        text += fmt::format("\n  {:<11} {}", "settling", to_text(*settling));
    }
    for (const std::string& failure : comparison.failures) {
        text += fmt::format("\n  {:<11} FAIL  {}", "run", failure);
    }
    for (const std::string& reason : comparison.unsound) {
        text += "\n  unsound: " + reason;
    }
    for (const std::string& note : comparison.not_available) {
        text += "\n  not available: " + note;
    }
    return text;
}

} // namespace tinymf::host
