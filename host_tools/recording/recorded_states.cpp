// SPDX-License-Identifier: Apache-2.0
#include "recording/recorded_states.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <numeric>
#include <type_traits>

#include "tinymf/assert.hpp"

namespace tinymf::host {

RecordedStates::RecordedStates(experiment::ScalarKind scalar) {
    if (scalar == experiment::ScalarKind::float32) {
        values_ = std::deque<float>();
    }
}

RecordedStates::RecordedStates(const Eigen::MatrixXd& rows) {
    for (Index row = 0; row < rows.rows(); ++row) {
        const Eigen::RowVectorXd state = rows.row(row);
        add({state.data(), static_cast<std::size_t>(state.size())});
    }
}

void RecordedStates::add(std::span<const double> state) {
    const auto size = static_cast<Index>(state.size());
    TINYMF_ASSERT(rows_ == 0 || size == columns_);
    columns_ = size;
    ++rows_;
    std::visit(
        [&state](auto& values) {
            using Value = typename std::remove_reference_t<decltype(values)>::value_type;
            for (const double value : state) {
                values.push_back(static_cast<Value>(value));
            }
        },
        values_);
}

double RecordedStates::operator()(Index row, Index neuron) const {
    const auto at = static_cast<std::size_t>(begin_of(row) + neuron);
    return std::visit([at](const auto& values) { return static_cast<double>(values[at]); },
                      values_);
}

Eigen::RowVectorXd RecordedStates::row(Index row) const {
    Eigen::RowVectorXd state(columns_);
    std::visit(
        [&](const auto& values) {
            std::copy_n(values.begin() + begin_of(row), columns_, state.begin());
        },
        values_);
    return state;
}

Eigen::MatrixXd RecordedStates::middle_rows(Index first, Index count) const {
    Eigen::MatrixXd copied(count, columns_);
    for (Index k = 0; k < count; ++k) {
        copied.row(k) = row(first + k);
    }
    return copied;
}

Eigen::MatrixXd RecordedStates::bottom_rows(Index count) const {
    return middle_rows(rows_ - count, count);
}

double RecordedStates::product(Index row, Index other) const {
    return std::visit(
        [&](const auto& values) {
            const auto first = values.begin() + begin_of(row);
            return std::transform_reduce(
                first, first + columns_, values.begin() + begin_of(other), 0.0, std::plus<>{},
                [](auto a, auto b) { return static_cast<double>(a) * static_cast<double>(b); });
        },
        values_);
}

double RecordedStates::largest_magnitude() const {
    return std::visit(
        [](const auto& values) {
            double largest = 0.0;
            for (const auto value : values) {
                largest = std::max(largest, std::abs(static_cast<double>(value)));
            }
            return largest;
        },
        values_);
}

void RecordedStates::set(Index row, Index neuron, double value) {
    const auto at = static_cast<std::size_t>(begin_of(row) + neuron);
    std::visit(
        [&](auto& values) {
            using Value = typename std::remove_reference_t<decltype(values)>::value_type;
            values[at] = static_cast<Value>(value);
        },
        values_);
}

} // namespace tinymf::host
