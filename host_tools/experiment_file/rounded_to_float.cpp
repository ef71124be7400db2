// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include <fmt/format.h>

#include "experiment_file/experiment.hpp"
#include "experiment_file/experiment_keys.hpp"
#include "experiment_file/problem_list.hpp"
#include "tinymf/assert.hpp"
#include "tinymf/experiment/validation.hpp"
#include "tinymf/experiment/wire.hpp"
#include "tinymf/stream/frame.hpp"

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
    std::array<std::uint8_t, stream::largest_payload> bytes{};
    stream::ByteWriter writer(bytes);
    experiment::for_each_on_wire(experiment.parameters, [&writer]<class V>(const V& value) {
        if constexpr (std::is_same_v<V, double>) {
            writer.put(static_cast<float>(value));
        } else if constexpr (std::is_enum_v<V>) {
            writer.put(static_cast<std::underlying_type_t<V>>(value));
        } else {
            writer.put(value);
        }
    });
    stream::ByteReader reader(writer.written());
    const auto rounded = experiment::read_parameters<float>(reader);
    TINYMF_ASSERT(writer.ok() && reader.ok() && !experiment::validate(rounded));
    return rounded;
}

} // namespace tinymf::host
