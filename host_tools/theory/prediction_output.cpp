// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/json_text.hpp"
#include "theory/prediction.hpp"

namespace tinymf::host {
nlohmann::json to_json(const Prediction& prediction) {
    nlohmann::json all{{"stationary", {{"tau", prediction.stationary.tau}}},
                       {"fdt", {{"omega", prediction.fluctuation_dissipation.omega}}},
                       {"discretisation", prediction.discretisation},
                       {"notes", prediction.remarks}};
    if (prediction.dt > 0.0) {
        all["dt"] = prediction.dt;
    }
    for_each_quantity(prediction, [&all](const QuantityFacts& facts, const auto& quantity) {
        const std::string name(facts.name);
        const std::size_t dot = name.find('.');
        auto& place = all[name.substr(0, dot)][name.substr(dot + 1)];
        if (quantity.known()) {
            place = quantity.value();
        } else {
            place = nullptr;
            all["notes"][name] = quantity.reason();
        }
    });
    return all;
}

std::string to_text(const Prediction& prediction) {
    const nlohmann::json all = to_json(prediction);
    std::string text = fmt::format("{:<28} {}", "discretisation", prediction.discretisation);
    if (prediction.dt > 0.0) {
        text += fmt::format(", dt = {}", prediction.dt);
    }
    const auto add = [&](std::string_view name, const auto& shown) {
        text += fmt::format("\n{:<28} {}", name, shown);
    };
    for (const auto& [name, remark] : prediction.remarks) {
        add(name, "note: " + remark);
    }
    add("stationary.tau", json_text(all["stationary"]["tau"]));
    add("fdt.omega", json_text(all["fdt"]["omega"]));
    for_each_quantity(prediction, [&add](const QuantityFacts& facts, const auto& quantity) {
        if (quantity.known()) {
            add(facts.name, json_text(nlohmann::json(quantity.value())));
        } else {
            add(facts.name, "none: " + quantity.reason());
        }
    });
    return text;
}

} // namespace tinymf::host
