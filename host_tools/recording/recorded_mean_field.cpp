// SPDX-License-Identifier: Apache-2.0
#include "recording/recorded_mean_field.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/host_error.hpp"
#include "statistics/population_average.hpp"

namespace tinymf::host {
namespace {

using mean_field::Method;
using mean_field::TwoTimeArray;

const VectorTrace& trace_of(const Recording& recording, TwoTimeArray array) {
    return recording.arrays[static_cast<std::size_t>(array)];
}

/// The row of that step, or an empty span.
std::span<const double> row_at(const VectorTrace& trace, std::uint32_t step) {
    const auto found = std::ranges::lower_bound(trace.steps(), step);
    if (found == trace.steps().end() || *found != step) {
        return {};
    }
    return trace[static_cast<std::size_t>(found - trace.steps().begin())];
}

void require(const Recording& recording, bool stationary) {
    const bool is_stationary = recording.profile.method == Method::stationary;
    if (recording.of_network() || is_stationary != stationary) {
        throw HostError(exit_bad_input,
                        fmt::format("{}: a run of {}, not of a mean field {}", recording.file,
                                    profile_text(recording.profile),
                                    stationary ? "by the stationary method" : "on a time grid"));
    }
}

/// Copies the sent columns of row k into the lower triangle. False where the row is missing.
bool fill_row(TwoTimeMatrix& matrix, std::size_t k, std::span<const std::uint32_t> rows,
              std::span<const double> values, std::size_t columns) {
    if (columns != 0 && values.empty()) {
        return false;
    }
    for (std::size_t j = 0; j < columns; ++j) {
        matrix(static_cast<Eigen::Index>(k), static_cast<Eigen::Index>(j)) = values[rows[j]];
    }
    return true;
}

/// False for a row of which a cut or damaged capture holds only some arrays.
bool has_all_arrays(const Recording& recording, std::uint32_t step, std::uint32_t row) {
    using enum TwoTimeArray;
    const auto sent = [&](TwoTimeArray array) {
        return !row_at(trace_of(recording, array), step).empty();
    };
    const bool stationary = recording.profile.method == Method::stationary;
    const bool has_responses = stationary || row > 0;
    return sent(output_correlation) && (stationary || sent(mean)) &&
           (!has_responses || (sent(state_response) && sent(output_response)));
}

/// One population's arrays; nothing where it did not tell all of the rows.
std::optional<TwoTimeArrays> arrays_of(const Recording& recording,
                                       std::span<const std::uint32_t> rows,
                                       std::uint32_t first_step) {
    const auto n = static_cast<Eigen::Index>(rows.size());
    const TwoTimeMatrix zero = TwoTimeMatrix::Zero(n, n);
    TwoTimeArrays arrays{zero, zero, zero, zero, Eigen::VectorXd::Zero(n)};
    for (std::size_t k = 0; k < rows.size(); ++k) {
        const auto sent = [&](TwoTimeArray array) {
            return row_at(trace_of(recording, array), first_step + rows[k]);
        };
        const auto mean = sent(TwoTimeArray::mean);
        const bool whole =
            fill_row(arrays.Cx, k, rows, sent(TwoTimeArray::state_correlation), k + 1) &&
            fill_row(arrays.Cphi, k, rows, sent(TwoTimeArray::output_correlation), k + 1) &&
            fill_row(arrays.Rx, k, rows, sent(TwoTimeArray::state_response), k) &&
            fill_row(arrays.Rphi, k, rows, sent(TwoTimeArray::output_response), k) && !mean.empty();
        if (!whole) {
            return std::nullopt;
        }
        arrays.mean[static_cast<Eigen::Index>(k)] = mean.front();
    }
    for (TwoTimeMatrix* symmetric : {&arrays.Cx, &arrays.Cphi}) {
        symmetric->triangularView<Eigen::StrictlyUpper>() = symmetric->transpose();
    }
    return arrays;
}

std::vector<double> times_of(const Recording& recording, std::span<const std::uint32_t> rows) {
    std::vector<double> times;
    for (const std::uint32_t row : rows) {
        times.push_back(recording.time_of(row));
    }
    return times;
}

} // namespace

std::vector<std::uint32_t> told_rows(const Recording& recording) {
    const std::uint32_t points = recording.parameters.steps + 1U;
    std::vector<std::vector<std::uint32_t>> rows(recording.parameters.replicas);
    for (const std::uint32_t step : trace_of(recording, TwoTimeArray::state_correlation).steps()) {
        if (has_all_arrays(recording, step, step % points)) {
            rows.at(step / points).push_back(step % points);
        }
    }
    const auto most = std::ranges::max_element(rows, {}, &std::vector<std::uint32_t>::size);
    if (most == rows.end() || most->empty()) {
        throw HostError(exit_bad_input,
                        fmt::format("{}: it holds no rows; record with mean_field.row_every > 0",
                                    recording.file));
    }
    return *most;
}

RecordedPopulations recorded_populations(const Recording& recording) {
    require(recording, false);
    const std::vector<std::uint32_t> rows = told_rows(recording);
    RecordedPopulations recorded{times_of(recording, rows), {}};
    for (std::uint32_t population = 0; population < recording.parameters.replicas; ++population) {
        const std::uint32_t first_step = population * (recording.parameters.steps + 1U);
        if (auto arrays = arrays_of(recording, rows, first_step)) {
            recorded.populations.push_back(*std::move(arrays));
        }
    }
    if (recorded.populations.empty()) {
        throw HostError(exit_bad_input,
                        fmt::format("{}: rows of some arrays are missing", recording.file));
    }
    return recorded;
}

TwoTimeSolution recorded_two_time(const Recording& recording) {
    RecordedPopulations recorded = recorded_populations(recording);
    TwoTimeSolution solution = average_populations(recorded.populations);
    solution.times = std::move(recorded.times);
    return solution;
}

StationarySolution recorded_stationary(const Recording& recording) {
    require(recording, true);
    const std::vector<std::uint32_t> rows = told_rows(recording);
    const auto values = [&](TwoTimeArray array) {
        std::vector<double> numbers;
        for (const std::uint32_t row : rows) {
            numbers.push_back(row_at(trace_of(recording, array), row).front());
        }
        return numbers;
    };
    StationarySolution solution{.lags = times_of(recording, rows),
                                .Cx = values(TwoTimeArray::state_correlation),
                                .Cphi = values(TwoTimeArray::output_correlation),
                                .Rx = values(TwoTimeArray::state_response),
                                .Rphi = values(TwoTimeArray::output_response),
                                .lyapunov = std::nullopt};
    const VectorTrace& exponent = trace_of(recording, TwoTimeArray::lyapunov);
    if (!exponent.empty()) {
        solution.lyapunov = exponent.values().back();
    }
    return solution;
}

} // namespace tinymf::host
