// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "base/problem_list.hpp"
#include "experiment/converted_parameters.hpp"
#include "experiment/experiment.hpp"
#include "experiment/experiment_keys.hpp"
#include "tinymf/assert.hpp"
#include "tinymf/experiment/validation.hpp"

namespace tinymf::host {
namespace {

/// Notes every real that is not zero and becomes zero. Ranges end at float32 values and rounding is
/// monotone, so a value stays within its range, and nothing else can happen to it.
class VanishingReals {
public:
    explicit VanishingReals(std::string_view source) : source_{source} {}

    void real(const Key& key, double value) {
        if (value != 0.0 && static_cast<float>(value) == 0.0F) {
            problems_.add(
                fmt::format("{}: {} = {}: becomes 0 in float32", source_, key.name, value));
        }
    }
    void reals(const Key& key, std::size_t /*fewest*/, std::span<const double> values) {
        for (const double value : values) {
            real(key, value);
        }
    }
    void version(const Key& /*key*/, std::uint32_t /*number*/) {}
    void text(const Key& /*key*/, std::size_t /*longest*/, const std::string& /*value*/) {}
    void whole(const Key& /*key*/, std::uint64_t /*value*/) {}
    void choice(const Key& /*key*/, std::span<const std::string_view> /*names*/, auto /*value*/) {}
    void names(const Key& /*key*/, std::span<const std::string_view> /*names*/,
               observe::ObservableSet /*values*/) {}

    void throw_if_any() const { problems_.throw_if_any(); }

private:
    std::string source_;
    ProblemList problems_;
};

} // namespace

experiment::Parameters<float> rounded_to_float(const Experiment& experiment) {
    VanishingReals vanishing(experiment.source);
    for_each_key(vanishing, experiment);
    vanishing.throw_if_any();
    const auto rounded = converted_parameters<float>(experiment.parameters);
    TINYMF_ASSERT(!experiment::validate(rounded));
    return rounded;
}

} // namespace tinymf::host
