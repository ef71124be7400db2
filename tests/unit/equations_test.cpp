// SPDX-License-Identifier: Apache-2.0
// What theory and reference share: responses and spectra of single neurons, poles of activations.

#include <cmath>
#include <complex>
#include <numbers>

#include <gtest/gtest.h>

#include "equations/reference_activation.hpp"
#include "equations/time_scheme.hpp"
#include "theory_parameters.hpp"

namespace tinymf::host {
namespace {

using model::IntegratorKind;

TEST(TimeScheme, NothingAnswersBeforeItIsAsked) {
    for (const TimeScheme& scheme :
         {TimeScheme::continuum(), TimeScheme::grid(IntegratorKind::euler, 0.125),
          TimeScheme::grid(IntegratorKind::rk4, 0.125)}) {
        EXPECT_EQ(scheme.bare_response(-0.125), 0.0);
        EXPECT_EQ(scheme.bare_response(0.0), 0.0); // Ito
        EXPECT_GT(scheme.bare_response(0.125), 0.0);
    }
    EXPECT_EQ(TimeScheme::continuum().bare_response(2.0), std::exp(-2.0));
    // x[t+1] = (1 - dt) x[t] + dt f[t].
    EXPECT_NEAR(TimeScheme::grid(IntegratorKind::euler, 0.125).bare_response(0.25) /
                    TimeScheme::grid(IntegratorKind::euler, 0.125).bare_response(0.125),
                0.875, 1e-15);
}

// Of sigma^2 exp(-|k| dt / tc) on the grid, summed term by term.
TEST(TimeScheme, SpectrumOfColouredNoiseIsTheSumOverItsSteps) {
    constexpr double dt = 0.25;
    const TimeScheme scheme = TimeScheme::grid(IntegratorKind::euler, dt);
    for (const double time : {0.5, 1.0, 4.0}) {
        const Drive drive{.kind = Drive::Kind::colored, .strength = 2.0, .time = time};
        for (const double omega : {0.0, 0.7, 3.0}) {
            double sum = drive.strength;
            for (int k = 1; k < 1000; ++k) {
                sum += 2.0 * drive.strength * std::exp(-k * dt / time) * std::cos(omega * k * dt);
            }
            EXPECT_NEAR(scheme.drive_spectrum(drive, omega), sum, 1e-12 * drive.strength * time)
                << time << " " << omega;
        }
    }
}

// 1 + c x^(2k) has its roots on a circle; the one next to the real axis is pi/(2k) away in angle.
TEST(PoleDistance, OfASingleCoefficientIsOnACircle) {
    for (std::size_t k = 1; k <= 4; ++k) {
        for (const double c : {0.01, 1.0, 40.0}) {
            auto parameters = theory_parameters(model::ActivationKind::pade, 1.0, 0.0);
            parameters.pade_denominator = {};
            parameters.pade_denominator[k - 1] = c;
            const double order = 2.0 * static_cast<double>(k);
            const double expected = std::pow(c, -1.0 / order) * std::sin(std::numbers::pi / order);
            EXPECT_NEAR(pole_distance(parameters), expected, 1e-10 * expected) << k << " " << c;
        }
    }
}

} // namespace
} // namespace tinymf::host
