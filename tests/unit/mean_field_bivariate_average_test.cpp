// SPDX-License-Identifier: Apache-2.0
#include "tinymf/mean_field/bivariate_average.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <numbers>
#include <vector>

#include <boost/math/quadrature/exp_sinh.hpp>
#include <boost/math/quadrature/tanh_sinh.hpp>
#include <gtest/gtest.h>

#include "tinymf/mean_field/hermite_expansion.hpp"
#include "tinymf/mean_field/relu_average.hpp"
#include "tinymf/model/activation.hpp"

namespace tinymf::mean_field {
namespace {

double normal_density(double z) {
    return std::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi);
}

/// E[max(z + h, 0)], far below 0 by the integral of r exp(-r |h| - r^2/2), h in deviations.
double rectified_mean(double h) {
    if (h > -2) {
        return h * std::erfc(-h / std::numbers::sqrt2) / 2 + normal_density(h);
    }
    boost::math::quadrature::exp_sinh<double> rule;
    const auto share = [h](double r) { return r * std::exp(r * h - r * r / 2); };
    return normal_density(h) * rule.integrate(share, 1e-14);
}

/// E[phi(x) phi(y)] for unit variances and means h, k: the average over y given x in closed form,
/// and over x by the tanh-sinh rule, split where y's mean passes zero. `rest` is 1 - rho^2.
double relu_product_by_quadrature(double h, double k, double rho, double rest) {
    const double left = std::sqrt(rest);
    const double first = std::max(-h, -38.0);
    std::vector<double> ends{first, first + 1, std::max(10.0, first + 10), 38.0};
    if (rho != 0.0 && -k / rho > first && -k / rho < 38.0) {
        ends.push_back(-k / rho);
    }
    std::ranges::sort(ends);
    boost::math::quadrature::tanh_sinh<double> rule;
    double sum = 0;
    for (std::size_t i = 0; i + 1 < ends.size(); ++i) {
        const double length = ends[i + 1] - ends[i];
        // On [0, 1]: the rule cannot tell the nodes next to an end of any size from the end.
        sum += length * rule.integrate(
                            [&](double share) {
                                const double z = ends[i] + length * share;
                                return (z + h) * normal_density(z) * left *
                                       rectified_mean((k + rho * z) / left);
                            },
                            0.0, 1.0, 1e-12);
    }
    return sum;
}

constexpr std::array means{0.0, 0.5, 2.0, 3.3, 8.0, 20.0, -0.3, -1.0, -2.2, -4.0, -8.0};

/// Relative to the average itself; with a negative correlation to the root of both second moments,
/// since little is left of what the terms add up to.
TEST(ReluAverage, AgreesWithQuadratureAtEveryMean) {
    double worst = 0;
    for (const double h : means) {
        for (const double k : {h, h - 1e-6, h + 1e-3, h - 0.05, h + 0.4, 0.7, 5.0, -1.5}) {
            for (const double rho : {-0.999, -0.5, 0.0, 0.03, 0.3, 0.8, 0.95, 0.9999}) {
                const double exact = relu_product_by_quadrature(h, k, rho, (1 - rho) * (1 + rho));
                const Gaussian<double> x{h, 1.0};
                const Gaussian<double> y{1.5 * k, 2.25};
                const double found = ReluAverage<double>::product(x, y, 1.5 * rho) / 1.5;
                const double scale =
                    rho < 0 ? std::sqrt(ReluAverage<double>::product(x, x, 1.0) *
                                        ReluAverage<double>::product(y, y, 2.25) / 2.25)
                            : exact;
                worst = std::max(worst, std::abs(found - exact) / scale);
                EXPECT_NEAR(found, exact, 2e-12 * scale) << h << " " << k << " " << rho;
            }
        }
    }
    std::printf("worst error %.1e\n", worst);
}

TEST(ReluAverage, SinglePrecisionAtEveryMean) {
    double worst = 0;
    for (const double mean_x : means) {
        for (const double offset : {0.0, -1e-4, 0.05, -0.4}) {
            for (const float rho : {0.0F, 0.3F, 0.8F, 0.9999F}) {
                const auto h = static_cast<float>(mean_x);
                const auto k = static_cast<float>(mean_x + offset);
                const auto wide = static_cast<double>(rho);
                const double exact = relu_product_by_quadrature(
                    static_cast<double>(h), static_cast<double>(k), wide, (1 - wide) * (1 + wide));
                const auto found =
                    static_cast<double>(ReluAverage<float>::product({h, 1.0F}, {k, 1.0F}, rho));
                // The densities hold a square of the means, which is rounded once.
                const double roundings = 1e-6 * (1.0 + mean_x * mean_x / 8.0);
                worst = std::max(worst, std::abs(found / exact - 1) / roundings);
                EXPECT_NEAR(found / exact, 1.0, roundings) << h << " " << k << " " << rho;
            }
        }
    }
    std::printf("worst error %.2f of the bound\n", worst);
}

TEST(ReluAverage, MeansAndSlopesFarInTheTail) {
    for (double h = -0.1; h > -37; h *= 1.1) {
        const double mean = rectified_mean(h);
        const double slope = std::erfc(-h / std::numbers::sqrt2) / 2;
        EXPECT_NEAR(ReluAverage<double>::mean({3 * h, 9.0}) / mean / 3, 1.0, 1e-11) << h;
        EXPECT_NEAR(ReluAverage<double>::slope({3 * h, 9.0}) / slope, 1.0, 1e-11) << h;
    }
}

/// Variances whose product is no normal number, in both precisions and at both ends.
TEST(ReluAverage, IsHomogeneousOverTheWholeRange) {
    const auto holds = []<class T>(T, int lowest, int highest) {
        const T unit = ReluAverage<T>::product({T(0.5), T(1.25)}, {T(0.25), T(0.75)}, T(0.625));
        const T centred = ReluAverage<T>::product({T(0), T(1.25)}, {T(0), T(0.75)}, T(0.625));
        for (int k = lowest; k <= highest; ++k) {
            const T root = std::ldexp(T(1), k);
            const T s = root * root;
            const Gaussian<T> x{T(0.5) * root, T(1.25) * s};
            const Gaussian<T> y{T(0.25) * root, T(0.75) * s};
            ASSERT_EQ(ReluAverage<T>::product(x, y, T(0.625) * s), unit * s) << k;
            ASSERT_EQ(ReluAverage<T>::product({T(0), x.variance}, {T(0), y.variance}, T(0.625) * s),
                      centred * s)
                << k;
            ASSERT_EQ(correlation_coefficient(T(0.625) * s, x.variance, y.variance),
                      correlation_coefficient(T(0.625), T(1.25), T(0.75)));
        }
    };
    holds(0.0F, -60, 60);
    holds(0.0, -500, 500);
}

TEST(ReluAverage, FullCorrelationIsTheSecondMoment) {
    const Gaussian<double> x{0.8, 1.44};
    const double h = 0.8 / 1.2;
    const double below = std::erfc(-h / std::sqrt(2.0)) / 2;
    const double density = std::exp(-h * h / 2) / std::sqrt(2 * std::numbers::pi);
    const double exact = (0.64 + 1.44) * below + 0.8 * 1.2 * density;
    EXPECT_NEAR(ReluAverage<double>::product(x, x, 1.44), exact, 1e-14);
    EXPECT_DOUBLE_EQ(ReluAverage<double>::product({0, 1.44}, {0, 1.44}, 1.44), 0.72);
}

TEST(ReluAverage, FixedVariables) {
    EXPECT_EQ(ReluAverage<double>::product({2, 0}, {3, 0}, 0), 6.0);
    EXPECT_EQ(ReluAverage<double>::slope({-1, 0}), 0.0);
    EXPECT_EQ(ReluAverage<double>::slope({1, 0}), 1.0);
}

/// The arcsine law against the Hermite series of the same function.
TEST(ErfAverage, AgreesWithTheExpansion) {
    HermiteQuadrature<double, 64> quadrature;
    quadrature.prepare();
    HermiteExpansion<double, 64> x;
    HermiteExpansion<double, 64> y;
    const model::Erf<double> phi;
    quadrature.expand(x, Parity::odd, 0.0, 0.6, phi);
    quadrature.expand(y, Parity::odd, 0.0, 0.9, phi);
    for (const double rho : {-0.8, -0.1, 0.0, 0.4, 0.9}) {
        const double covariance = rho * std::sqrt(0.6 * 0.9);
        EXPECT_NEAR(ErfAverage<double>::product(0.6, 0.9, covariance),
                    product_average(x, y, Parity::odd, rho), 1e-12)
            << rho;
    }
    EXPECT_NEAR(ErfAverage<double>::slope({0.0, 0.6}), x.coefficients[0] / std::sqrt(0.6), 1e-12);
}

/// dE[phi phi]/dc = E[phi' phi'] (Price), for tanh.
TEST(HermiteExpansion, ObeysPricesTheorem) {
    HermiteQuadrature<double, 64> quadrature;
    quadrature.prepare();
    const model::Tanh<double> phi;
    const auto slope = [&phi](double x) { return phi.slope(x); };
    HermiteExpansion<double, 64> output;
    HermiteExpansion<double, 64> slopes;
    quadrature.expand(output, Parity::odd, 0.0, 1.0, phi);
    quadrature.expand(slopes, Parity::all, 0.0, 1.0, slope);
    constexpr double h = 1e-3;
    for (const double rho : {-0.5, 0.0, 0.2, 0.7}) {
        const double difference = (product_average(output, output, Parity::odd, rho + h) -
                                   product_average(output, output, Parity::odd, rho - h)) /
                                  (2 * h);
        EXPECT_NEAR(difference, product_average(slopes, slopes, Parity::all, rho), 1e-6) << rho;
    }
}

/// At full correlation the series is the second moment, whatever is left out.
TEST(HermiteExpansion, RemainderCompletesTheSecondMoment) {
    HermiteQuadrature<float, 6> quadrature;
    quadrature.prepare();
    HermiteExpansion<float, 6> expansion;
    const model::Tanh<float> phi;
    const float second = quadrature.expand(expansion, Parity::odd, 0.0F, 4.0F, phi);
    EXPECT_NEAR(product_average(expansion, expansion, Parity::odd, 1.0F), second, 1e-6F);
}

} // namespace
} // namespace tinymf::mean_field
