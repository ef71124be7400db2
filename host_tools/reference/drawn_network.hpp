// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include <Eigen/Dense>

#include "reference/network_problem.hpp"

namespace tinymf::host {

/// The random numbers of one network run, widened to double. They define the experiment, so the
/// reference takes them as data, in the precision of the run; all arithmetic on them is its own.
struct DrawnNetwork {
    Eigen::MatrixXd couplings;            ///< J, N x N; row i feeds neuron i
    std::vector<Eigen::VectorXd> initial; ///< x(0) of each replica
    /// Standard normals n of the noise, by replica and step: element i belongs to neuron i.
    std::function<Eigen::VectorXd(std::uint32_t replica, std::uint32_t step)> normals;
};

/// Work: N^2 normals, and N for each later call of `normals`.
[[nodiscard]] DrawnNetwork draw_network(const NetworkProblem& problem);

} // namespace tinymf::host
