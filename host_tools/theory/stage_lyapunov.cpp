// SPDX-License-Identifier: Apache-2.0
#include "theory/stage_lyapunov.hpp"

#include <cmath>
#include <vector>

#include <boost/math/tools/roots.hpp>

#include "equations/lu_factors.hpp"
#include "theory/spectral_radius.hpp"
#include "theory/stage_filter.hpp"

namespace tinymf::host {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// What a step makes of a mode that every stage multiplies by `gain`.
double multiplier(const StageScheme& scheme, double gain) {
    VectorXd inputs = scheme.state;
    for (Index a = 1; a <= scheme.stages(); ++a) {
        inputs(a) += gain * scheme.field.row(a).head(a).dot(inputs.head(a));
    }
    return inputs(scheme.stages());
}

/// 1 - the largest eigenvalue of fields fed back through the filter at frequency 0, for slopes that
/// do not depend on the lag: positive where `growth` is faster than theirs.
double uniform_margin(const StageScheme& scheme, const VectorXd& slopes, double growth) {
    const StageFilter filter = stage_filter(scheme, growth);
    const MatrixXd gain = (filter.same + filter.later + filter.earlier) * slopes.asDiagonal() /
                          ((1.0 - filter.decay) * (1.0 - filter.decay));
    return 1.0 - spectral_radius(gain);
}

template <class Function>
double root(const Function& f, double low, double high) {
    std::uintmax_t evaluations = 100;
    const auto bracket = boost::math::tools::toms748_solve(
        f, low, high, boost::math::tools::eps_tolerance<double>(48), evaluations);
    return (bracket.first + bracket.second) / 2.0;
}

/// Growth with slopes that do not depend on the lag.
double uniform_growth(const StageScheme& scheme, const VectorXd& slopes) {
    constexpr double margin = 1e-6;
    const auto f = [&](double growth) { return uniform_margin(scheme, slopes, growth); };
    const double low = std::max(multiplier(scheme, std::sqrt(slopes.minCoeff())) * (1.0 - margin),
                                scheme.decay() * (1.0 + margin));
    const double high = multiplier(scheme, std::sqrt(slopes.maxCoeff())) * (1.0 + margin);
    return f(low) < 0.0 ? root(f, low, high) : scheme.decay();
}

/// Stationary correlations of tangent vectors that shrink by `growth` a step and are driven by
/// noise: finite and positive exactly where they would otherwise grow more slowly than that.
class DrivenTangents {
public:
    DrivenTangents(const MatrixXd& slopes, const StageScheme& scheme, double growth)
        : slopes_{slopes}, filter_{stage_filter(scheme, growth)} {}

    /// 1 over the variance, negative where not all correlations are positive. Correlations follow
    /// each other by ratios, which run from the far end, the direction in which errors shrink.
    [[nodiscard]] double inverse_variance() const {
        const Index last = slopes_.cols() - 1;
        const VectorXd noise = VectorXd::Ones(filter_.pairs()); // of the fields, at lag 0
        std::vector<MatrixXd> ratios(static_cast<std::size_t>(last + 1));
        MatrixXd ratio = decay_matrix(filter_, slopes_.col(last));
        VectorXd kick; // what noise adds to the correlation at lag 1
        for (Index k = last; k > 0; --k) {
            const LuFactors left(middle(slopes_.col(k)) -
                                 later(slopes_.col(std::min(k + 1, last))) * ratio);
            ratio = left.solve(earlier(slopes_.col(k - 1)));
            ratios[static_cast<std::size_t>(k)] = ratio;
            if (k == 1) {
                kick = left.solve(VectorXd(filter_.earlier * noise));
            }
        }
        const MatrixXd both_sides =
            later(slopes_.col(1)) + earlier(filter_.swap * slopes_.col(1)) * filter_.swap;
        VectorXd correlation = LuFactors(middle(slopes_.col(0)) - both_sides * ratio)
                                   .solve(VectorXd(filter_.same * noise + both_sides * kick));
        const double variance = correlation(0);
        const double rounding = 1e-14 * std::abs(variance);
        bool positive = correlation.minCoeff() > -rounding;
        for (Index k = 1; k <= last && positive; ++k) {
            correlation = ratios[static_cast<std::size_t>(k)] * correlation;
            if (k == 1) {
                correlation += kick;
            }
            positive = correlation.minCoeff() > -rounding;
        }
        return positive ? 1.0 / variance : -std::abs(1.0 / variance);
    }

private:
    // The equation at a lag: middle C[k] = later C[k+1] + earlier C[k-1] + noise.
    [[nodiscard]] MatrixXd middle(const VectorXd& slopes) const {
        return (1.0 + filter_.decay * filter_.decay) * one() - filter_.same * slopes.asDiagonal();
    }
    [[nodiscard]] MatrixXd later(const VectorXd& slopes) const {
        return filter_.decay * one() + filter_.later * slopes.asDiagonal();
    }
    [[nodiscard]] MatrixXd earlier(const VectorXd& slopes) const {
        return filter_.decay * one() + filter_.earlier * slopes.asDiagonal();
    }
    [[nodiscard]] MatrixXd one() const {
        return MatrixXd::Identity(filter_.pairs(), filter_.pairs());
    }

    const MatrixXd& slopes_;
    StageFilter filter_;
};

} // namespace

double stage_stability_margin(const MatrixXd& slopes, const StageScheme& scheme) {
    return DrivenTangents(slopes, scheme, 1.0).inverse_variance();
}

double stage_lyapunov_exponent(const MatrixXd& slopes, const StageScheme& scheme, double dt) {
    const double lowest = uniform_growth(scheme, slopes.col(slopes.cols() - 1));
    const double highest = multiplier(scheme, std::sqrt(slopes.maxCoeff()));
    const auto margin = [&](double growth) {
        return DrivenTangents(slopes, scheme, growth).inverse_variance();
    };
    const double low = lowest + 1e-9 * (highest - lowest);
    if (highest - lowest < 1e-12 * highest || margin(low) >= 0.0) { // bound too weakly to tell
        return std::log(lowest) / dt;
    }
    return std::log(root(margin, low, highest)) / dt;
}

} // namespace tinymf::host
