// SPDX-License-Identifier: Apache-2.0
#include "theory/decay_rate.hpp"

#include <algorithm>
#include <cmath>

#include "theory/spectral_radius.hpp"

namespace tinymf::host {
namespace {

double slower(double rate, const Drive& drive) {
    return drive.kind == Drive::Kind::colored ? std::min(rate, 1.0 / drive.time) : rate;
}

} // namespace

double decay_rate(double u, const Drive& drive, const TimeScheme& scheme) {
    if (scheme.continuous()) {
        return slower(std::sqrt(std::max(0.0, 1.0 - u)), drive);
    }
    // exp(-rate dt) and its inverse solve 1 + alpha^2 - alpha (q + 1/q) = beta^2 u.
    const double alpha = scheme.alpha();
    const double beta = scheme.beta();
    const double cosine = (1.0 + alpha * alpha - beta * beta * u) / (2.0 * alpha);
    return slower(std::acosh(std::max(1.0, cosine)) / scheme.dt(), drive);
}

double decay_rate(const Eigen::VectorXd& u, const Drive& drive, const StageFilter& filter,
                  double dt) {
    const double ratio = spectral_radius(decay_matrix(filter, u));
    return slower(-std::log(std::min(ratio, 1.0)) / dt, drive);
}

} // namespace tinymf::host
