// SPDX-License-Identifier: Apache-2.0
#include "sweep/sweep.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/derived_seed.hpp"

namespace tinymf::host {

std::size_t Sweep::points() const {
    std::size_t count = 1;
    for (const SweepAxis& axis : axes) {
        count *= axis.values.size();
    }
    return count;
}

std::vector<const SweepValue*> Sweep::values_at(std::size_t point) const {
    std::vector<const SweepValue*> values(axes.size());
    for (std::size_t k = axes.size(); k-- > 0;) {
        const auto& all = axes[k].values;
        values[k] = &all[point % all.size()];
        point /= all.size();
    }
    return values;
}

nlohmann::json Sweep::identity() const {
    nlohmann::json grid = nlohmann::json::array();
    for (const SweepAxis& axis : axes) {
        nlohmann::json values = nlohmann::json::array();
        for (const SweepValue& value : axis.values) {
            values.push_back(value.shown);
        }
        grid.push_back({{"key", axis.key}, {"values", values}});
    }
    return {{"experiment", experiment_of(0).text},
            {"grid", grid},
            {"seed", seed},
            {"seeds", seeds},
            {"run", collect.run},
            {"after", collect.after},
            {"theory", collect.theory},
            {"discrete", collect.discrete}};
}

Experiment Sweep::experiment_of(std::size_t job) const {
    std::vector<Override> overrides = fixed;
    for (const SweepValue* value : values_at(job / seeds)) {
        overrides.push_back(value->given);
    }
    overrides.push_back(
        {fmt::format("model.seed={}", seed_of(job)), fmt::format("{}: job {}", source, job)});
    return parse_experiment(experiment_text, experiment_file.string(),
                            std::span<const Override>(overrides));
}

std::uint64_t Sweep::seed_of(std::size_t job) const {
    return derived_seed(seed, static_cast<std::uint32_t>(job));
}

} // namespace tinymf::host
