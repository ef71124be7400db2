// SPDX-License-Identifier: Apache-2.0
#include "theory/covariance_density.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <numbers>

#include <boost/math/tools/roots.hpp>

namespace tinymf::host {
namespace {

using Complex = std::complex<double>;

/// The relation between z and m in the class's comment.
struct Resolvent {
    double gain_square;
    double h;

    [[nodiscard]] double place(double m) const {
        const double v = 1.0 + h * m;
        return 1.0 / (v * v) - 1.0 / (m * (1.0 + gain_square * m));
    }

    /// dz/dm times m^2 (1 + g^2 m)^2 (1 + h m)^3, which has no poles.
    [[nodiscard]] double scaled_slope(double m) const {
        const double w = 1.0 + gain_square * m;
        const double v = 1.0 + h * m;
        return (1.0 + 2.0 * gain_square * m) * v * v * v - 2.0 * h * m * m * w * w;
    }

    /// One step of Newton's method on m (1 + g^2 m)(1 - z (1 + h m)^2) = (1 + h m)^2.
    [[nodiscard]] Complex improved(Complex m, Complex z) const {
        const Complex w = 1.0 + gain_square * m;
        const Complex v = 1.0 + h * m;
        const Complex u = 1.0 - z * v * v;
        const Complex value = m * w * u - v * v;
        const Complex slope = (w + gain_square * m) * u - 2.0 * h * v * (z * m * w + 1.0);
        return m - value / slope;
    }
};

/// z at the only m between `from` and `to` where dz/dm changes its sign.
double turning_place(const Resolvent& resolvent, double from, double to) {
    const auto slope = [&resolvent](double m) { return resolvent.scaled_slope(m); };
    constexpr int digits = std::numeric_limits<double>::digits - 2;
    std::uintmax_t steps = 200;
    const auto [left, right] = boost::math::tools::toms748_solve(
        slope, from, to, boost::math::tools::eps_tolerance<double>(digits), steps);
    return resolvent.place((left + right) / 2.0);
}

/// Below the support m > 0, and z rises from -infinity to its lower end; the slope is that of the
/// highest power of m, negative, from some m on. Antisymmetric couplings (h = 0) have it at
/// m -> infinity.
double lowest_place(const Resolvent& resolvent) {
    if (resolvent.h == 0.0) {
        return 1.0;
    }
    double reach = 1.0;
    while (resolvent.scaled_slope(reach) > 0.0) {
        reach *= 2.0;
    }
    return turning_place(resolvent, 0.0, reach);
}

/// Above it m < 0, and z falls from infinity, at m = -0 and at the pole of z next to it.
double highest_place(const Resolvent& resolvent) {
    if (resolvent.gain_square == 0.0) {
        return 1.0;
    }
    constexpr double beside_the_pole = 1.0 - 1e-6;
    const double pole = -1.0 / std::max(resolvent.gain_square, resolvent.h);
    return turning_place(resolvent, beside_the_pole * pole, 0.0);
}

} // namespace

CovarianceDensity::CovarianceDensity(double gain, double reciprocity, double amplitude)
    : gain_square_{gain * gain}, h_{gain * gain * (1.0 + reciprocity)}, amplitude_{amplitude},
      lowest_{lowest_place({gain_square_, h_})}, highest_{highest_place({gain_square_, h_})} {}

double CovarianceDensity::mean() const {
    // z = 0.
    const double root = std::sqrt(1.0 - 4.0 * (h_ - gain_square_));
    return amplitude_ * 2.0 / (1.0 - 2.0 * h_ + root);
}

double CovarianceDensity::at(double eigenvalue) const {
    if (!(eigenvalue > lower_edge() && eigenvalue < upper_edge())) {
        return 0.0;
    }
    constexpr double shrinkage = 0.8;
    constexpr double nearest = 1e-12;
    constexpr int newton_steps = 4;
    const Resolvent resolvent{gain_square_, h_};
    const double place = amplitude_ / eigenvalue;
    // From far above the real axis down to it.
    double height = 100.0 * (1.0 + highest_);
    Complex m = -1.0 / Complex(place, height);
    while (height > nearest * place) {
        height *= shrinkage;
        for (int step = 0; step < newton_steps; ++step) {
            m = resolvent.improved(m, {place, height});
        }
    }
    return m.imag() / std::numbers::pi * place / eigenvalue;
}

EigenvalueShares CovarianceDensity::discretised(int count) const {
    if (!(upper_edge() > lower_edge())) {
        return {{amplitude_}, {1.0}}; // no couplings
    }
    // Equidistant angles: the density times the distance of two places has no cusp at the edges.
    const double width = std::log(upper_edge() / lower_edge());
    EigenvalueShares found;
    double sum = 0.0;
    for (int k = 0; k < count; ++k) {
        const double angle = std::numbers::pi * (k + 0.5) / count;
        const double place = lower_edge() * std::exp(width * (1.0 - std::cos(angle)) / 2.0);
        found.eigenvalues.push_back(place);
        found.shares.push_back(at(place) * place * std::sin(angle));
        sum += found.shares.back();
    }
    for (double& share : found.shares) {
        share /= sum;
    }
    return found;
}

std::vector<double> CovarianceDensity::quantiles(std::size_t count) const {
    constexpr int places = 2000;
    const auto [eigenvalues, shares] = discretised(places);
    std::vector<double> quantiles;
    std::size_t k = 0;
    double before = 0.0; // share of the eigenvalues before number k
    while (quantiles.size() < count) {
        const double wanted =
            (static_cast<double>(quantiles.size()) + 0.5) / static_cast<double>(count);
        while (before + shares[k] < wanted && k + 1 < shares.size()) {
            before += shares[k++];
        }
        // Each place stands for the interval to the middles of its neighbours.
        const double within = (wanted - before) / shares[k] - 0.5;
        const double left = eigenvalues[k == 0 ? 0 : k - 1];
        const double right = eigenvalues[std::min(k + 1, eigenvalues.size() - 1)];
        quantiles.push_back(eigenvalues[k] + within * (right - left) / 2.0);
    }
    return quantiles;
}

} // namespace tinymf::host
