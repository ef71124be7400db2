// SPDX-License-Identifier: Apache-2.0
// Density of the eigenvalues of (1 - gJ)^-1 (1 - gJ)^-T: closed forms, exact moments, and matrices
// that are drawn.

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numbers>
#include <random>
#include <vector>

#include <Eigen/Dense>
#include <gtest/gtest.h>

#include "theory/covariance_density.hpp"
#include "theory/linear_correlation.hpp"
#include "theory/participation.hpp"
#include "theory/prediction.hpp"
#include "theory/sampled_spectrum.hpp"
#include "theory/zero_frequency_density.hpp"
#include "theory_parameters.hpp"

namespace tinymf::host {
namespace {

using model::ActivationKind;
using model::NoiseKind;

/// Integral of density lambda^power over the support. In the angle of an interval the integrand is
/// smooth at edges where the density is a square root, so that the rule converges fast.
template <class Density>
double moment(const Density& density, double lower, double upper, int power) {
    constexpr int points = 2000;
    double sum = 0.0;
    for (int k = 1; k < points; ++k) {
        const double angle = std::numbers::pi * k / points;
        const double share = (1.0 - std::cos(angle)) / 2.0;
        const double place = lower * std::pow(upper / lower, share);
        sum += density.at(place) * std::pow(place, power + 1) * std::sin(angle);
    }
    return sum * std::log(upper / lower) * std::numbers::pi / (2.0 * points);
}

double moment(const CovarianceDensity& density, int power) {
    return moment(density, density.lower_edge(), density.upper_edge(), power);
}

/// Hu & Sompolinsky 2022: edges at 1/x, x = [8 + 20 g^2 - g^4 -+ g (g^2 + 8)^(3/2)]/8.
TEST(CovarianceDensity, HasThePublishedEdges) {
    for (const double g : {0.05, 0.3, 0.5, 0.8, 0.95}) {
        const CovarianceDensity density(g, 0.0, 2.0);
        const double middle = 8.0 + 20.0 * g * g - std::pow(g, 4);
        const double half_width = g * std::pow(g * g + 8.0, 1.5);
        // Rounding, 1e-16, is enlarged by the difference of two near numbers.
        const double rounding = 1e-14 * middle / (middle - half_width);
        EXPECT_NEAR(density.lower_edge() * (middle + half_width) / 16.0, 1.0, 1e-14);
        EXPECT_NEAR(density.upper_edge() * (middle - half_width) / 16.0, 1.0, rounding);
        EXPECT_EQ(density.at(density.upper_edge() * 1.001), 0.0);
        EXPECT_EQ(density.at(density.lower_edge() * 0.999), 0.0);
    }
}

/// Eigenvalues s of symmetric couplings fill a semicircle, lambda = 1/(1 - g s)^2.
TEST(CovarianceDensity, OfSymmetricCouplingsIsASemicircleTransformed) {
    for (const double g : {0.1, 0.3, 0.45}) {
        const CovarianceDensity density(g, 1.0, 1.0);
        EXPECT_NEAR(density.lower_edge(), std::pow(1.0 + 2.0 * g, -2), 1e-14);
        EXPECT_NEAR(density.upper_edge() * std::pow(1.0 - 2.0 * g, 2), 1.0, 1e-13);
        for (const double s : {-1.9, -1.0, 0.0, 0.7, 1.8}) {
            const double root = 1.0 - g * s;
            const double expected =
                std::sqrt(4.0 - s * s) / (2.0 * std::numbers::pi) * std::pow(root, 3) / (2.0 * g);
            EXPECT_NEAR(density.at(std::pow(root, -2)), expected, 1e-10 * expected);
        }
    }
}

/// Those of antisymmetric couplings are imaginary, lambda = 1/(1 + g^2 s^2) for s and -s; the
/// density grows without bound towards its upper edge, 1.
TEST(CovarianceDensity, OfAntisymmetricCouplingsEndsAtTheNoise) {
    for (const double g : {0.2, 0.9, 3.0}) {
        const CovarianceDensity density(g, -1.0, 1.0);
        EXPECT_NEAR(density.lower_edge() * (1.0 + 4.0 * g * g), 1.0, 1e-13);
        EXPECT_EQ(density.upper_edge(), 1.0);
        for (const double s : {0.3, 1.0, 1.9}) {
            const double lambda = 1.0 / (1.0 + g * g * s * s);
            const double expected =
                std::sqrt(4.0 - s * s) / (2.0 * std::numbers::pi * g * g * s) / (lambda * lambda);
            EXPECT_NEAR(density.at(lambda), expected, 1e-9 * expected);
        }
    }
}

/// The integral, tr C/N and tr C^2/N = (tr C/N)^2/D by the theory of the participation ratio.
TEST(CovarianceDensity, HasTheMomentsOfTheParticipationRatio) {
    struct Row {
        double gain, reciprocity;
    };
    for (const auto& [gain, reciprocity] : std::vector<Row>{{0.1, 0.0},
                                                            {0.5, 0.0},
                                                            {0.9, 0.0},
                                                            {0.5, 0.5},
                                                            {0.4, 1.0},
                                                            {0.5, -0.5},
                                                            {0.9, -0.9}}) {
        const Parameters p = linear_parameters(gain, reciprocity, NoiseKind::frozen);
        const LinearModel model{gain, reciprocity, drive_of(p), TimeScheme::continuum()};
        const double dimension = linear_covariance_statistics(model).input_dimension;
        const CovarianceDensity density(gain, reciprocity, 1.0);
        const double mean = density.mean();
        const double square = moment(density, 2);
        std::printf("g %.1f eta %4.1f: mean %.6f, D %.6f\n", gain, reciprocity, mean, dimension);
        // The rule's error at 2000 points.
        EXPECT_NEAR(moment(density, 0), 1.0, 1e-9);
        EXPECT_NEAR(moment(density, 1) / mean, 1.0, 1e-9);
        EXPECT_NEAR(square * dimension / (mean * mean), 1.0, 1e-9);
        EXPECT_NEAR(linear_long_window_dimension(gain, reciprocity), dimension, 1e-9);
    }
}

TEST(CovarianceDensity, WithoutCouplingsIsThatOfTheNoise) {
    const CovarianceDensity density(0.0, 0.0, 0.7);
    EXPECT_EQ(density.lower_edge(), 0.7);
    EXPECT_EQ(density.upper_edge(), 0.7);
    EXPECT_EQ(density.mean(), 0.7);
    EXPECT_EQ(density.quantiles(3), (std::vector<double>{0.7, 0.7, 0.7}));
}

Eigen::MatrixXd drawn_couplings(Eigen::Index n, double reciprocity, unsigned seed) {
    std::mt19937_64 generator(seed);
    std::normal_distribution<double> normal(0.0, 1.0 / std::sqrt(static_cast<double>(n)));
    const double even = std::sqrt((1.0 + reciprocity) / 2.0);
    const double odd = std::sqrt((1.0 - reciprocity) / 2.0);
    Eigen::MatrixXd couplings = Eigen::MatrixXd::Zero(n, n);
    for (Eigen::Index i = 0; i < n; ++i) {
        for (Eigen::Index j = 0; j < i; ++j) {
            const double u = normal(generator);
            const double v = normal(generator);
            couplings(i, j) = even * u + odd * v;
            couplings(j, i) = even * u - odd * v;
        }
    }
    return couplings;
}

/// The drawn eigenvalues against the quantiles: eigenvalues of large matrices hardly scatter, their
/// number below any place by some sqrt(log N). At the edges of (1 - gJ)(1 - gJ)^T, that is of
/// 1/lambda, the scale is N^(-2/3) of the support's width, 0.022 at N = 300, and the law that of
/// Tracy & Widom (1996), whose own unit is 0.6 of that for J alone. 6 such scales are 10 units:
/// exp(-2/3 10^(3/2)), a false alarm below 1e-8. Displacements have a standard deviation of about 1
/// and are held to 6 log(N)/pi = 10.9. The seeds are fixed.
TEST(CovarianceDensity, IsThatOfDrawnCouplings) {
    constexpr Eigen::Index n = 300;
    const double scale = std::pow(static_cast<double>(n), -2.0 / 3.0);
    unsigned seed = 1;
    for (const double reciprocity : {-0.5, 0.0, 0.5}) {
        const double gain = 0.6;
        const Eigen::MatrixXd inverse =
            Eigen::MatrixXd::Identity(n, n) - gain * drawn_couplings(n, reciprocity, seed++);
        const Eigen::VectorXd places = Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(
                                           inverse * inverse.transpose(), Eigen::EigenvaluesOnly)
                                           .eigenvalues();
        const CovarianceDensity density(gain, reciprocity, 1.0);
        const double lowest = 1.0 / density.upper_edge();
        const double highest = 1.0 / density.lower_edge();
        const double at_lowest = std::abs(places(0) - lowest) / (highest - lowest) / scale;
        const double at_highest = std::abs(places(n - 1) - highest) / (highest - lowest) / scale;
        // Eigenvalues below each quantile of the middle, against how many there are to be.
        const std::vector<double> quantiles = density.quantiles(n);
        double displaced = 0.0;
        for (std::size_t k = 0; k < quantiles.size(); ++k) {
            const auto larger = std::count_if(places.begin(), places.end(), [&](double place) {
                return 1.0 / place < quantiles[k];
            });
            displaced = std::max(
                displaced, std::abs(static_cast<double>(larger) - (static_cast<double>(k) + 0.5)));
        }
        std::printf("eta %4.1f: edges off by %.2f and %.2f N^(-2/3), most displaced by %.2f\n",
                    reciprocity, at_lowest, at_highest, displaced);
        EXPECT_LT(at_lowest, 6.0);
        EXPECT_LT(at_highest, 6.0);
        EXPECT_LT(displaced, 6.0 * std::log(static_cast<double>(n)) / std::numbers::pi);
    }
}

/// Equal eigenvalues: the law of Marchenko & Pastur in closed form.
TEST(SampledSpectrum, OfIndependentSignalsIsTheLawOfMarchenkoAndPastur) {
    for (const double ratio : {0.1, 0.5, 2.0}) { // N/T
        const SampledSpectrum spectrum({{1.0}, {1.0}}, 1.0 / ratio);
        const double lower = std::pow(1.0 - std::sqrt(ratio), 2);
        const double upper = std::pow(1.0 + std::sqrt(ratio), 2);
        for (const double share : {0.05, 0.5, 0.95}) {
            const double x = lower + share * (upper - lower);
            const double expected =
                std::sqrt((x - lower) * (upper - x)) / (2.0 * std::numbers::pi * ratio * x);
            EXPECT_NEAR(spectrum.at(x), expected, 1e-6 * expected);
        }
        // An average over 0.01 of the place, Cauchy's law, reaches beyond the edges: it loses
        // (2/pi) 0.01 of the place over half the support, up to 0.011, and about as much to
        // curvature.
        const double middle = (lower + upper) / 2.0;
        EXPECT_NEAR(spectrum.at(middle, 0.01) / spectrum.at(middle), 1.0, 0.03);
        EXPECT_LT(spectrum.at(1.1 * upper), 1e-6);
        EXPECT_LT(spectrum.at(0.9 * lower), 1e-6);
    }
}

/// <t> and <t^2> + (N/T) <t>^2 are what products of two and of four normals give on average.
TEST(SampledSpectrum, KeepsTheMeanAndWidens) {
    const EigenvalueShares exact = CovarianceDensity(0.6, 0.0, 1.0).discretised(60);
    double mean = 0.0;
    double square = 0.0;
    for (std::size_t i = 0; i < exact.shares.size(); ++i) {
        const double t = exact.eigenvalues[i];
        mean += exact.shares[i] * t;
        square += exact.shares[i] * t * t;
    }
    for (const double ratio : {0.05, 0.5}) { // N/T
        const SampledSpectrum spectrum(exact, 1.0 / ratio);
        const double upper = exact.eigenvalues.back() * std::pow(1.0 + std::sqrt(ratio), 2);
        const double lower = exact.eigenvalues.front() * std::pow(1.0 - std::sqrt(ratio), 2);
        const double found = moment(spectrum, lower, upper, 2);
        std::printf("N/T %.2f: <t^2> %.5f, %.5f without sampling\n", ratio, found, square);
        // The support ends somewhere within; there the rule has an error of (1/2000)^(3/2) times
        // the relative width of the support, some 50.
        EXPECT_NEAR(moment(spectrum, lower, upper, 0), 1.0, 5e-4);
        EXPECT_NEAR(moment(spectrum, lower, upper, 1) / mean, 1.0, 5e-4);
        EXPECT_NEAR(found / (square + ratio * mean * mean), 1.0, 5e-4);
    }
}

/// Outputs of a nonlinear network: the mean is C_phi, the second moment C_phi^2/D, both by the
/// theory of fixed points; at zero frequency D = (1 - g^2 b^2)^2.
TEST(ZeroFrequencyDensity, HasTheMomentsOfNonlinearNetworks) {
    for (const Parameters& p :
         {theory_parameters(ActivationKind::tanh, 1.0, 1.0, NoiseKind::frozen),
          pade_parameters(1.0 / 3.0, 1.0, 0.25), power_parameters(0.75, 0.7, 1.0)}) {
        const auto density = zero_frequency_density(p, TimeScheme::continuum(), Signal::output);
        ASSERT_TRUE(density);
        const Prediction prediction = predict(p);
        const double q = prediction.stationary.output_variance.value();
        const double dimension = prediction.participation.output.value();
        EXPECT_NEAR(density->mean() / q, 1.0, 1e-9);
        EXPECT_NEAR(moment(*density, 2) * dimension / (q * q), 1.0, 1e-9);
        EXPECT_FALSE(zero_frequency_density(p, TimeScheme::continuum(), Signal::input));
    }
    const Parameters white = theory_parameters(ActivationKind::tanh, 1.0, 1.0);
    const auto density = zero_frequency_density(white, TimeScheme::continuum(), Signal::output);
    ASSERT_TRUE(density);
    const double mean = density->mean();
    EXPECT_NEAR(mean * mean / moment(*density, 2), predict(white).participation.long_window.value(),
                1e-9);
    // The same from a grid of time steps, which Euler's method leaves by O(dt).
    const auto grid = zero_frequency_density(white, TimeScheme::euler(0.01), Signal::output);
    ASSERT_TRUE(grid);
    EXPECT_NEAR(grid->mean() / mean, 1.0, 0.02);
}

/// White noise of strength sigma^2 has at frequency 0 what static noise of that variance has; on
/// Euler's grid too.
TEST(ZeroFrequencyDensity, OfLinearNetworksIsTheSameForStaticAndWhiteNoise) {
    const auto frozen = zero_frequency_density(linear_parameters(0.5, 0.3, NoiseKind::frozen),
                                               TimeScheme::continuum(), Signal::input);
    ASSERT_TRUE(frozen);
    for (const TimeScheme& scheme : {TimeScheme::continuum(), TimeScheme::euler(0.2)}) {
        const auto white =
            zero_frequency_density(linear_parameters(0.5, 0.3), scheme, Signal::input);
        ASSERT_TRUE(white);
        EXPECT_NEAR(white->upper_edge() / frozen->upper_edge(), 1.0, 1e-12);
        EXPECT_NEAR(white->mean() / frozen->mean(), 1.0, 1e-12);
    }
    EXPECT_FALSE(zero_frequency_density(linear_parameters(0.7, 0.5), TimeScheme::continuum(),
                                        Signal::input)); // unstable
}

} // namespace
} // namespace tinymf::host
