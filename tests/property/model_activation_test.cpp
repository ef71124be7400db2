// SPDX-License-Identifier: Apache-2.0
#include "tinymf/model/activation.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>

namespace {

using namespace tinymf::model;

/// Any finite float, uniform over bit patterns: subnormals and both zeros included.
float any_finite() {
    const auto bits = *rc::gen::arbitrary<std::uint32_t>();
    const auto x = std::bit_cast<float>(bits);
    RC_PRE(std::isfinite(x));
    return x;
}

float coefficient() {
    return static_cast<float>(*rc::gen::inRange(0, 1000)) * 0x1p-7F;
}

Activation<float> any_odd_activation() {
    Activation<float> phi;
    phi.kind = *rc::gen::element(ActivationKind::linear, ActivationKind::tanh, ActivationKind::erf,
                                 ActivationKind::power_law, ActivationKind::pade);
    phi.power_law.exponent = static_cast<float>(*rc::gen::inRange(1, 64)) * 0x1p-4F;
    for (std::size_t order = 0; order < Pade<float>::orders; ++order) {
        phi.pade.numerator[order] = coefficient();
        phi.pade.denominator[order] = coefficient();
    }
    return phi;
}

RC_GTEST_PROP(ActivationProperty, OddActivationsAreOddToTheBit, ()) {
    const Activation<float> phi = any_odd_activation();
    const float x = any_finite();
    RC_PRE(phi.kind != ActivationKind::pade || std::abs(x) < 1e4F);
    RC_ASSERT(std::bit_cast<std::uint32_t>(phi(-x)) == std::bit_cast<std::uint32_t>(-phi(x)));
    RC_ASSERT(std::bit_cast<std::uint32_t>(phi.slope(-x)) ==
              std::bit_cast<std::uint32_t>(phi.slope(x)));
}

RC_GTEST_PROP(ActivationProperty, MonotoneActivationsHaveNoNegativeSlope, ()) {
    Activation<float> phi;
    phi.kind = *rc::gen::element(ActivationKind::linear, ActivationKind::relu, ActivationKind::tanh,
                                 ActivationKind::erf, ActivationKind::power_law);
    phi.power_law.exponent = static_cast<float>(*rc::gen::inRange(1, 16)) * 0x1p-4F;
    RC_ASSERT(phi.slope(any_finite()) >= 0.0F);
}

/// The Pade slope against differences of its own function in double, for random coefficients.
RC_GTEST_PROP(ActivationProperty, PadeSlopeIsTheDerivative, ()) {
    Pade<double> phi;
    for (std::size_t order = 0; order < Pade<double>::orders; ++order) {
        phi.numerator[order] = static_cast<double>(coefficient());
        phi.denominator[order] = static_cast<double>(coefficient());
    }
    const double x = *rc::gen::inRange(-3000, 3000) * 1e-3;
    const double h = 1e-5;
    const double difference = (phi(x + h) - phi(x - h)) / (2 * h);
    RC_ASSERT(std::abs(phi.slope(x) - difference) < 1e-5 * (1 + std::abs(difference)));
}

} // namespace
