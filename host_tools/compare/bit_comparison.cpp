// SPDX-License-Identifier: Apache-2.0
#include "compare/bit_comparison.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <vector>

#include <fmt/format.h>

#include "base/host_error.hpp"
#include "compare/bit_checker.hpp"
#include "experiment/parameter_bytes.hpp"

namespace tinymf::host {
namespace {

/// Numbers the reals of one format in their order, both zeros alike.
template <class Bits, class Real>
std::int64_t rank(Real value) {
    constexpr Bits sign = Bits{1} << (std::numeric_limits<Bits>::digits - 1);
    const Bits bits = std::bit_cast<Bits>(value);
    const auto magnitude = static_cast<std::int64_t>(bits & ~sign);
    return (bits & sign) != 0 ? -magnitude : magnitude;
}

std::uint64_t distance(std::int64_t a, std::int64_t b) {
    // Wraps to the right result even where the signed difference would overflow.
    return a > b ? static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b)
                 : static_cast<std::uint64_t>(b) - static_cast<std::uint64_t>(a);
}

/// What the numbers of a run depend on: all parameters but how often it reports.
std::vector<std::uint8_t> numbers_of(experiment::Parameters<double> parameters) {
    parameters.state_every = 0;
    parameters.digest_every = 0;
    parameters.observation = {};
    return parameter_bytes(parameters);
}

std::uint32_t last_told_step(const Recording& recording) {
    return recording.end ? recording.end->step : recording.last_step();
}

/// The inputs of `a` that act on steps which both runs took.
std::vector<LiveInput> inputs_before_both_ends(const Recording& a, const Recording& b) {
    std::vector<LiveInput> inputs = a.live_inputs;
    const std::uint32_t end = std::min(last_told_step(a), last_told_step(b));
    std::erase_if(inputs, [end](const LiveInput& input) { return input.step >= end; });
    return inputs;
}

void require_same_experiment(const Recording& a, const Recording& b) {
    if (!serves(a.profile, b.profile) && !serves(b.profile, a.profile)) {
        throw HostError(exit_bad_input,
                        fmt::format("{} is a run of {}, {} of {}", a.file, profile_text(a.profile),
                                    b.file, profile_text(b.profile)));
    }
    const bool same_inputs = inputs_before_both_ends(a, b) == inputs_before_both_ends(b, a);
    if (!same_inputs || numbers_of(a.parameters) != numbers_of(b.parameters)) {
        throw HostError(exit_bad_input, fmt::format("{} and {} are runs of different {}", a.file,
                                                    b.file, same_inputs ? "parameters" : "inputs"));
    }
}

} // namespace

std::uint64_t ulp_distance(double a, double b, experiment::ScalarKind scalar) {
    if (scalar == experiment::ScalarKind::float32) {
        return distance(rank<std::uint32_t>(static_cast<float>(a)),
                        rank<std::uint32_t>(static_cast<float>(b)));
    }
    return distance(rank<std::uint64_t>(a), rank<std::uint64_t>(b));
}

std::string place_of(const StateDifference& difference, const Recording& recording) {
    if (recording.of_network() && !recording.is_state(difference.channel)) {
        return fmt::format(
            "step {}, observed {}, element {}", difference.step,
            observe::observed_arrays.at(difference.channel - recording.replicas.size()).name,
            difference.element);
    }
    if (recording.of_network()) {
        return fmt::format("step {}, replica {}, neuron {}", difference.step, difference.channel,
                           difference.element);
    }
    const std::uint32_t points = recording.parameters.steps + 1U;
    return fmt::format("row {} of {}, column {}, population {}", difference.step % points,
                       mean_field::two_time_names.at(difference.channel), difference.element,
                       difference.step / points);
}

std::string to_text(const SaturationDifference& difference) {
    const auto text = [](const std::optional<stream::SaturationFrame>& saturation) {
        return saturation ? to_text(*saturation)
                          : std::string("no number of the path histories saturated");
    };
    return fmt::format("{}; expected: {}", text(difference.recorded), text(difference.expected));
}

std::string to_text(const FaultDifference& difference) {
    const auto text = [](const std::optional<RecordedFault>& fault) {
        return fault ? to_text(*fault) : std::string("every number is finite");
    };
    return fmt::format("{}; expected: {}", text(difference.recorded), text(difference.expected));
}

BitComparison compare_recordings(const Recording& recording, const Recording& other) {
    require_same_experiment(recording, other);
    BitChecker checker(recording);
    const bool same_observation = recording.parameters.observation == other.parameters.observation;
    while (const auto step = checker.next_step()) {
        for (std::uint8_t channel = 0; channel < other.channels(); ++channel) {
            if (!same_observation && !other.is_state(channel)) {
                continue;
            }
            const auto& steps = other.steps_of(channel);
            const auto same = std::ranges::lower_bound(steps, *step);
            if (same != steps.end() && *same == *step) {
                checker.check(channel, other.vector_of(channel, static_cast<std::size_t>(
                                                                    same - steps.begin())));
            }
            if (channel < other.fragments.size()) {
                for (const VectorFragment& piece : marks_at_step(other.fragments[channel], *step)) {
                    checker.check_piece(channel, piece);
                }
            }
        }
        checker.check_digests(marks_at_step(other.digests, *step));
        if (same_observation) {
            checker.check_checkpoints(marks_at_step(other.checkpoints, *step));
        }
        if (checker.differs()) {
            break;
        }
    }
    const bool as_long = last_told_step(recording) == last_told_step(other);
    if (!checker.differs() && as_long) {
        checker.check_saturation(other.saturation);
        checker.check_fault(other.fault);
        checker.check_end(other.end ? std::optional(other.end->reason) : std::nullopt);
    }
    return checker.result();
}

} // namespace tinymf::host
