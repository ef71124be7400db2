// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <complex>
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

/// A linear network with a reciprocity, strength `noise`^2 white (time 0) or coloured: the response
/// by iterating Rhat = 1/(1 - iw - kappa Rhat), which converges for every w while g (1 + eta) < 1,
/// and integrals over w = scale tan(angle) by the midpoint rule, which for these periodic
/// integrands converges exponentially; the scale lies between the slowest and the fastest rate.
class LinearSpectrum {
public:
    LinearSpectrum(double gain, double reciprocity, double noise, double time)
        : square_{gain * gain}, kappa_{reciprocity * square_}, strength_{noise * noise}, time_{
                                                                                             time} {
        const double slowest = 1.0 - gain * (1.0 + reciprocity);
        const double scale = std::sqrt(slowest * std::max(1.0, time > 0.0 ? 1.0 / time : 0.0));
        for (int i = 0; i < count; ++i) {
            const double tangent = std::tan(std::numbers::pi * ((i + 0.5) / count - 0.5));
            const double w = scale * tangent;
            omega_.push_back(w);
            weight_.push_back(scale * (1.0 + tangent * tangent) / (2.0 * count));
            response_.push_back(response(w));
        }
    }

    [[nodiscard]] double variance() const {
        double sum = 0.0;
        for (std::size_t i = 0; i < omega_.size(); ++i) {
            sum += weight_[i] * spectrum(i);
        }
        return sum;
    }

    /// tr C^2/N.
    [[nodiscard]] double square() const {
        double sum = 0.0;
        for (std::size_t i = 0; i < omega_.size(); ++i) {
            for (std::size_t j = 0; j < omega_.size(); ++j) {
                const Complex same = response_[i] * response_[j];
                const Complex crossed = response_[i] * std::conj(response_[j]);
                sum += weight_[i] * weight_[j] * spectrum(i) * spectrum(j) *
                       (1.0 - std::norm(kappa_ * same)) /
                       (std::norm(1.0 - square_ * crossed) * std::norm(1.0 - kappa_ * same));
            }
        }
        return sum;
    }

    /// w C/(2 Im R).
    [[nodiscard]] double temperature(double w) const {
        const Complex r = response(w);
        const double a = std::norm(r);
        return w == 0.0 ? strength_ / 2.0 * (1.0 - kappa_ * a) / (1.0 - square_ * a)
                        : w * strength_ * a / (1.0 - square_ * a) / (2.0 * r.imag());
    }

private:
    using Complex = std::complex<double>;
    static constexpr int count = 600;

    [[nodiscard]] Complex response(double w) const {
        const Complex p(1.0, -w);
        Complex r = 1.0 / p;
        for (int i = 0; i < 20000; ++i) {
            const Complex next = 1.0 / (p - kappa_ * r);
            const bool settled = std::abs(next - r) < 1e-16 * std::abs(r);
            r = (next + r) / 2.0;
            if (settled) {
                break;
            }
        }
        return r;
    }

    [[nodiscard]] double spectrum(std::size_t i) const {
        const double w = omega_[i];
        const double drive =
            time_ > 0.0 ? 2.0 * strength_ * time_ / (1.0 + w * w * time_ * time_) : strength_;
        const double a = std::norm(response_[i]);
        return drive * a / (1.0 - square_ * a);
    }

    double square_;
    double kappa_;
    double strength_;
    double time_;
    std::vector<double> omega_;
    std::vector<double> weight_;
    std::vector<Complex> response_;
};

/// Twice the integral of C cos(w lag) over positive lags, which are a step apart: Simpson's rule.
inline double cosine_transform(const std::vector<double>& correlation, double step, double w) {
    double sum = 0.0;
    for (std::size_t k = 0; k < correlation.size(); ++k) {
        const bool end = k == 0 || k + 1 == correlation.size();
        const double weight = end ? 1.0 : k % 2 == 1 ? 4.0 : 2.0;
        sum += weight * correlation[k] * std::cos(w * step * static_cast<double>(k));
    }
    return sum * 2.0 * step / 3.0;
}

