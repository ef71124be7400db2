// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <span>
#include <variant>

#include <Eigen/Core>

#include "tinymf/experiment/profile.hpp"

namespace tinymf::host {

/// States of one replica, a row of N values each, kept in the scalar of the run and handed out as
/// doubles, which is exact. Size: 4 bytes a value of a float32 run, 8 of another; it grows without
/// being copied.
class RecordedStates {
public:
    using Index = Eigen::Index;

    /// Of float64.
    RecordedStates() = default;
    explicit RecordedStates(experiment::ScalarKind scalar);
    /// Rows of a float64 run.
    explicit RecordedStates(const Eigen::MatrixXd& rows);

    /// All have as many values as the first. Values of a float32 run must be floats.
    void add(std::span<const double> state);

    [[nodiscard]] Index rows() const { return rows_; }
    [[nodiscard]] Index cols() const { return columns_; }

    [[nodiscard]] double operator()(Index row, Index neuron) const;
    [[nodiscard]] Eigen::RowVectorXd row(Index row) const;
    /// Copies `count` rows from `first` on.
    [[nodiscard]] Eigen::MatrixXd middle_rows(Index first, Index count) const;
    [[nodiscard]] Eigen::MatrixXd bottom_rows(Index count) const;

    /// Sum over neurons of the products of two rows.
    [[nodiscard]] double product(Index row, Index other) const;
    /// 0 without a row.
    [[nodiscard]] double largest_magnitude() const;

    void set(Index row, Index neuron, double value);

private:
    /// Place of a row's first value among all.
    [[nodiscard]] Index begin_of(Index row) const { return row * columns_; }

    Index rows_ = 0;
    Index columns_ = 0;
    std::variant<std::deque<double>, std::deque<float>> values_;
};

} // namespace tinymf::host
