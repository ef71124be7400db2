// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>

#include <Eigen/Dense>

namespace tinymf::host {

/// Fixed point of `map`, a function from vectors to vectors, by Anderson's mixing of the last few
/// residuals. Done when no residual exceeds `tolerance` times the largest entry; nothing after
/// `most_iterations`.
[[nodiscard]] std::optional<Eigen::VectorXd>
fixed_point(const std::function<Eigen::VectorXd(const Eigen::VectorXd&)>& map, Eigen::VectorXd x,
            double tolerance, int most_iterations);

} // namespace tinymf::host
