// SPDX-License-Identifier: Apache-2.0
#include "theory/lag_panels.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <limits>
#include <numbers>

#include "equations/lu_factors.hpp"
#include "theory/graded_nodes.hpp"

namespace tinymf::host {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr Index count = LagPanels::nodes;
using NodeArray = Eigen::Array<double, count, 1>;

/// The Chebyshev points of the second kind on [-1, 1], ascending.
NodeArray chebyshev_points() {
    NodeArray points;
    for (Index i = 0; i < count; ++i) {
        points[i] = -std::cos(std::numbers::pi * static_cast<double>(i) / (count - 1));
    }
    return points;
}

/// What each node's value counts for in the polynomial's value at x.
NodeArray shares_at(double x) {
    static const NodeArray points = chebyshev_points();
    NodeArray shares = NodeArray::Zero();
    for (Index i = 0; i < count; ++i) {
        if (x == points[i]) {
            shares[i] = 1.0;
            return shares;
        }
        const double end = i == 0 || i == count - 1 ? 0.5 : 1.0;
        shares[i] = (i % 2 == 0 ? end : -end) / (x - points[i]);
    }
    return shares / shares.sum();
}

/// int_0^(tau_i) exp(-(tau_i - s)) f(s) ds on a panel of this length from 0 on, from values of f.
MatrixXd memory_of_panel(double length) {
    static const NodeArray points = chebyshev_points();
    MatrixXd memory = MatrixXd::Zero(count, count);
    const std::array decay{Feature{0.0, 1.0}};
    constexpr double digits = 40.0; // exp(-40) = 4e-18
    for (Index i = 1; i < count; ++i) {
        const double since_begin = length * (points[i] + 1.0) / 2.0;
        for (const auto& [back, weight] :
             graded_nodes(decay, std::min(since_begin, digits), since_begin)) {
            memory.row(i) += (weight * std::exp(-back) * shares_at(points[i] - 2.0 * back / length))
                                 .matrix()
                                 .transpose();
        }
    }
    return memory;
}

/// The matrix from values at the nodes to coefficients of Legendre polynomials.
MatrixXd legendre_transform() {
    static const NodeArray points = chebyshev_points();
    MatrixXd polynomials(count, count);
    polynomials.col(0).setOnes();
    polynomials.col(1) = points;
    for (Index n = 1; n + 1 < count; ++n) {
        const double k = static_cast<double>(n);
        polynomials.col(n + 1) = ((2.0 * k + 1.0) * points * polynomials.col(n).array() -
                                  k * polynomials.col(n - 1).array()) /
                                 (k + 1.0);
    }
    return LuFactors(polynomials).inverse();
}

/// Spherical Bessel functions j_0 ... j_15: upward where that is stable, else downward.
NodeArray spherical_bessel(double x) {
    NodeArray j = NodeArray::Zero();
    if (x < 1e-8) {
        j[0] = 1.0;
        j[1] = x / 3.0;
        return j;
    }
    if (x > static_cast<double>(count)) {
        j[0] = std::sin(x) / x;
        j[1] = (j[0] - std::cos(x)) / x;
        for (Index n = 1; n + 1 < count; ++n) {
            j[n + 1] = (2.0 * static_cast<double>(n) + 1.0) / x * j[n] - j[n - 1];
        }
        return j;
    }
    constexpr Index start = count + 40;
    double above = 0.0;
    double here = 1e-290;
    for (Index n = start; n-- > 0;) {
        const double below = (2.0 * static_cast<double>(n) + 3.0) / x * here - above;
        above = here;
        here = below;
        if (n < count) {
            j[n] = here;
        }
        if (std::abs(here) > 1e200) {
            above *= 1e-200;
            here *= 1e-200;
            j *= 1e-200;
        }
    }
    const double sine = std::sin(x) / x;
    const double cosine = (sine - std::cos(x)) / x;
    return j * (std::abs(sine) > std::abs(cosine) ? sine / j[0] : cosine / j[1]);
}

} // namespace

