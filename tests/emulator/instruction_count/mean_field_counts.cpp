// SPDX-License-Identifier: Apache-2.0
#include "mean_field_counts.hpp"

#include <cstddef>
#include <cstdint>
#include <new>
#include <string_view>

#include "conformance/text_line.hpp"
#include "count_report.hpp"
#include "tinymf/mean_field/forward_sampler.hpp"
#include "tinymf/model/parameters.hpp"

namespace tinymf::firmware {
namespace {

constexpr bool has_room = TINYMF_BOARD_RAM_BYTES >= 131072;
constexpr std::uint32_t points = has_room ? 60 : TINYMF_BOARD_RAM_BYTES >= 16384 ? 9 : 6;
constexpr std::uint32_t paths = has_room ? 128 : 16;
using Sampler = mean_field::ForwardSampler<float, points, paths, std::int16_t>;

// Made at run time: Eigen's vectors have no constexpr constructor, and start-up runs none.
alignas(Sampler) std::byte sampler_memory[sizeof(Sampler)];

/// Every tenth row and the last, and the whole run. tanh with white noise, Euler with dt = 0.1.
void report_run(BoardPort& port, std::string_view name, float reciprocity) {
    auto& sampler = *new (sampler_memory) Sampler;
    std::uint32_t total = counts(port, 1, [&sampler, reciprocity] {
        sampler.configure({.activation = model::ActivationKind::tanh,
                           .gain = 1.0F,
                           .reciprocity = reciprocity,
                           .noise = 1.0F,
                           .dt = 0.1F,
                           .steps = points - 1,
                           .seed = 58});
    });
    for (std::uint32_t row = 1; row < points; ++row) {
        const std::uint32_t own = counts(port, 1, [&sampler] { sampler.step(); });
        total += own;
        if (row % 10 == 9 || row + 1 == points) {
            TextLine{port} << "COUNT " << name << "_row_" << row << " " << own << " 1";
        }
    }
    TextLine{port} << "COUNT " << name << "_run " << total << " 1";
}

} // namespace

void report_mean_field(BoardPort& port) {
    TextLine{port} << "SAMPLER " << points << " " << paths;
    report_run(port, "forward", 0.0F);
    report_run(port, "reciprocal", 0.5F);
}

} // namespace tinymf::firmware
