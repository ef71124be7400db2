// SPDX-License-Identifier: Apache-2.0
#include "report/run_report.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/host_error.hpp"
#include "compare/judged_output.hpp"
#include "output_file/whole_file.hpp"
#include "report/covariance_section.hpp"
#include "report/html.hpp"
#include "report/mean_field_section.hpp"
#include "report/plots.hpp"
#include "report/run_facts.hpp"
#include "report/theory_section.hpp"
#include "report/time_section.hpp"
#include "tinymf/build_facts.hpp"

namespace tinymf::host {
namespace {

std::string verdict_badge(Verdict verdict) {
    return badge(name_of(verdict), name_of(verdict));
}

std::string passed_badge(bool passed) {
    return verdict_badge(passed ? Verdict::pass : Verdict::fail);
}

/// The experiment's name; the file's where the text is not that of the run.
std::string title_of(const Recording& recording) {
    try {
        return recorded_experiment(recording).name;
    } catch (const HostError&) {
        return recording.file;
    }
}

/// What a run streamed, vector by vector.
std::string_view streamed_by(const Recording& recording) {
    if (!recording.of_network()) {
        return "rows";
    }
    const bool observed = std::ranges::any_of(
        recording.observed, [](const VectorTrace& trace) { return !trace.empty(); });
    return observed ? "states and estimates" : "states";
}

std::vector<std::string> bits_row(const Comparison& comparison) {
    const BitComparison& bits = *comparison.bits;
    std::string finding = fmt::format("{} steps equal in every bit: {} {} and {} digests compared",
                                      bits.steps_checked, bits.states_checked,
                                      streamed_by(comparison.recording), bits.digests_checked);
    if (bits.state_difference) {
        const StateDifference& d = *bits.state_difference;
        finding = fmt::format("first difference at {}: {:.9g} instead of {:.9g}, {} ulp apart",
                              place_of(d, comparison.recording), d.recorded, d.expected, d.ulps);
    } else if (bits.digest_difference) {
        finding =
            fmt::format("first difference: the digest at step {}", bits.digest_difference->step);
    } else if (bits.couplings_difference) {
        finding = fmt::format("first difference: the digest of the couplings at step {}",
                              bits.couplings_difference->step);
    } else if (bits.checkpoint_difference) {
        finding =
            fmt::format("first difference: the checkpoint of step {}", *bits.checkpoint_difference);
    } else if (bits.saturation_difference) {
        finding = escape_html(to_text(*bits.saturation_difference));
    } else if (bits.fault_difference) {
        finding = escape_html(to_text(*bits.fault_difference));
    } else if (bits.end_difference) {
        finding = "the run did not end as END says";
    } else if (!bits.passed()) {
        finding = "nothing to compare: no state, digest or checkpoint in common";
    }
    return {"Bit for bit, against " + escape_html(comparison.bits_against),
            passed_badge(bits.passed()), finding};
}

std::vector<std::string> distance_row(const std::string& what, const ReferenceComparison& reference,
                                      const BoundedDistance& distance) {
    const bool judged = ReferenceComparison::judges(distance) || !distance.within();
    return {what, judged ? passed_badge(distance.within()) : badge("none", "none"),
            escape_html(findings_of(reference, distance))};
}

std::string verdict_table(const Comparison& comparison) {
    std::vector<std::vector<std::string>> rows;
    if (comparison.bits) {
        rows.push_back(bits_row(comparison));
    }
    if (comparison.reference) {
        const ReferenceComparison& reference = *comparison.reference;
        rows.push_back(distance_row(reference.method == ReferenceMethod::ode
                                        ? "Against the differential equation"
                                        : "Against the scheme on the same noise",
                                    reference, reference.solution));
        rows.push_back(distance_row("Arithmetic, against the same scheme in double", reference,
                                    reference.scheme));
        const LyapunovEstimate& lyapunov = reference.lyapunov;
        const bool measured = lyapunov.absent.empty();
        rows.push_back(
            {"Largest Lyapunov exponent", badge("none", measured ? "measured" : "not measured"),
             measured
                 ? fmt::format("{:.4f} ± {:.4f} per τ", lyapunov.exponent, lyapunov.standard_error)
                 : std::string(lyapunov.absent)});
    }
    if (comparison.mean_field) {
        rows.push_back({"Against the mean field by " + comparison.mean_field->method,
                        passed_badge(comparison.mean_field->passed()),
                        escape_html(findings_of(*comparison.mean_field))});
    }
    if (comparison.theory) {
        rows.push_back(theory_verdict_row(*comparison.theory));
    }
    const CaptureSurvey& survey = comparison.recording.survey;
    rows.push_back(
        {"Stream",
         verdict_badge(comparison.recording.judgement.sound() ? Verdict::pass : Verdict::unsound),
         fmt::format("{} frames, {} lost, {} announced, {} checksum errors", survey.counters.frames,
                     survey.ledger.lost(), survey.ledger.announced(), survey.counters.crc_errors)});
    for (const std::string& failure : comparison.failures) {
        rows.push_back({"Run", verdict_badge(Verdict::fail), escape_html(failure)});
    }
    if (const auto remark = remark_on(comparison.recording.tick)) {
        rows.push_back({"Tick", badge("none", "note"), escape_html(*remark)});
    }
    for (const std::string& reason : comparison.unsound) {
        rows.push_back({"Not to be relied on", badge("unsound", "unsound"), escape_html(reason)});
    }
    for (const std::string& note : comparison.not_available) {
        rows.push_back({"Not available", badge("none", "n/a"), escape_html(note)});
    }
    return table({"Comparison", "Verdict", "Finding"}, rows);
}

std::string side_by_side(std::string_view left_title, const std::string& left,
                         std::string_view right_title, const std::string& right) {
    return fmt::format(
        "<div class=\"facts\"><div><h3>{}</h3>{}</div><div><h3>{}</h3>{}</div></div>\n", left_title,
        left, right_title, right);
}

std::string ledger_tables(const Recording& recording) {
    const CaptureSurvey& survey = recording.survey;
    const StreamLedger& ledger = survey.ledger;
    std::size_t vectors = 0;
    for (std::uint8_t channel = 0; channel < recording.channels(); ++channel) {
        vectors += recording.steps_of(channel).size();
    }
    const std::string what(streamed_by(recording));
    const Facts contents{
        {"bytes in the file", fmt::format("{}", survey.bytes)},
        {"whole frames", fmt::format("{}", survey.counters.frames)},
        {what, fmt::format("{}", vectors)},
        {what + " with missing frames", fmt::format("{}", recording.partial_states)},
        {"digests", fmt::format("{}", recording.digests.size())},
        {"END frame", ledger.ended() ? "yes" : "no"}};
    const Facts faults{{"frames lost", fmt::format("{}", ledger.lost())},
                       {"of these announced", fmt::format("{}", ledger.announced())},
                       {"unexplained gaps", fmt::format("{}", ledger.disagreements())},
                       {"repeated or late", fmt::format("{}", ledger.out_of_order())},
                       {"checksum errors", fmt::format("{}", survey.counters.crc_errors)},
                       {"framing errors", fmt::format("{}", survey.counters.cobs_errors)}};
    return side_by_side("Stream: contents", fact_table(contents), "Stream: losses and faults",
                        fact_table(faults));
}

std::string figures(const Comparison& comparison, std::size_t run) {
    constexpr std::size_t fewest_states = 2;
    const Recording& recording = comparison.recording;
    const auto name = [run](std::string_view plot) { return fmt::format("run{}-{}", run, plot); };
    std::string html;
    if (!recording.replicas.empty() && recording.replicas.front().steps.size() >= fewest_states) {
        html += "<h3>Activity</h3>\n";
        html +=
            figure(plot_traces(name("traces"), recording), "Some neurons of the first replica.");
        html += figure(plot_population(name("population"), recording),
                       "All neurons of the first replica.");
    }
    html += recording.of_network() ? covariance_section(recording, run)
                                   : mean_field_section(recording, run);
    if (comparison.theory) {
        html += theory_section(*comparison.theory, run);
    }
    if (comparison.reference && comparison.reference->times.size() >= fewest_states) {
        html += "<h3>Distance from the double-precision reference</h3>\n";
        html += has_reference_error(*comparison.reference)
                    ? figure(plot_reference_error(name("reference"), *comparison.reference),
                             "A bound ends where it exceeds a tenth of the state's own size, and "
                             "with it the horizon. Errors of exactly zero are not drawn.")
                    : "<p class=\"soft\">The network is silent, and so is the reference: no "
                      "distance to draw.</p>\n";
    }
    if (comparison.bits) {
        html += fmt::format("<h3>Agreement with {}, bit for bit</h3>\n",
                            escape_html(comparison.bits_against));
        html += figure(plot_agreement(name("agreement"), recording, *comparison.bits),
                       "Green: equal in every bit. Red: the first difference. Grey: after it. A "
                       "digest covers every step before it.");
    }
    return html;
}

std::string run_section(const Comparison& comparison, std::size_t run) {
    const Recording& recording = comparison.recording;
    std::string html =
        fmt::format("<section id=\"run{}\">\n<h2>{} {}</h2>\n", run,
                    escape_html(title_of(recording)), verdict_badge(comparison.verdict()));
    html += verdict_table(comparison);
    html += figures(comparison, run);
    html += side_by_side("Experiment", fact_table(experiment_facts(recording)), "Run and builds",
                         fact_table(run_facts(recording)));
    html += ledger_tables(recording);
    html += time_section(recording, run);
    if (!recording.metadata.experiment.empty()) {
        html += fmt::format("<h3>Experiment file</h3>\n<details><summary>as it was run</summary>"
                            "<pre>{}</pre></details>\n",
                            escape_html(recording.metadata.experiment));
    }
    return html + "</section>\n";
}

std::string overview(std::span<const Comparison> comparisons) {
    std::vector<std::vector<std::string>> rows;
    for (std::size_t run = 0; run < comparisons.size(); ++run) {
        const Recording& recording = comparisons[run].recording;
        rows.push_back(
            {fmt::format("<a href=\"#run{}\">{}</a>", run, escape_html(title_of(recording))),
             escape_html(recording.device.board), escape_html(recording.file),
             verdict_badge(comparisons[run].verdict())});
    }
    return "<section>\n" + table({"Experiment", "Board", "Capture", "Verdict"}, rows) +
           "</section>\n";
}

} // namespace

std::string run_report(std::span<const Comparison> comparisons) {
    const std::string title = comparisons.size() == 1 ? title_of(comparisons.front().recording)
                                                      : fmt::format("{} runs", comparisons.size());
    std::string body = fmt::format("<header><h1>{}</h1><p class=\"soft\">tinymf {} ({}): random "
                                   "recurrent networks, bit-exact from microcontroller to host"
                                   "</p></header>\n",
                                   escape_html(title), build_facts.version, build_facts.git_hash);
    if (comparisons.size() > 1) {
        body += overview(comparisons);
    }
    for (std::size_t run = 0; run < comparisons.size(); ++run) {
        body += run_section(comparisons[run], run);
    }
    return page("tinymf: " + title, body);
}

void write_run_report(const std::filesystem::path& path, std::span<const Comparison> comparisons) {
    write_whole_file(path, run_report(comparisons));
}

} // namespace tinymf::host
