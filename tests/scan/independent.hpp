// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <functional>
#include <numbers>
#include <vector>

namespace tinymf::scan {

// Evaluations that share nothing with the code under test: plain sums on fine grids, and closed
// forms.

/// E[f(sqrt(variance) z)] by Simpson's rule in asinh(x/width), fine around 0 on the scale `width`.
inline double gaussian_average(const std::function<double(double)>& f, double variance,
                               double width) {
    const double deviation = std::sqrt(variance);
    const double end = std::asinh(12.0 * deviation / width);
    constexpr int intervals = 4000;
    const double h = 2.0 * end / intervals;
    double sum = 0.0;
    for (int i = 0; i <= intervals; ++i) {
        const double u = -end + h * i;
        const double x = width * std::sinh(u);
        const double weight = (i == 0 || i == intervals) ? 1.0 : i % 2 == 1 ? 4.0 : 2.0;
        sum += weight * f(x) * std::exp(-x * x / (2.0 * variance)) * width * std::cosh(u);
    }
    return sum * h / 3.0 / std::sqrt(2.0 * std::numbers::pi * variance);
}

/// int_0^variance F dc = E[Phi^2] - E[Phi]^2 with Phi the integral of tanh, ln cosh.
inline double tanh_integral(double variance) {
    const auto log_cosh = [](double x) {
        const double magnitude = std::abs(x);
        return magnitude < 1e-4
                   ? x * x / 2.0
                   : magnitude + std::log1p(std::exp(-2.0 * magnitude)) - std::numbers::ln2;
    };
    const double mean = gaussian_average(log_cosh, variance, 1.0);
    return gaussian_average([&](double x) { return std::pow(log_cosh(x) - mean, 2); }, variance,
                            1.0);
}

/// The same for erf, closed.
inline double erf_integral(double variance) {
    const double k = 2.0 / (1.0 + 2.0 * variance);
    const double s = k * variance;
    return 2.0 / std::numbers::pi *
           (variance * std::asin(s) - s * s / k / (1.0 + std::sqrt((1.0 - s) * (1.0 + s))));
}

/// C(0) of a linear network under noise of correlation time tc, strength 1, without reciprocity.
inline double linear_variance(double gain, double tc) {
    const double k = std::sqrt((1.0 - gain) * (1.0 + gain));
    return tc / (k * (1.0 + k * tc));
}

/// tr C^2/N of the same by the ladder 1/(1 - x s1 s2*) = sum x^n (s1 s2*)^n: a sum over pairs (n,
/// m) of squares of single integrals, here in ln(omega). Converges as gain^(2n).
inline double linear_square(double gain, double tc) {
    constexpr double step = 0.02;
    const double x = gain * gain;
    const double lowest = -46.0; // what lies below is 1e-20 of the frequencies' own scale
    const double highest = 20.0;
    struct Node {
        double weighted;
        double cosine;
        double angle;
    };
    std::vector<Node> nodes;
    for (double u = lowest; u <= highest; u += step) {
        const double w = std::exp(u);
        const double spectrum =
            2.0 * tc / (1.0 + w * w * tc * tc) / ((1.0 - gain) * (1.0 + gain) + w * w);
        nodes.push_back(
            {spectrum * w * step / std::numbers::pi, 1.0 / std::sqrt(1.0 + w * w), std::atan(w)});
    }
    const int orders = gain == 0.0 ? 1 : static_cast<int>(-18.0 / std::log10(x)) + 2;
    // c[n + m][n - m] = int C cos^(n+m) exp(i (n-m) angle); real part, C being even.
    double sum = 0.0;
    for (int total = 0; total <= 2 * orders; ++total) {
        for (int n = (total + 1) / 2; n <= total; ++n) {
            const int difference = 2 * n - total;
            double c = 0.0;
            for (const Node& node : nodes) {
                c += node.weighted * std::pow(node.cosine, total) *
                     std::cos(difference * node.angle);
            }
            sum += (difference == 0 ? 1.0 : 2.0) * std::pow(x, total) * c * c;
        }
    }
    return sum;
}

} // namespace tinymf::scan
