// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Eigen/Dense>

#include "experiment/experiment.hpp"

namespace tinymf::host {

/// Several neurons, each added on its own to the same running network. One row a time step, from 0
/// on; one column an added neuron. Size 24 bytes a row and column.
struct AddedNeurons {
    /// h_cav = g sum_j J_0j phi_j^cav: what the neuron would get from the network as it was.
    Eigen::MatrixXd cavity_field;
    /// h_0 - h_cav: what comes back because the network reacts to the neuron.
    Eigen::MatrixXd reaction;
    Eigen::MatrixXd output; ///< phi(x_0)
};

/// Runs the experiment's network of N neurons, and beside it the same network once more with each
/// of `added` neurons, on the same noise (dynamical cavity method: Zou & Huang 2023).
/// Double precision, Euler or exponential Euler; coupling variances are 1/N throughout.
///
/// The added neurons are numbers N, N + 1 ... of the experiment's random streams, whose couplings,
/// initial states and noise a larger network of this seed would have. Work: steps N^2 (added + 1)
/// multiplications and additions; memory 8 (N + added)^2 bytes.
[[nodiscard]] AddedNeurons add_neurons(const Experiment& experiment, Eigen::Index added);

} // namespace tinymf::host
