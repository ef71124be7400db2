// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include "port/port.hpp"
#include "tinymf/observe/work_phase.hpp"
#include "tinymf/stream/frame_kinds.hpp"

namespace tinymf::firmware {

using observe::WorkPhase;

/// How long one phase took, a sample a step, in counts of the port's counter. Counters stay at
/// their top. Size: 144 bytes.
struct PhaseStatistics {
    std::uint64_t total = 0;
    std::uint32_t least = std::numeric_limits<std::uint32_t>::max();
    std::uint32_t most = 0;
    /// Bin k: samples of k significant bits, so in [2^(k-1), 2^k); the last one also of 32.
    std::array<std::uint32_t, stream::timing_bins> histogram{};

    void add(std::uint32_t sample) {
        const auto bits = static_cast<std::size_t>(std::bit_width(sample));
        std::uint32_t& bin = histogram[std::min(bits, histogram.size() - 1)];
        bin += bin != std::numeric_limits<std::uint32_t>::max() ? 1U : 0U;
        total += sample;
        least = std::min(least, sample);
        most = std::max(most, sample);
    }

    /// But for the phase.
    [[nodiscard]] stream::TimingFrame frame() const {
        std::uint32_t count = 0;
        for (const std::uint32_t bin : histogram) {
            count += bin;
        }
        return {.samples = count, .least = count == 0 ? 0 : least, .most = most, .total = total};
    }
};

/// Splits the time of the loop among the phases of a step. The observer of an engine: `enter` ends
/// one phase and begins the next. What an empty phase measures is subtracted from every sample. An
/// interrupt counts for the phase that it came in.
///
/// Size: 144 bytes a phase of a step, and 80. Work: one reading of the counter for each `enter`.
template <Port P>
class PhaseTimer {
public:
    explicit PhaseTimer(P& port) : port_(port) {}

    /// A new run. Measures what nothing takes.
    void clear() {
        statistics_ = {};
        step_is_open_ = false;
        const std::uint32_t begin = port_.cycles();
        for (std::uint32_t i = 0; i < trials; ++i) {
            enter(phase_);
        }
        cost_of_trials_ = port_.cycles() - begin;
    }

    void enter(WorkPhase phase) {
        const std::uint32_t now = port_.cycles();
        Spent& spent = spent_[static_cast<std::size_t>(phase_)];
        spent.counts += now - since_;
        ++spent.entries;
        since_ = now;
        phase_ = phase;
        port_.progress.phase = static_cast<std::uint32_t>(phase);
    }

    /// Ends the step before and its samples.
    void begin_step() {
        end_step();
        step_is_open_ = true;
    }

    void end_step() {
        for (std::size_t i = 0; i < statistics_.size() && step_is_open_; ++i) {
            const Spent& spent = spent_[first + i];
            const std::uint32_t nothing = spent.entries * cost_of_trials_ / trials;
            statistics_[i].add(spent.counts > nothing ? spent.counts - nothing : 0);
        }
        spent_ = {};
        step_is_open_ = false;
    }

    /// Of the phases of a step, from `observe::first_step_phase` on.
    [[nodiscard]] std::span<const PhaseStatistics> statistics() const { return statistics_; }

private:
    struct Spent {
        std::uint32_t counts = 0;
        std::uint32_t entries = 0;
    };

    static constexpr std::uint32_t trials = 64;
    static constexpr auto first = static_cast<std::size_t>(observe::first_step_phase);

    P& port_;
    std::array<PhaseStatistics, observe::step_phases> statistics_;
    std::array<Spent, observe::work_phase_names.size()> spent_;
    WorkPhase phase_ = WorkPhase::idle;
    bool step_is_open_ = false;
    std::uint32_t since_ = 0;
    std::uint32_t cost_of_trials_ = 0;
};

/// For boards without the memory for statistics: marks the phase for fault records, and tells
/// nothing of times.
template <Port P>
class PhaseMarker {
public:
    explicit PhaseMarker(P& port) : port_(port) {}

    void clear() {}
    void enter(WorkPhase phase) { port_.progress.phase = static_cast<std::uint32_t>(phase); }
    void begin_step() {}
    void end_step() {}
    [[nodiscard]] std::span<const PhaseStatistics> statistics() const { return {}; }

private:
    P& port_;
};

} // namespace tinymf::firmware
