// SPDX-License-Identifier: Apache-2.0
#include "sweep/sweep_schema.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "experiment/experiment_schema.hpp"
#include "sweep/outcome.hpp"
#include "sweep/sweep.hpp"

namespace tinymf::host {
namespace {

using Json = nlohmann::ordered_json;

Json text_up_to(std::size_t longest) {
    Json text = experiment_schema()["properties"]["name"];
    text["maxLength"] = longest;
    text.erase("description");
    return text;
}

template <class Names>
Json list_of(const Names& names) {
    return {
        {"type", "array"}, {"uniqueItems", true}, {"items", {{"type", "string"}, {"enum", names}}}};
}

Json described(Json schema, std::string_view description) {
    schema["description"] = description;
    return schema;
}

/// { from = A, to = B, count = N } between the least and the largest value of a key.
Json range_within(const Json& key) {
    const Json end{{"type", "number"}, {"minimum", key["minimum"]}, {"maximum", key["maximum"]}};
    const Json above_zero{{"exclusiveMinimum", 0}};
    Json range = closed_object(
        {{"from", end},
         {"to", end},
         {"count", {{"type", "integer"}, {"minimum", 2}, {"maximum", most_sweep_values}}},
         {"spacing", {{"type", "string"}, {"enum", spacings}, {"default", spacings.front()}}}});
    range["required"] = {"from", "to", "count"};
    range["if"] = {{"properties", {{"spacing", {{"const", spacings.back()}}}}},
                   {"required", Json::array({"spacing"})}};
    range["then"] = {{"properties", {{"from", above_zero}, {"to", above_zero}}}};
    return range;
}

/// The values of one axis: a list of what the key may be, or a range where that is a number.
Json axis_of(const std::string& name, const Json& key) {
    const Json list{{"type", "array"},
                    {"minItems", 1},
                    {"maxItems", most_sweep_values},
                    {"items", {{"$ref", "#/definitions/" + name}}}};
    if (!key.contains("minimum")) {
        return list;
    }
    return {{"type", {"array", "object"}},
            {"if", {{"type", "array"}}},
            {"then", list},
            {"else", range_within(key)}};
}

/// The keys of an experiment as a sweep may write them, and the names of those that it can draw
/// over.
struct KeysOfExperiments {
    Json definitions = Json::object();
    Json fixed = Json::object();
    Json axes = Json::object();
    std::vector<std::string> numbers;
};

KeysOfExperiments keys_of_experiments() {
    KeysOfExperiments keys;
    const Json experiment = experiment_schema();
    for (const auto& [section, sections_keys] : experiment["properties"].items()) {
        if (!sections_keys.contains("properties")) {
            continue;
        }
        Json fixed = Json::object();
        Json axes = Json::object();
        for (const auto& [member, schema] : sections_keys["properties"].items()) {
            const std::string name = fmt::format("{}.{}", section, member);
            keys.definitions[name] = schema;
            fixed[member] = {{"$ref", "#/definitions/" + name}};
            if (name == "model.seed") {
                continue; // drawn for every job
            }
            axes[member] = axis_of(name, schema);
            if (schema.contains("minimum")) {
                keys.numbers.push_back(name);
            }
        }
        keys.fixed[section] = closed_object(std::move(fixed));
        keys.axes[section] = closed_object(std::move(axes));
    }
    return keys;
}

std::vector<std::string> outcome_names() {
    std::vector<std::string> names;
    for (const Outcome& outcome : all_outcomes()) {
        names.emplace_back(outcome.name);
    }
    return names;
}

Json collection_schema() {
    const auto names_something = [](const char* list) -> Json {
        return {{"required", Json::array({list})}, {"properties", {{list, {{"minItems", 1}}}}}};
    };
    Json collect = closed_object(
        {{"run", described(list_of(outcome_names()), "what is kept of every run; none: nothing is "
                                                     "run")},
         {"theory", described(list_of(theory_names()), "numbers of tinymf theory --json")},
         {"after",
          {{"type", "number"},
           {"minimum", 0.0},
           {"maximum", latest_collection},
           {"default", 0.0},
           {"description", "states before this time are left out [tau]"}}},
         {"discrete",
          {{"type", "boolean"},
           {"default", false},
           {"description", "theory of the experiment's own integrator and dt"}}}});
    collect["anyOf"] = {names_something("run"), names_something("theory")};
    return collect;
}

Json plots_schema(const std::vector<std::string>& axes) {
    std::vector<std::string> columns = outcome_names();
    for (const std::string& name : theory_names()) {
        columns.push_back("theory." + name);
    }
    Json plot = closed_object(
        {{"x",
          {{"type", "string"}, {"enum", axes}, {"description", "a key of the grid with numbers"}}},
         {"y", described(list_of(columns), "names of outcomes that are collected")},
         {"logarithmic", described(list_of(plot_directions), "axes with logarithmic scales")}});
    plot["required"] = {"x", "y"};
    return {{"type", "array"}, {"items", std::move(plot)}};
}

Json head_schema() {
    return {{"schema",
             {{"type", "integer"},
              {"const", sweep_schema_version},
              {"description", "version of these keys; must be given"}}},
            {"name", described(text_up_to(64), "else the name of the file")},
            {"experiment",
             described(text_up_to(longest_path), "the experiment file to vary, from this one")},
            {"seed",
             {{"type", "integer"},
              {"minimum", 0},
              {"maximum", std::numeric_limits<std::int64_t>::max()},
              {"default", Sweep{}.seed},
              {"description", "all jobs' seeds follow from it"}}},
            {"seeds",
             {{"type", "integer"},
              {"minimum", 1},
              {"maximum", most_sweep_jobs},
              {"default", Sweep{}.seeds},
              {"description", "jobs at every point of the grid"}}}};
}

} // namespace

nlohmann::ordered_json sweep_schema() {
    KeysOfExperiments keys = keys_of_experiments();
    Json properties = head_schema();
    properties["set"] =
        described(closed_object(std::move(keys.fixed)), "values of all jobs, instead of the "
                                                        "experiment's");
    properties["grid"] = described(closed_object(std::move(keys.axes)),
                                   "keys that are varied: all combinations, the last key fastest");
    properties["collect"] = collection_schema();
    properties["plot"] = plots_schema(keys.numbers);
    Json schema{{"$schema", "http://json-schema.org/draft-07/schema#"},
                {"title", "tinymf sweep, schema 1"},
                {"description", "An experiment on a grid of parameters and seeds. Combinations of "
                                "values that cannot be are refused by tinymf itself."}};
    schema.update(closed_object(std::move(properties)));
    schema["required"] = {"schema", "experiment", "collect"};
    schema["definitions"] = std::move(keys.definitions);
    return schema;
}

} // namespace tinymf::host
