// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <span>
#include <vector>

#include <Eigen/Dense>

#include "cavity/added_neurons.hpp"
#include "equations/two_time_solution.hpp"
#include "statistics/estimate.hpp"

namespace tinymf::host {

/// What the cavity method says of an added neuron, from the mean field of its network.
class CavityPrediction {
public:
    /// `beta` is the scheme's weight of the input in one step (reference/mean_field_problem.hpp).
    CavityPrediction(const TwoTimeSolution& mean_field, double gain, double reciprocity,
                     double beta);

    /// eta g^2 int_0^t R_phi(t,s) phi_0(s) ds, or without reciprocity g^2 int R_phi phi_0, the term
    /// whose absence is tested.
    [[nodiscard]] Eigen::MatrixXd regressor(const Eigen::MatrixXd& output) const {
        return weight_ * response_ * output;
    }
    /// The first of these two: zero without reciprocity.
    [[nodiscard]] Eigen::MatrixXd memory(const Eigen::MatrixXd& output) const {
        return is_null_test_ ? 0.0 * output : regressor(output);
    }
    /// g^2 C_phi(t,s)
    [[nodiscard]] const Eigen::MatrixXd& field_covariance() const { return field_covariance_; }

    /// Variance of sum_tb weights(t,b) regressor(t,b) that comes from the sampling errors of R_phi,
    /// taken as independent.
    [[nodiscard]] double sampling_variance(const Eigen::MatrixXd& weights,
                                           const Eigen::MatrixXd& output) const;

    [[nodiscard]] bool is_null_test() const { return is_null_test_; }

private:
    bool is_null_test_;
    double weight_;
    Eigen::MatrixXd response_;
    Eigen::MatrixXd response_error_; ///< empty: exact
    Eigen::MatrixXd field_covariance_;
};

/// Sums over the neurons added to one network and all times, from which every statistic follows.
/// Only times with g^2 C_phi(t,t) > 0 count for the cavity field.
struct CavitySums {
    double reaction_by_regressor = 0.0;
    double regressor_square = 0.0;
    double response_variance = 0.0; ///< of the first sum, see sampling_variance
    double residual_square = 0.0;
    double memory_square = 0.0;
    double values = 0.0;
    double field_values = 0.0;
    double scaled_field = 0.0;        ///< of h_cav / (g sqrt C_phi(t,t))
    double scaled_field_square = 0.0; ///< of its square
    double scaled_field_fourth = 0.0;
    double within_quartiles = 0.0;   ///< |scaled field| below that of half a normal population
    double covariance_overlap = 0.0; ///< sum over t > s of h(t) h(s) g^2 C(t,s)
    double covariance_square = 0.0;  ///< sum over t > s of (g^2 C(t,s))^2

    CavitySums& operator+=(const CavitySums& other);
};

[[nodiscard]] CavitySums sums_of(const AddedNeurons& found, const CavityPrediction& prediction);

/// A statistic of all networks together, and its error from leaving out one at a time.
[[nodiscard]] Estimate jackknife(std::span<const CavitySums> networks,
                                 const std::function<double(const CavitySums&)>& statistic);

} // namespace tinymf::host
