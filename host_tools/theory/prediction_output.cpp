// SPDX-License-Identifier: Apache-2.0
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "diagnostics/json_text.hpp"
#include "theory/prediction.hpp"

namespace tinymf::host {
namespace {

/// Calls `visit(dotted name, quantity)` for everything that is predicted.
template <class Visitor>
void for_each_quantity(const Prediction& p, const Visitor& visit) {
    visit("stationary.Cx0", p.stationary.input_variance);
    visit("stationary.Cphi0", p.stationary.output_variance);
    visit("stationary.mean_gain", p.stationary.mean_gain);
    visit("stationary.regime", p.stationary.regime);
    visit("stationary.Cx", p.stationary.input_correlation);
    visit("stationary.Cphi", p.stationary.output_correlation);
    visit("stationary.R", p.stationary.response);
    visit("stationary.decay_rate", p.stationary.decay_rate);
    visit("lyapunov.max", p.largest_lyapunov_exponent);
    visit("critical.gain", p.critical_gain);
    visit("participation.input", p.participation.input);
    visit("participation.output", p.participation.output);
    visit("participation.long_window", p.participation.long_window);
    visit("covariance.N_var_input", p.covariance.input_spread);
    visit("covariance.N_var_output", p.covariance.output_spread);
    visit("fdt.temperature", p.fluctuation_dissipation.temperature);
    visit("fdt.effective_temperature", p.fluctuation_dissipation.effective_temperature);
}

} // namespace

nlohmann::json to_json(const Prediction& prediction) {
    nlohmann::json all{{"stationary", {{"tau", prediction.stationary.tau}}},
                       {"fdt", {{"omega", prediction.fluctuation_dissipation.omega}}},
                       {"discretisation", prediction.discretisation},
                       {"notes", prediction.remarks}};
    if (prediction.dt > 0.0) {
        all["dt"] = prediction.dt;
    }
    for_each_quantity(prediction, [&](std::string_view name, const auto& quantity) {
        const std::size_t dot = name.find('.');
        auto& place = all[std::string(name.substr(0, dot))][std::string(name.substr(dot + 1))];
        if (quantity.known()) {
            place = quantity.value();
        } else {
            place = nullptr;
            all["notes"][std::string(name)] = quantity.reason();
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
    for_each_quantity(prediction, [&](std::string_view name, const auto& quantity) {
        if (quantity.known()) {
            add(name, json_text(nlohmann::json(quantity.value())));
        } else {
            add(name, "none: " + quantity.reason());
        }
    });
    return text;
}

} // namespace tinymf::host
