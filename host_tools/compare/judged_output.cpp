// SPDX-License-Identifier: Apache-2.0
#include "compare/judged_output.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "tinymf/mean_field/two_time_row.hpp"

namespace tinymf::host {
namespace {

using nlohmann::json;

std::string_view verdict_word(bool passed) {
    return passed ? "pass" : "FAIL";
}

json point_in_json(const ReferenceComparison& reference, const BoundedDistance& distance,
                   std::optional<std::size_t> point) {
    if (!point) {
        return nullptr;
    }
    const ErrorPlace& place = distance.places[*point];
    return {{"time", reference.times[*point]}, {"step", reference.steps[*point]},
            {"replica", place.channel},        {"neuron", place.element},
            {"error", distance.error[*point]}, {"bound", distance.bound[*point]}};
}

json point_in_json(const MeanFieldDistance& mean_field, std::optional<std::size_t> point) {
    if (!point) {
        return nullptr;
    }
    const BoundedDistance& distance = mean_field.distance;
    const ErrorPlace& place = distance.places[*point];
    return {
        {"time", mean_field.times[*point]}, {"array", mean_field::two_time_names.at(place.channel)},
        {"row", mean_field.rows[*point]},   {"column", place.element},
        {"error", distance.error[*point]},  {"bound", distance.bound[*point]}};
}

json distance_in_json(const ReferenceComparison& reference, const BoundedDistance& distance) {
    return {{"horizon", reference.horizon(distance)},
            {"horizon_is_end_of_run", distance.reaches_the_end()},
            {"max_abs_error", distance.max_error()},
            {"bound", distance.decisive_bound()},
            {"passed", distance.within()},
            {"violation", point_in_json(reference, distance, distance.violation())},
            {"nearest", point_in_json(reference, distance, distance.nearest())}};
}

std::string point_text(const ReferenceComparison& reference, const BoundedDistance& distance,
                       std::size_t point) {
    const ErrorPlace& place = distance.places[point];
    return fmt::format("t = {:g} (step {}), {}neuron {}: error {:.3g}, bound {:.3g}",
                       reference.times[point], reference.steps[point],
                       place.channel == 0 ? "" : fmt::format("replica {}, ", place.channel),
                       place.element, distance.error[point], distance.bound[point]);
}

std::string point_text(const MeanFieldDistance& mean_field, std::size_t point) {
    const BoundedDistance& distance = mean_field.distance;
    const ErrorPlace& place = distance.places[point];
    const std::string_view array = mean_field::two_time_names.at(place.channel);
    const std::string where =
        mean_field.by_lag
            ? fmt::format("{} at lag {:g} (row {})", array, mean_field.times[point],
                          mean_field.rows[point])
            : fmt::format("{} at t = {:g} (row {}), column {}", array, mean_field.times[point],
                          mean_field.rows[point], place.element);
    return fmt::format("{}: error {:.3g}, bound {:.3g}", where, distance.error[point],
                       distance.bound[point]);
}

std::string line_of(const TheoryRow& row, std::string_view word) {
    return fmt::format("\n{:<11} {}  {}: observed {:.6g}, predicted {:.6g}, standard error {:.2g} "
                       "({}), z = {:.2f}",
                       "", word, row.name, row.observed, row.predicted, row.standard_error,
                       row.origin, row.z());
}

std::string distance_text(const ReferenceComparison& reference, const BoundedDistance& distance,
                          std::string_view label, std::string_view of) {
    const bool judged = ReferenceComparison::judges(distance);
    return fmt::format("{:<11} {}  {}: {}", label,
                       judged || !distance.within() ? verdict_word(distance.within()) : "none", of,
                       findings_of(reference, distance));
}

json lyapunov_in_json(const LyapunovEstimate& lyapunov) {
    if (!lyapunov.absent.empty()) {
        return {{"exponent", nullptr}, {"standard_error", nullptr}, {"reason", lyapunov.absent}};
    }
    return {{"exponent", lyapunov.exponent}, {"standard_error", lyapunov.standard_error}};
}

std::string lyapunov_text(const LyapunovEstimate& lyapunov) {
    return lyapunov.absent.empty()
               ? fmt::format("{:.4g} +- {:.2g} per tau", lyapunov.exponent, lyapunov.standard_error)
               : fmt::format("not measured: {}", lyapunov.absent);
}

} // namespace

std::string findings_of(const ReferenceComparison& reference, const BoundedDistance& distance) {
    if (const auto violation = distance.violation()) {
        return "at " + point_text(reference, distance, *violation);
    }
    const std::size_t beyond = distance.bound.size();
    const std::string why =
        distance.reaches_the_end()
            ? ""
            : fmt::format("by t = {:g} the bound exceeds a tenth of the state's size ({:.3g})",
                          reference.times[beyond], reference.tolerance[beyond]);
    if (!ReferenceComparison::judges(distance)) {
        return "nothing to judge: " + why;
    }
    const std::size_t nearest = *distance.nearest();
    return fmt::format("up to t = {:g} ({}); {}", reference.horizon(distance),
                       distance.reaches_the_end() ? "end of run" : "horizon: " + why,
                       distance.error[nearest] == 0.0
                           ? "every error is 0"
                           : "nearest at " + point_text(reference, distance, nearest));
}

std::string findings_of(const MeanFieldDistance& mean_field) {
    const BoundedDistance& distance = mean_field.distance;
    if (const auto violation = distance.violation()) {
        return point_text(mean_field, *violation);
    }
    if (distance.bound.empty()) {
        return fmt::format("nothing to judge: the bound exceeds a tenth of C(0) at once");
    }
    const std::size_t nearest = *distance.nearest();
    return fmt::format(
        "up to {:g} ({}); {}", mean_field.horizon(),
        distance.reaches_the_end() ? "end of run"
                                   : "horizon: beyond it the bound exceeds a tenth of C(0)",
        distance.error[nearest] == 0.0 ? "every error is 0"
                                       : "nearest " + point_text(mean_field, nearest));
}

json to_json(const ReferenceComparison& reference) {
    json part = distance_in_json(reference, reference.solution);
    part["method"] = name_of(reference.method);
    part["tolerance"] = reference.tolerance.back();
    part["passed"] = reference.passed();
    part["scheme"] = distance_in_json(reference, reference.scheme);
    part["lyapunov"] = lyapunov_in_json(reference.lyapunov);
    return part;
}

std::string to_text(const ReferenceComparison& reference) {
    const std::string_view solution = reference.method == ReferenceMethod::ode
                                          ? "differential equation"
                                          : "scheme on the same noise";
    return distance_text(reference, reference.solution, "reference", solution) + "\n" +
           distance_text(reference, reference.scheme, "arithmetic",
                         "same scheme in double precision") +
           fmt::format("\n{:<11} {}", "Lyapunov", lyapunov_text(reference.lyapunov));
}

json to_json(const MeanFieldDistance& mean_field) {
    const BoundedDistance& distance = mean_field.distance;
    return {{"method", mean_field.method},
            {"horizon", mean_field.horizon()},
            {"horizon_is_end_of_run", distance.reaches_the_end()},
            {"max_abs_error", distance.max_error()},
            {"bound", distance.decisive_bound()},
            {"relative_error", mean_field.relative_error},
            {"passed", mean_field.passed()},
            {"violation", point_in_json(mean_field, distance.violation())},
            {"nearest", point_in_json(mean_field, distance.nearest())}};
}

std::string to_text(const MeanFieldDistance& mean_field) {
    return fmt::format("{:<11} {}  {}: {}", "reference", verdict_word(mean_field.passed()),
                       mean_field.method, findings_of(mean_field));
}

json to_json(const TheoryComparison& theory) {
    json rows = json::array();
    for (const TheoryRow& row : theory.rows) {
        rows.push_back({{"name", row.name},
                        {"observed", row.observed},
                        {"predicted", row.predicted},
                        {"standard_error", row.standard_error},
                        {"z", row.z()},
                        {"origin", row.origin}});
    }
    return rows;
}

std::string to_text(const TheoryComparison& theory) {
    const TheoryRow* farthest = nullptr;
    std::string lines;
    for (const TheoryRow& row : theory.rows) {
        if (farthest == nullptr || std::abs(row.z()) > std::abs(farthest->z())) {
            farthest = &row;
        }
        if (!(std::abs(row.z()) <= theory.largest_z)) {
            lines += line_of(row, "FAIL");
        } else if (row.name == "lyapunov") { // the run's own stands above
            lines += line_of(row, "pass");
        }
    }
    std::string text =
        fmt::format("{:<11} {}  against {}: {} numbers", "theory", verdict_word(theory.passed()),
                    theory.against, theory.rows.size());
    if (farthest != nullptr) {
        text +=
            fmt::format(", largest |z| {:.2f} ({}), allowed {:.2f} ({})", std::abs(farthest->z()),
                        farthest->name, theory.largest_z, law_text(theory.freedom));
    }
    text += lines;
    for (const std::string& note : theory.notes) {
        text += fmt::format("\n{:<11} {}", "", note);
    }
    return text;
}

} // namespace tinymf::host
