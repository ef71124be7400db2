// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "experiment/experiment.hpp"
#include "plan/count_sum.hpp"
#include "plan/instruction_model.hpp"

namespace tinymf::host {

/// Instructions that observing adds to a step; 0 where nothing is asked for.
/// Of every sample and replica:
///
///     N (activation + [moments] (slope + m) + [lags] l + [response] 4 normals/lags + [settling] s)
///         + [covariances] N(N+1) c/window;
///
/// of every step N^2 term + N (slope + t) for a Lyapunov exponent, and N z of every sample; of
/// every block N(N+1)/2 e for covariances, and the digest of its estimates. The coefficients are
/// what remains of counted steps of a network that observes one thing at a time; e, and what
/// belongs to samples, come from counts that differ in the length of a block or in how often a
/// sample is taken.
[[nodiscard]] StepWork observation_of_step(const Experiment& experiment, CountSum& counts);

} // namespace tinymf::host
