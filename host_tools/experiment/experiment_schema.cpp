// SPDX-License-Identifier: Apache-2.0
#include "experiment/experiment_schema.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "experiment/experiment_keys.hpp"

namespace tinymf::host {
namespace {

using Json = nlohmann::ordered_json;

std::string description_of(const Key& key) {
    return key.unit.empty() ? std::string(key.meaning)
                            : fmt::format("{} [{}]", key.meaning, key.unit);
}

Json number_within(const Key& key) {
    return {{"type", "number"}, {"minimum", key.lowest}, {"maximum", key.highest}};
}

/// Gathers what each key may hold, section by section.
class SchemaKeys {
public:
    void version(const Key& key, std::uint32_t number) {
        put(key, {{"type", "integer"}, {"const", number}});
        required_.push_back(key.name);
    }
    void text(const Key& key, std::size_t longest, const std::string& /*value*/) {
        put(key, {{"type", "string"},
                  {"minLength", 1},
                  {"maxLength", longest},
                  // Printable ASCII. Without ^ and $, which not all take for the ends of the text.
                  {"not", {{"pattern", R"([^ -~]|["\\])"}}}});
    }
    void real(const Key& key, double value) { put(key, number_within(key), value); }
    void reals(const Key& key, std::size_t fewest, std::span<const double> values) {
        const auto used = std::ranges::find(values, 0.0) - values.begin();
        put(key,
            {{"type", "array"},
             {"minItems", fewest},
             {"maxItems", values.size()},
             {"items", number_within(key)}},
            std::vector<double>(values.begin(), values.begin() + used));
    }
    void whole(const Key& key, std::uint64_t value) {
        constexpr std::uint64_t largest_in_toml = std::numeric_limits<std::int64_t>::max();
        const auto highest = static_cast<std::uint64_t>(key.highest);
        put(key,
            {{"type", "integer"},
             {"minimum", static_cast<std::uint64_t>(key.lowest)},
             {"maximum", std::min(highest, largest_in_toml)}},
            value);
    }
    template <class Enum>
    void choice(const Key& key, std::span<const std::string_view> names, Enum value) {
        put(key, {{"type", "string"}, {"enum", names}}, names[static_cast<std::size_t>(value)]);
    }
    /// None is the default.
    void names(const Key& key, std::span<const std::string_view> names,
               observe::ObservableSet /*values*/) {
        put(key,
            {{"type", "array"},
             {"uniqueItems", true},
             {"items", {{"type", "string"}, {"enum", names}}}},
            Json::array());
    }

    [[nodiscard]] Json required() const { return required_; }
    [[nodiscard]] Json properties() const { return properties_; }

private:
    void put(const Key& key, Json schema) {
        schema["description"] = description_of(key);
        const auto dot = key.name.find('.');
        if (dot == std::string_view::npos) {
            properties_[std::string(key.name)] = std::move(schema);
            return;
        }
        Json& section = properties_[std::string(key.name.substr(0, dot))];
        if (section.is_null()) {
            section = closed_object(Json::object());
        }
        section["properties"][std::string(key.name.substr(dot + 1))] = std::move(schema);
    }
    void put(const Key& key, Json schema, Json value) {
        schema["default"] = std::move(value);
        put(key, std::move(schema));
    }

    std::vector<std::string_view> required_;
    Json properties_;
};

} // namespace

nlohmann::ordered_json closed_object(nlohmann::ordered_json properties) {
    return {
        {"type", "object"}, {"additionalProperties", false}, {"properties", std::move(properties)}};
}

nlohmann::ordered_json experiment_schema() {
    SchemaKeys keys;
    const Experiment defaults;
    for_each_key(keys, defaults);
    Json schema{{"$schema", "http://json-schema.org/draft-07/schema#"},
                {"title", "tinymf experiment, schema 1"},
                {"description", "One experiment. Combinations of values that cannot be are refused "
                                "by tinymf itself."}};
    schema.update(closed_object(keys.properties()));
    schema["required"] = keys.required();
    return schema;
}

} // namespace tinymf::host
