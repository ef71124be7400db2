// SPDX-License-Identifier: Apache-2.0
// From the rows that a mean field told to its two-time arrays, on rows written by hand.
#include "recording/recorded_mean_field.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/host_error.hpp"

namespace tinymf::host {
namespace {

using mean_field::TwoTimeArray;
using enum mean_field::TwoTimeArray;
using Rows = std::vector<std::uint32_t>;

constexpr std::uint32_t points = 6;

Recording two_populations() {
    Recording recording;
    recording.file = "run.tmf";
    recording.profile = {.kind = experiment::ModelKind::mean_field,
                         .method = mean_field::Method::forward,
                         .replicas = 2};
    recording.parameters.steps = points - 1;
    recording.parameters.replicas = 2;
    recording.written_dt = 0.5;
    return recording;
}

/// What entry (row, column) of an array of a population holds here.
double entry(TwoTimeArray array, std::uint32_t population, std::uint32_t row,
             std::uint32_t column) {
    return 1000.0 * static_cast<double>(array) + 100.0 * population + 10.0 * row + column;
}

void add_row(Recording& recording, TwoTimeArray array, std::uint32_t population,
             std::uint32_t row) {
    const bool response = array == state_response || array == output_response;
    const std::uint32_t columns = array == mean ? 1 : response ? row : row + 1;
    std::vector<double> values;
    for (std::uint32_t column = 0; column < columns; ++column) {
        values.push_back(entry(array, population, row, column));
    }
    recording.arrays[static_cast<std::size_t>(array)].add(population * points + row, values);
}

constexpr std::array all_arrays{state_correlation, output_correlation, state_response,
                                output_response, mean};

/// Rows of both populations, those of `without` left out of the last population.
Recording told(const Rows& rows, const std::vector<TwoTimeArray>& left_out = {},
               std::uint32_t of_row = 0) {
    Recording recording = two_populations();
    for (std::uint32_t population = 0; population < 2; ++population) {
        for (const std::uint32_t row : rows) {
            for (const TwoTimeArray array : all_arrays) {
                const bool response = array == state_response || array == output_response;
                const bool missing = population == 1 && row == of_row &&
                                     std::ranges::find(left_out, array) != left_out.end();
                if (!missing && (row > 0 || !response)) {
                    add_row(recording, array, population, row);
                }
            }
        }
    }
    return recording;
}

std::string refusal_of(const std::function<void()>& read) {
    try {
        read();
    } catch (const HostError& error) {
        EXPECT_EQ(error.exit_code(), exit_bad_input);
        return error.what();
    }
    return "none";
}

TEST(RecordedMeanField, HoldsTheToldRowsAsRowsAndColumns) {
    const Recording recording = told({0, 2, 5});
    EXPECT_EQ(told_rows(recording), (Rows{0, 2, 5}));
    const RecordedPopulations found = recorded_populations(recording);
    EXPECT_EQ(found.times, (std::vector<double>{0.0, 1.0, 2.5}));
    ASSERT_EQ(found.populations.size(), 2U);
    const Rows rows{0, 2, 5};
    for (std::uint32_t b = 0; b < 2; ++b) {
        const TwoTimeArrays& arrays = found.populations[b];
        for (std::uint32_t k = 0; k < 3; ++k) {
            EXPECT_EQ(arrays.mean[k], entry(mean, b, rows[k], 0));
            for (std::uint32_t j = 0; j < 3; ++j) {
                const std::uint32_t later = std::max(rows[k], rows[j]);
                const std::uint32_t earlier = std::min(rows[k], rows[j]);
                EXPECT_EQ(arrays.Cx(k, j), entry(state_correlation, b, later, earlier));
                EXPECT_EQ(arrays.Cphi(k, j), entry(output_correlation, b, later, earlier));
                EXPECT_EQ(arrays.Rx(k, j),
                          j < k ? entry(state_response, b, rows[k], rows[j]) : 0.0);
                EXPECT_EQ(arrays.Rphi(k, j),
                          j < k ? entry(output_response, b, rows[k], rows[j]) : 0.0);
            }
        }
    }
}

TEST(RecordedMeanField, AveragesItsPopulations) {
    const TwoTimeSolution solution = recorded_two_time(told({0, 2, 5}));
    EXPECT_EQ(solution.times, (std::vector<double>{0.0, 1.0, 2.5}));
    EXPECT_EQ(solution.value.Cx(2, 1), entry(state_correlation, 0, 5, 2) + 50.0);
    EXPECT_EQ(solution.value.Rphi(2, 1), entry(output_response, 0, 5, 2) + 50.0);
    EXPECT_EQ(solution.value.mean[2], entry(mean, 0, 5, 0) + 50.0);
    ASSERT_TRUE(solution.sampled());
    EXPECT_GT(solution.standard_error.Cx(2, 1), 0.0);
}

/// A capture that was cut in a row.
TEST(RecordedMeanField, ARowOfWhichAnArrayIsMissingIsNone) {
    for (const TwoTimeArray array : all_arrays) {
        const Recording recording = told({0, 2, 5}, {array}, 5);
        EXPECT_EQ(told_rows(recording), (Rows{0, 2, 5})) << "by the first population";
        const RecordedPopulations found = recorded_populations(recording);
        ASSERT_EQ(found.populations.size(), 1U);
        EXPECT_EQ(found.populations[0].mean[2], entry(mean, 0, 5, 0));
        EXPECT_FALSE(recorded_two_time(recording).sampled());
    }
    for (const TwoTimeArray array : {output_correlation, mean}) {
        EXPECT_EQ(recorded_populations(told({0, 2}, {array}, 0)).populations.size(), 1U);
    }
}

/// A resumed run may begin in the middle of the first population: the one that told the most is
/// the one to go by.
TEST(RecordedMeanField, GoesByThePopulationThatToldTheMost) {
    Recording recording = two_populations();
    for (const auto& [population, rows] :
         {std::pair{0U, Rows{4, 5}}, std::pair{1U, Rows{0, 1, 2, 3, 4, 5}}}) {
        for (const std::uint32_t row : rows) {
            for (const TwoTimeArray array : all_arrays) {
                if (row > 0 || array == state_correlation || array == output_correlation ||
                    array == mean) {
                    add_row(recording, array, population, row);
                }
            }
        }
    }
    EXPECT_EQ(told_rows(recording), (Rows{0, 1, 2, 3, 4, 5}));
    const RecordedPopulations found = recorded_populations(recording);
    ASSERT_EQ(found.populations.size(), 1U);
    EXPECT_EQ(found.populations[0].Cx(5, 4), entry(state_correlation, 1, 5, 4));
}

TEST(RecordedMeanField, AloneInItsRowsTheArraysOfOnePopulationAreWhole) {
    Recording recording = two_populations();
    for (const TwoTimeArray array : all_arrays) {
        add_row(recording, array, 1, 4);
    }
    EXPECT_EQ(told_rows(recording), Rows{4});
    EXPECT_EQ(recorded_populations(recording).times, std::vector<double>{2.0});
    // Without its responses it is not.
    Recording without = two_populations();
    for (const TwoTimeArray array : {state_correlation, output_correlation, mean}) {
        add_row(without, array, 1, 4);
    }
    EXPECT_EQ(refusal_of([&] { static_cast<void>(told_rows(without)); }),
              "run.tmf: it holds no rows; record with mean_field.row_every > 0");
}

TEST(RecordedMeanField, WithoutRowsIsRefused) {
    const Recording recording = two_populations();
    EXPECT_EQ(refusal_of([&] { static_cast<void>(recorded_two_time(recording)); }),
              "run.tmf: it holds no rows; record with mean_field.row_every > 0");
}

Recording stationary() {
    Recording recording = two_populations();
    recording.profile.method = mean_field::Method::stationary;
    recording.parameters.replicas = 1;
    for (const std::uint32_t row : {0U, 3U, 5U}) {
        for (const TwoTimeArray array :
             {state_correlation, output_correlation, state_response, output_response}) {
            recording.arrays[static_cast<std::size_t>(array)].add(
                row, std::vector{entry(array, 0, row, 0)});
        }
    }
    return recording;
}

TEST(RecordedMeanField, OfAStationaryRunAreNumbersByLag) {
    Recording recording = stationary();
    EXPECT_EQ(told_rows(recording), (Rows{0, 3, 5}));
    const StationarySolution found = recorded_stationary(recording);
    EXPECT_EQ(found.lags, (std::vector<double>{0.0, 1.5, 2.5}));
    const auto column = [](TwoTimeArray array) {
        return std::vector{entry(array, 0, 0, 0), entry(array, 0, 3, 0), entry(array, 0, 5, 0)};
    };
    EXPECT_EQ(found.Cx, column(state_correlation));
    EXPECT_EQ(found.Cphi, column(output_correlation));
    EXPECT_EQ(found.Rx, column(state_response));
    EXPECT_EQ(found.Rphi, column(output_response));
    EXPECT_FALSE(found.lyapunov);
    recording.arrays[static_cast<std::size_t>(lyapunov)].add(5, std::vector{0.25});
    EXPECT_EQ(recorded_stationary(recording).lyapunov, 0.25);
}

TEST(RecordedMeanField, AStationaryRowIsWholeWithItsFourArrays) {
    for (const TwoTimeArray missing : {output_correlation, state_response, output_response}) {
        Recording recording = stationary();
        VectorTrace shorter;
        VectorTrace& trace = recording.arrays[static_cast<std::size_t>(missing)];
        shorter.add(3, trace[1]);
        shorter.add(5, trace[2]);
        trace = shorter;
        EXPECT_EQ(told_rows(recording), (Rows{3, 5})) << static_cast<int>(missing);
        EXPECT_EQ(recorded_stationary(recording).Cx.size(), 2U);
    }
}

TEST(RecordedMeanField, OfAnotherMethodIsRefused) {
    const Recording recording = told({0, 2});
    EXPECT_EQ(refusal_of([&] { static_cast<void>(recorded_stationary(recording)); }),
              "run.tmf: a run of " + profile_text(recording.profile) +
                  ", not of a mean field by the stationary method");
    const Recording lags = stationary();
    EXPECT_EQ(refusal_of([&] { static_cast<void>(recorded_populations(lags)); }),
              "run.tmf: a run of " + profile_text(lags.profile) +
                  ", not of a mean field on a time grid");
    Recording network = stationary();
    network.profile.kind = experiment::ModelKind::network;
    EXPECT_NE(refusal_of([&] { static_cast<void>(recorded_stationary(network)); }), "none");
    network.profile.method = mean_field::Method::forward;
    EXPECT_NE(refusal_of([&] { static_cast<void>(recorded_populations(network)); }), "none");
}

} // namespace
} // namespace tinymf::host
