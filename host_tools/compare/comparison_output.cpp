// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <bit>
#include <cmath>

#include <fmt/format.h>

#include "compare/comparison.hpp"

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
                 observe::observed_array_names.at(difference.channel - recording.replicas.size())},
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
        const DigestDifference& d = *bits.digest_difference;
        return {{"kind", "digest"},
                {"step", d.step},
                {"recorded_bits", fmt::format("0x{:016x}", d.recorded)},
                {"expected_bits", fmt::format("0x{:016x}", d.expected)}};
    }
    if (bits.couplings_differ) {
        return {{"kind", "couplings"}};
    }
    if (bits.checkpoint_difference) {
        return {{"kind", "checkpoint"}, {"step", *bits.checkpoint_difference}};
    }
    if (bits.fault_difference) {
        const auto& [recorded, expected] = *bits.fault_difference;
        return {{"kind", "fault"},
                {"step", recorded ? recorded->step : expected->step},
                {"difference", to_text(*bits.fault_difference)}};
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

json distance(const ReferenceComparison& reference, const BoundedDistance& bounded) {
    return {{"horizon", reference.horizon(bounded)},
            {"horizon_is_end_of_run", bounded.reaches_the_end()},
            {"max_abs_error", bounded.max_error()},
            {"bound", bounded.max_bound()},
            {"passed", bounded.within()}};
}

json mean_field_part(const MeanFieldDistance& mean_field) {
    const BoundedDistance& distance = mean_field.distance;
    return {{"method", mean_field.method},
            {"horizon", mean_field.horizon()},
            {"horizon_is_end_of_run", distance.reaches_the_end()},
            {"max_abs_error", distance.max_error()},
            {"bound", distance.max_bound()},
            {"relative_error", mean_field.relative_error},
            {"passed", mean_field.passed()}};
}

json reference_part(const Comparison& comparison) {
    if (comparison.mean_field) {
        return mean_field_part(*comparison.mean_field);
    }
    if (!comparison.reference) {
        return nullptr;
    }
    const ReferenceComparison& reference = *comparison.reference;
    json part = distance(reference, reference.solution);
    part["method"] = name_of(reference.method);
    part["tolerance"] = reference.tolerance;
    part["passed"] = reference.passed();
    part["scheme"] = distance(reference, reference.scheme);
    part["lyapunov"] = {{"exponent", reference.lyapunov.exponent},
                        {"standard_error", reference.lyapunov.standard_error}};
    return part;
}

json theory_part(const Comparison& comparison) {
    json rows = json::array();
    if (comparison.theory) {
        for (const TheoryRow& row : comparison.theory->rows) {
            rows.push_back({{"name", row.name},
                            {"observed", row.observed},
                            {"predicted", row.predicted},
                            {"standard_error", row.standard_error},
                            {"z", row.z()},
                            {"origin", row.origin}});
        }
    }
    return rows;
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
                           bits.couplings_differ ? "; the couplings differ" : "");
    }
    if (bits.checkpoint_difference) {
        return fmt::format("bit-exact   FAIL  against {}: the checkpoint of step {}",
                           comparison.bits_against, *bits.checkpoint_difference);
    }
    if (bits.fault_difference) {
        return fmt::format("bit-exact   FAIL  against {}: {}", comparison.bits_against,
                           to_text(*bits.fault_difference));
    }
    const std::string checkpoints = bits.checkpoints_checked == 0
                                        ? ""
                                        : fmt::format(", {} checkpoints", bits.checkpoints_checked);
    return fmt::format("bit-exact   {}  against {}: {} steps, {} states, {} digests{}{}",
                       bits.passed() ? "pass" : "FAIL", comparison.bits_against, bits.steps_checked,
                       bits.states_checked, bits.digests_checked, checkpoints,
                       bits.passed() ? "" : ": nothing in common, or the couplings differ");
}

std::string distance_text(const ReferenceComparison& reference, const BoundedDistance& bounded,
                          std::string_view label, std::string_view of) {
    return fmt::format("{:<11} {}  {}: error {:.3g} within {:.3g} up to t = {:g}{}", label,
                       bounded.within() ? "pass" : "FAIL", of, bounded.max_error(),
                       bounded.max_bound(), reference.horizon(bounded),
                       bounded.reaches_the_end() ? " (end of run)" : " (horizon)");
}

std::string reference_text(const ReferenceComparison& reference) {
    const std::string_view solution = reference.method == ReferenceMethod::ode
                                          ? "differential equation"
                                          : "scheme on the same noise";
    return distance_text(reference, reference.solution, "reference", solution) + "\n" +
           distance_text(reference, reference.scheme, "arithmetic",
                         "same scheme in double precision") +
           fmt::format("\n{:<11} {:.4g} +- {:.2g} per tau", "Lyapunov", reference.lyapunov.exponent,
                       reference.lyapunov.standard_error);
}

std::string mean_field_text(const MeanFieldDistance& mean_field) {
    return fmt::format("{:<11} {}  {}: error {:.3g} within {:.3g} up to {:g} ({})", "reference",
                       mean_field.passed() ? "pass" : "FAIL", mean_field.method,
                       mean_field.distance.max_error(), mean_field.distance.max_bound(),
                       mean_field.horizon(),
                       mean_field.distance.reaches_the_end() ? "end of run" : "horizon");
}

/// One line for all rows, and one for each that is too far off.
std::string theory_text(const TheoryComparison& theory) {
    double largest = 0.0;
    std::string outliers;
    for (const TheoryRow& row : theory.rows) {
        largest = std::max(largest, std::abs(row.z()));
        if (std::abs(row.z()) > theory.largest_z) {
            outliers += fmt::format(
                "\n{:<11} FAIL  {}: observed {:.6g}, predicted {:.6g}, standard "
                "error {:.2g} ({}), z = {:.2f}",
                "", row.name, row.observed, row.predicted, row.standard_error, row.origin, row.z());
        }
    }
    return fmt::format("{:<11} {}  against {}: {} numbers, largest |z| {:.2f}, allowed {:.2f}{}",
                       "theory", theory.passed() ? "pass" : "FAIL", theory.against,
                       theory.rows.size(), largest, theory.largest_z, outliers);
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
        {"ticks", recording.ticks ? to_json(*recording.ticks) : json()},
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
        text += indented(reference_text(*comparison.reference));
    }
    if (comparison.mean_field) {
        text += indented(mean_field_text(*comparison.mean_field));
    }
    if (comparison.theory) {
        text += indented(theory_text(*comparison.theory));
    }
    text +=
        fmt::format("\n  {:<11} {}  {} frames, {} lost, {} announced, {} CRC errors", "stream",
                    survey.intact() ? "pass" : "FAIL", survey.counters.frames, survey.ledger.lost(),
                    survey.ledger.announced(), survey.counters.crc_errors);
    if (recording.ticks) {
        text += fmt::format("\n  {:<11} {}", "ticks", to_text(*recording.ticks));
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