/// int C s^n s*^m, s = 1/(1 - iw), of a C given at lags a step apart, w = tan(angle). Of what has a
/// cusp at lag 0 some 1e-7 is left out.
class Moments {
public:
    Moments(const std::vector<double>& correlation, double step) {
        for (int i = 0; i < count; ++i) {
            const double w = std::tan(std::numbers::pi / 2.0 * (i + 0.5) / count);
            // Beyond, s^2 leaves nothing.
            const double spectrum = w < 60.0 ? cosine_transform(correlation, step, w) : 0.0;
            weighted_.push_back(spectrum * (1.0 + w * w) / (2.0 * count)); // both signs of w
            s_.push_back(1.0 / std::complex<double>(1.0, -w));
        }
    }

    [[nodiscard]] double at(int n, int m) const {
        double integral = 0.0;
        for (std::size_t i = 0; i < s_.size(); ++i) {
            integral += weighted_[i] * (std::pow(s_[i], n) * std::pow(std::conj(s_[i]), m)).real();
        }
        return integral;
    }

private:
    static constexpr int count = 400;
    std::vector<std::complex<double>> s_;
    std::vector<double> weighted_;
};

/// How many powers of u count.
inline int orders_of(double u, double digits) {
    return u > 0.0 ? static_cast<int>(-digits / std::log10(u)) + 2 : 1;
}

/// int int C1 C2 |1/(1 - u s1 s2*)|^2 as sum_nm u^(n+m) |int C s^n s*^m|^2. The first term is
/// C(0)^2.
inline double ladder_square(const std::vector<double>& correlation, double step, double u) {
    const Moments moments(correlation, step);
    double sum = correlation[0] * correlation[0];
    for (int total = 1; total <= orders_of(u, 16.0); ++total) {
        for (int n = 0; n <= total; ++n) {
            sum += std::pow(u, total) * std::pow(moments.at(n, total - n), 2);
        }
    }
    return sum;
}

/// tr C^2/N of a linear network x = (1 - g b J s)^-1 s (xi + g J eta), white xi of a strength and
/// independent eta of correlation Q, as a power series in J: C = sum_nm D_nm J^n (J^T)^m, and
/// tr J^n J^Tm J^k J^Tl/N counts the planar pairings (i, j, k, l) of neighbouring powers. u = (g
/// b)^2.
inline double planar_square(const std::vector<double>& own, double step, double strength,
                            double coupling, double u) {
    const Moments moments(own, step);
    const int orders = orders_of(u, 10.0);
    std::vector<std::vector<double>> d;
    for (int n = 0; n <= orders; ++n) {
        d.emplace_back();
        for (int m = 0; m <= orders; ++m) {
            // int s^(n+1) s*^(m+1) dw/2pi = binomial(n + m, n)/2^(n+m+1).
            const double white =
                std::exp(std::lgamma(n + m + 1.0) - std::lgamma(n + 1.0) - std::lgamma(m + 1.0)) *
                std::ldexp(strength, -(n + m + 1));
            const double by_coupling =
                n > 0 && m > 0 ? coupling * std::pow(u, (n + m - 2) / 2.0) * moments.at(n, m) : 0.0;
            d.back().push_back(std::pow(u, (n + m) / 2.0) * white + by_coupling);
        }
    }
    const auto at = [&](int n, int m) {
        return d[static_cast<std::size_t>(n)][static_cast<std::size_t>(m)];
    };
    double sum = 0.0;
    for (int i = 0; i <= orders; ++i) {
        for (int j = 0; i + j <= orders; ++j) {
            for (int k = 0; i + j + k <= orders; ++k) {
                for (int l = 0; i + j + k + l <= orders; ++l) {
                    sum += at(i + l, i + j) * at(j + k, k + l);
                }
            }
        }
    }
    return sum;
}

} // namespace tinymf::scan
