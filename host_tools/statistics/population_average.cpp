// SPDX-License-Identifier: Apache-2.0
#include "statistics/population_average.hpp"

#include <cmath>
#include <utility>

#include "tinymf/assert.hpp"

namespace tinymf::host {

namespace {

template <class Array>
struct MeanAndError {
    Array mean;
    Array error;
};

/// Two passes: the scatter about a mean that is already known loses no digits.
template <class Array>
MeanAndError<Array> mean_and_error(std::span<const TwoTimeArrays> populations,
                                   Array TwoTimeArrays::*array) {
    const auto count = static_cast<double>(populations.size());
    Array mean = populations.front().*array;
    for (const TwoTimeArrays& population : populations.subspan(1)) {
        mean += population.*array;
    }
    mean /= count;
    if (populations.size() == 1) {
        return {mean, {}};
    }
    Array squares = Array::Zero(mean.rows(), mean.cols());
    for (const TwoTimeArrays& population : populations) {
        squares += (population.*array - mean).cwiseAbs2();
    }
    return {mean, (squares / (count - 1)).cwiseSqrt() * error_of_scatter(populations.size())};
}

} // namespace

double error_of_scatter(std::size_t populations) {
    const auto count = static_cast<double>(populations);
    const double student = populations > 3 ? (count - 1) / (count - 3) : 1;
    return std::sqrt(student / count);
}

TwoTimeSolution average_populations(std::span<const TwoTimeArrays> populations) {
    TINYMF_ASSERT(!populations.empty());
    TwoTimeSolution solution;
    const auto average = [&](auto array) {
        auto [mean, error] = mean_and_error(populations, array);
        solution.value.*array = std::move(mean);
        solution.standard_error.*array = std::move(error);
    };
    average(&TwoTimeArrays::Cx);
    average(&TwoTimeArrays::Cphi);
    average(&TwoTimeArrays::Rx);
    average(&TwoTimeArrays::Rphi);
    average(&TwoTimeArrays::mean);
    return solution;
}

} // namespace tinymf::host