LagPanels::LagPanels(double finest, double longest) : begins_{0.0} {
    static const NodeArray points = chebyshev_points();
    while (begins_.back() < longest) {
        const double begin = begins_.back();
        const double length = std::max(finest, begin / 2.0);
        for (Index i = 0; i < count; ++i) {
            lags_.push_back(begin + length * (points[i] + 1.0) / 2.0);
        }
        lags_.back() = begin + length;
        begins_.push_back(begin + length);
        memory_.push_back(memory_of_panel(length));
    }
}

VectorXd LagPanels::responded(const VectorXd& source) const {
    static const NodeArray points = chebyshev_points();
    VectorXd forth(source.size());
    VectorXd back(source.size());
    double carried = 0.0;
    for (Index k = 0; k < panels(); ++k) {
        const NodeArray decay = (-length(k) * (points + 1.0) / 2.0).exp();
        auto part = forth.segment(count * k, count);
        part = memory_[static_cast<std::size_t>(k)] * source.segment(count * k, count);
        part.array() += carried * decay;
        carried = part[count - 1];
    }
    carried = source[source.size() - 1];
    for (Index k = panels(); k-- > 0;) {
        const NodeArray decay = (-length(k) * (points + 1.0) / 2.0).exp();
        const VectorXd mirrored = source.segment(count * k, count).reverse();
        VectorXd part = memory_[static_cast<std::size_t>(k)] * mirrored;
        part.array() += carried * decay;
        carried = part[count - 1];
        back.segment(count * k, count) = part.reverse();
    }
    const double from_negative_lags = back[0];
    for (Index i = 0; i < source.size(); ++i) {
        forth[i] += back[i] + std::exp(-lags_[static_cast<std::size_t>(i)]) * from_negative_lags;
    }
    return forth / 2.0;
}

double LagPanels::at(std::span<const double> values, double lag) const {
    if (lag >= begins_.back()) {
        return values.back();
    }
    const auto end = std::ranges::upper_bound(begins_, lag);
    const auto panel = static_cast<std::size_t>(end - begins_.begin()) - 1;
    const double x = 2.0 * (lag - begins_[panel]) / (begins_[panel + 1] - begins_[panel]) - 1.0;
    const auto known = values.subspan(panel * static_cast<std::size_t>(count), count);
    return shares_at(x).matrix().dot(
        Eigen::Map<const Eigen::Matrix<double, count, 1>>(known.data()));
}

std::vector<double> LagPanels::spectrum(std::span<const double> values,
                                        std::span<const FrequencyNode> omega) const {
    static const MatrixXd transform = legendre_transform();
    MatrixXd coefficients(count, panels());
    for (Index k = 0; k < panels(); ++k) {
        coefficients.col(k) =
            transform * Eigen::Map<const VectorXd>(values.data() + count * k, count);
    }
    std::vector<double> spectrum;
    spectrum.reserve(omega.size());
    for (const FrequencyNode& node : omega) {
        double sum = 0.0;
        for (Index k = 0; k < panels(); ++k) {
            // int P_n(x) exp(i t x) dx = 2 i^n j_n(t)
            const double half = length(k) / 2.0;
            const NodeArray j = spherical_bessel(node.omega * half);
            double even = 0.0;
            double odd = 0.0;
            for (Index n = 0; n < count; n += 2) {
                const double sign = n % 4 == 0 ? 1.0 : -1.0;
                even += sign * coefficients(n, k) * j[n];
                odd += sign * coefficients(n + 1, k) * j[n + 1];
            }
            const double middle = node.omega * (begins_[static_cast<std::size_t>(k)] + half);
            sum += 2.0 * half * (even * std::cos(middle) - odd * std::sin(middle));
        }
        spectrum.push_back(2.0 * sum);
    }
    return spectrum;
}

} // namespace tinymf::host
