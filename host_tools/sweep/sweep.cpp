// SPDX-License-Identifier: Apache-2.0
#include "sweep/sweep.hpp"

#include <fmt/format.h>

#include "tinymf/random/philox.hpp"

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
    // The streams of a run leave the last word of the counter zero.
    const random::PhiloxBlock words = random::philox4x32(
        {static_cast<std::uint32_t>(job), 0U, 0U, 1U},
        {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32U)});
    return (words[0] | std::uint64_t{words[1]} << 32U) >> 1U;
}

} // namespace tinymf::host
