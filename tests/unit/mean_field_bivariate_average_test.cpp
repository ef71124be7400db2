// SPDX-License-Identifier: Apache-2.0
#include "tinymf/mean_field/bivariate_average.hpp"

#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

#include "tinymf/mean_field/hermite_expansion.hpp"
#include "tinymf/model/activation.hpp"

namespace tinymf::mean_field {
namespace {

/// E[phi(x) phi(y)] by Simpson's rule over x >= 0 of what is left after the average over y given x.
double relu_product_by_quadrature(const Gaussian<double>& x, const Gaussian<double>& y,
                                  double covariance) {
    constexpr int intervals = 20'000;
    const double deviation = std::sqrt(x.variance);
    const double end = x.mean + 10 * deviation;
    const double left = y.variance - covariance * covariance / x.variance;
    double sum = 0;
    for (int i = 0; i <= intervals; ++i) {
        const double at = end * i / intervals;
        const double z = (at - x.mean) / deviation;
        const double mean = y.mean + covariance / x.variance * (at - x.mean);
        const double h = mean / std::sqrt(left);
        const double rectified = mean * std::erfc(-h / std::sqrt(2.0)) / 2 +
                                 std::sqrt(left / (2 * std::numbers::pi)) * std::exp(-h * h / 2);
        const double weight = i == 0 || i == intervals ? 1 : i % 2 == 1 ? 4 : 2;
        sum += weight * at * rectified * std::exp(-z * z / 2);
    }
    return sum * end / intervals / 3 / (deviation * std::sqrt(2 * std::numbers::pi));
}

TEST(ReluAverage, AgreesWithQuadrature) {
    for (const double mean_x : {0.0, 0.5, -1.0, 2.0}) {
        for (const double mean_y : {0.0, 0.7, -1.5}) {
            for (const double rho : {-0.9, -0.5, 0.0, 0.3, 0.8, 0.95}) {
                const Gaussian<double> x{mean_x, 1.0};
                const Gaussian<double> y{mean_y, 2.25};
                const double covariance = rho * 1.5;
                EXPECT_NEAR(ReluAverage<double>::product(x, y, covariance),
                            relu_product_by_quadrature(x, y, covariance), 1.5e-9)
                    << mean_x << " " << mean_y << " " << rho;
            }
        }
    }
}

TEST(ReluAverage, FullCorrelationIsTheSecondMoment) {
    const Gaussian<double> x{0.8, 1.44};
    const double h = 0.8 / 1.2;
    const double below = std::erfc(-h / std::sqrt(2.0)) / 2;
    const double density = std::exp(-h * h / 2) / std::sqrt(2 * std::numbers::pi);
    const double exact = (0.64 + 1.44) * below + 0.8 * 1.2 * density;
    EXPECT_NEAR(ReluAverage<double>::product(x, x, 1.44), exact, 1e-9);
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
