// SPDX-License-Identifier: Apache-2.0
#include "plan/stream_rate.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "plan/observed_blocks.hpp"
#include "tinymf/stream/frame.hpp"

namespace tinymf::host {
namespace {

constexpr std::size_t state_header = 7;
constexpr std::size_t observe_header = 9;
constexpr std::size_t row_header = 10;
constexpr std::size_t digest_payload = 20;

/// Frames, payload and bytes on the line, over a whole run.
struct Total {
    double frames = 0;
    double payload = 0;
    double wire = 0;

    void add_frame(std::size_t payload_bytes, double times) {
        frames += times;
        payload += times * static_cast<double>(payload_bytes);
        wire += times * static_cast<double>(stream::wire_bound(payload_bytes));
    }

    /// `values` numbers cut into frames of one payload each.
    void add_values(std::size_t header, std::size_t scalar, std::uint64_t values, double times) {
        const std::size_t chunk = (stream::largest_payload - header) / scalar;
        for (; values > 0; values -= std::min<std::uint64_t>(values, chunk)) {
            add_frame(header + std::min<std::uint64_t>(values, chunk) * scalar, times);
        }
    }
};

/// Multiples of `every` from `first` to `last`.
std::uint32_t due(std::uint32_t every, std::uint32_t first, std::uint32_t last) {
    if (every == 0) {
        return 0;
    }
    return last / every - (first == 0 ? 0 : (first - 1) / every) + (first == 0 ? 1 : 0);
}

void add_rows(Total& total, const Experiment& experiment, std::size_t scalar) {
    const auto& p = experiment.parameters;
    const bool stationary = experiment.mean_field.method == mean_field::Method::stationary;
    for (std::uint32_t t = 0; p.state_every != 0 && t <= p.steps; t += p.state_every) {
        // Cx, Cphi, Rx, Rphi, mean; of a stationary run one number each, and at last its exponent.
        const std::uint32_t last = t == p.steps ? 1U : 0U;
        const std::array<std::uint32_t, 5> values =
            stationary ? std::array{1U, 1U, 1U, 1U, last} : std::array{t + 1, t + 1, t, t, 1U};
        for (const std::uint32_t count : values) {
            total.add_values(row_header, scalar, count, p.replicas);
        }
    }
}

} // namespace

StreamRate stream_rate(const Experiment& experiment) {
    const auto& p = experiment.parameters;
    const std::size_t scalar = experiment.scalar() == experiment::ScalarKind::float32 ? 4 : 8;
    const bool network = experiment.kind == experiment::ModelKind::network;
    const std::uint32_t steps = last_step_of(experiment);
    Total total;
    if (network) {
        total.add_values(state_header, scalar, experiment.network.neurons,
                         due(p.state_every, 0, steps) * p.replicas);
        for (const std::size_t values : observed_arrays_of_block(experiment)) {
            total.add_values(observe_header, scalar, values, blocks_of_run(experiment));
        }
    } else {
        add_rows(total, experiment, scalar);
    }
    const bool last_is_due = p.digest_every != 0 && steps % p.digest_every == 0;
    total.add_frame(digest_payload, due(p.digest_every, 0, steps) + (last_is_due ? 0 : 1));
    return {.frames = total.frames / steps,
            .bytes = total.wire / steps,
            .payload_bytes = total.payload / steps};
}

} // namespace tinymf::host
