// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "compare/bounded_distance.hpp"
#include "compare/theory_comparison.hpp"
#include "experiment/experiment.hpp"
#include "recording/recording.hpp"

namespace tinymf::host {

/// A mean field without sampling error beside the double-precision reference, row by row: the
/// difference that is the largest share of its bound, over all columns of C_x and C_phi, the
/// mean, and for the linear method R_x and R_phi (in a stationary run: of C_x and C_phi at a lag),
/// and that bound.
///
/// The bound takes the run's own relative error, `relative_error`, as one of the coupling strength,
/// and asks the reference how far its solution moves with that. The relative error is the rounding
/// of the longest sum, a random walk of 2 t + 8 roundings at five standard deviations (Higham &
/// Mary 2019), and what a Hermite expansion of the run's length leaves out at most. To that come
/// the errors of the scheme's coefficients, which grow with the row, and of subnormal numbers.
struct MeanFieldDistance {
    std::string method;              ///< the reference's
    bool by_lag = false;             ///< of a stationary run
    std::vector<std::uint32_t> rows; ///< that the run sent
    std::vector<double> times;       ///< of these rows, or lags, in units of tau
    double relative_error = 0.0;
    BoundedDistance distance;

    [[nodiscard]] double horizon() const {
        return distance.bound.empty() ? 0.0 : times[distance.bound.size() - 1];
    }
    [[nodiscard]] bool passed() const { return !distance.bound.empty() && distance.within(); }
};

/// What the run solved, as an experiment: its own parameters.
[[nodiscard]] Experiment experiment_as_run(const Recording& recording);

/// For the methods linear and gaussian_closure. Throws HostError as the reference does. Work: two
/// solutions by the reference.
[[nodiscard]] MeanFieldDistance compare_exact_mean_field(const Recording& recording);

/// Error of a stationary run's C(0) and of its first steps, relative to C(0): twice what known
/// states show in float32 (16 steps a time constant, rounding), the reference's in float64.
[[nodiscard]] double accuracy_of_stationary_run(experiment::ScalarKind scalar);

/// For the method stationary, lag by lag. C(tau) follows a particle that comes to rest on top of a
/// hill, so errors grow with the lag, as e^tau at most; the horizon ends where that bound exceeds a
/// tenth of C(0). The reference is the boundary value problem, by collocation, a solution that
/// shares nothing with theory's or the device's (reference/stationary_equation.hpp); where it finds
/// none it is theory's, and `method` says so.
[[nodiscard]] MeanFieldDistance compare_stationary_mean_field(const Recording& recording);

/// For the method forward: a dozen numbers, with the errors of both sides. A run of fewer than four
/// populations cannot judge its own error; it is then taken from the scatter between populations of
/// the same size, which the reference's independent sample shows. To these errors come the bias of
/// order 1/paths, the storage of paths in 16 bits, and two computed bounds: what the run's
/// arithmetic may do (compare/mean_field_rounding.hpp), and what its sampler adds to the variance
/// of its field, as the reference's own paths show when the same is added to theirs. Responses that
/// no scatter can judge are left out, with a note.
[[nodiscard]] TheoryComparison compare_sampled_mean_field(const Recording& recording);

} // namespace tinymf::host
