// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <numbers>

#include <Eigen/Dense>

namespace tinymf::host {

/// The Chebyshev points from -1 to 1 of a polynomial of degree 15, in ascending order, and the
/// matrices that differentiate its values there once and twice (Trefethen 2000).
struct Collocation {
    using Index = Eigen::Index;
    static constexpr Index order = 15;
    static constexpr Index nodes = order + 1;

    Eigen::VectorXd at{nodes};
    Eigen::MatrixXd first{nodes, nodes};
    Eigen::MatrixXd second{nodes, nodes};

    Collocation() {
        using std::numbers::pi;
        for (Index i = 0; i < nodes; ++i) {
            at[i] = -std::cos(pi * static_cast<double>(i) / static_cast<double>(order));
        }
        const auto weight = [](Index i) {
            return (i == 0 || i == order ? 2.0 : 1.0) * (i % 2 == 0 ? 1.0 : -1.0);
        };
        for (Index i = 0; i < nodes; ++i) {
            for (Index j = 0; j < nodes; ++j) {
                first(i, j) = i == j ? 0.0 : weight(i) / weight(j) / (at[i] - at[j]);
            }
            first(i, i) = -first.row(i).sum();
        }
        second = first * first;
    }
};

} // namespace tinymf::host
