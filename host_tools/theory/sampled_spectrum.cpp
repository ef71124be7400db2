// SPDX-License-Identifier: Apache-2.0
#include "theory/sampled_spectrum.hpp"

#include <algorithm>
#include <complex>
#include <cstddef>
#include <numbers>
#include <utility>

#include "tinymf/assert.hpp"

namespace tinymf::host {

SampledSpectrum::SampledSpectrum(EigenvalueShares exact, double vectors_a_signal)
    : exact_{std::move(exact)}, ratio_{1.0 / vectors_a_signal} {
    TINYMF_ASSERT(!exact_.eigenvalues.empty() && vectors_a_signal > 0.0);
    TINYMF_ASSERT(exact_.eigenvalues.size() == exact_.shares.size());
}

double SampledSpectrum::at(double eigenvalue, double resolution) const {
    using Complex = std::complex<double>;
    constexpr double shrinkage = 0.8;
    constexpr int newton_steps = 3;
    const auto improved = [this](Complex v, Complex z) {
        Complex value = z + 1.0 / v;
        Complex slope = -1.0 / (v * v);
        for (std::size_t i = 0; i < exact_.eigenvalues.size(); ++i) {
            const double t = exact_.eigenvalues[i];
            const Complex term = t / (1.0 + t * v);
            value -= ratio_ * exact_.shares[i] * term;
            slope += ratio_ * exact_.shares[i] * term * term;
        }
        return v - value / slope;
    };
    // From far above the real axis down to it, where the root that is wanted stays in the upper
    // half-plane.
    const double lowest = resolution * eigenvalue;
    double height = 100.0 * exact_.eigenvalues.back() * (1.0 + ratio_);
    Complex v = -1.0 / Complex(eigenvalue, height);
    while (height > lowest) {
        height = std::max(shrinkage * height, lowest);
        for (int step = 0; step < newton_steps; ++step) {
            v = improved(v, {eigenvalue, height});
        }
    }
    // That of the T x T matrix has T - N eigenvalues 0 more.
    const Complex zeros = (ratio_ - 1.0) / Complex(eigenvalue, height);
    return std::max(0.0, (v - zeros).imag()) / (std::numbers::pi * ratio_);
}

} // namespace tinymf::host
