// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "experiment/experiment.hpp"
#include "theory/finite_size_term.hpp"
#include "theory/prediction.hpp"
#include "theory/static_finite_size.hpp"

namespace tinymf::host {

/// What theory says about one network of the experiment's own size: the same statistics as in
/// Prediction, with their 1/N corrections in the mean over J and their scatter between networks.
struct FiniteSizePrediction {
    std::uint32_t neurons = 0;
    /// 1/(N (1 - g b)^2) with the mean gain b: the parameter of the expansion. The corrections are
    /// good to some percent of themselves below 0.02, and useless above 0.2.
    Quantity<double> expansion_parameter;
    Quantity<FiniteSizeTerm> input_variance;      ///< stationary.Cx0
    Quantity<FiniteSizeTerm> output_variance;     ///< stationary.Cphi0
    Quantity<FiniteSizeTerm> input_participation; ///< participation.input
    Quantity<FiniteSizeTerm> input_spread;        ///< covariance.N_var_input
    Quantity<SingleNeuronLaw> single_neuron;      ///< exact at this N
};

/// For networks with Gaussian couplings: linear ones with any reciprocity and drive, and others
/// with a frozen drive and without reciprocity. `discrete`: of the experiment's own scheme.
[[nodiscard]] FiniteSizePrediction predict_finite_size(const Experiment& experiment, bool discrete);

/// Each term with `limit`, `coefficient` of 1/N, `expected` at this N, and `scatter`, the standard
/// deviation between networks; null where unknown, with the reason under `notes`.
[[nodiscard]] nlohmann::json to_json(const FiniteSizePrediction& prediction);
[[nodiscard]] std::string to_text(const FiniteSizePrediction& prediction);

} // namespace tinymf::host
