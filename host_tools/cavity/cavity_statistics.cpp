// SPDX-License-Identifier: Apache-2.0
#include "cavity/cavity_statistics.hpp"

#include <array>
#include <cmath>

namespace tinymf::host {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr std::array sums{&CavitySums::reaction_by_regressor, &CavitySums::regressor_square,
                          &CavitySums::response_variance,     &CavitySums::residual_square,
                          &CavitySums::memory_square,         &CavitySums::values,
                          &CavitySums::field_values,          &CavitySums::scaled_field,
                          &CavitySums::scaled_field_square,   &CavitySums::scaled_field_fourth,
                          &CavitySums::within_quartiles,      &CavitySums::covariance_overlap,
                          &CavitySums::covariance_square};
static_assert(sizeof(CavitySums) == sums.size() * sizeof(double));

void add_scaled_field(const VectorXd& field, double variance, CavitySums& into) {
    constexpr double upper_quartile = 0.67448975019608171;
    if (!(variance > 0.0)) {
        return;
    }
    for (const double h : field) {
        const double scaled = h / std::sqrt(variance);
        into.field_values += 1.0;
        into.scaled_field += scaled;
        into.scaled_field_square += scaled * scaled;
        into.scaled_field_fourth += scaled * scaled * scaled * scaled;
        into.within_quartiles += std::abs(scaled) < upper_quartile ? 1.0 : 0.0;
    }
}

void add_field(const MatrixXd& field, const MatrixXd& covariance, CavitySums& into) {
    const auto neurons = static_cast<double>(field.cols());
    const MatrixXd products = field * field.transpose();
    for (Index t = 0; t < field.rows(); ++t) {
        add_scaled_field(field.row(t).transpose(), covariance(t, t), into);
        const auto predicted = covariance.row(t).head(t);
        into.covariance_overlap += products.row(t).head(t).dot(predicted);
        into.covariance_square += neurons * predicted.squaredNorm();
    }
}

} // namespace

CavityPrediction::CavityPrediction(const TwoTimeSolution& mean_field, double gain,
                                   double reciprocity, double beta)
    : is_null_test_{reciprocity == 0.0}, weight_{(is_null_test_ ? 1.0 : reciprocity) * gain * gain *
                                                 beta},
      response_{mean_field.value.Rphi}, response_error_{mean_field.standard_error.Rphi},
      field_covariance_{gain * gain * mean_field.value.Cphi} {}

double CavityPrediction::sampling_variance(const MatrixXd& weights, const MatrixXd& output) const {
    if (response_error_.size() == 0) {
        return 0.0;
    }
    const MatrixXd by_entry = weight_ * weights * output.transpose();
    return by_entry.cwiseProduct(response_error_).squaredNorm();
}

CavitySums& CavitySums::operator+=(const CavitySums& other) {
    for (const auto sum : sums) {
        this->*sum += other.*sum;
    }
    return *this;
}

CavitySums sums_of(const AddedNeurons& found, const CavityPrediction& prediction) {
    const MatrixXd regressor = prediction.regressor(found.output);
    const MatrixXd memory = prediction.memory(found.output);
    CavitySums sums;
    sums.reaction_by_regressor = found.reaction.cwiseProduct(regressor).sum();
    sums.regressor_square = regressor.squaredNorm();
    sums.response_variance = prediction.sampling_variance(regressor, found.output);
    sums.residual_square = (found.reaction - memory).squaredNorm();
    sums.memory_square = memory.squaredNorm();
    sums.values = static_cast<double>(memory.size());
    add_field(found.cavity_field, prediction.field_covariance(), sums);
    return sums;
}

Estimate jackknife(std::span<const CavitySums> networks,
                   const std::function<double(const CavitySums&)>& statistic) {
    const auto all_but = [](std::span<const CavitySums> all, std::size_t left_out) {
        CavitySums sum;
        for (std::size_t k = 0; k < all.size(); ++k) {
            if (k != left_out) {
                sum += all[k];
            }
        }
        return sum;
    };
    return jackknife_estimate(networks, all_but, statistic);
}

} // namespace tinymf::host
