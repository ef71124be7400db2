// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tinymf::observe {

/// What a network can estimate about itself while it runs; a run asks for any set of them. Brackets
/// average over neurons, replicas and the samples of a block.
///
/// - moments: of a neuron and of the whole population, see `Moment`;
/// - autocorrelation: C_x(tau) = <x(t) x(t + tau)> and C_phi(tau);
/// - response: R_x(tau) = <dx(t + tau)/dI(t)> and R_phi(tau) from the white noise that the run had
///   anyway (Novikov's theorem; phi itself is correlated, never phi' x);
/// - participation: traces and squared norms of the covariances of inputs and outputs, from which
///   the participation ratio follows (Mato, Rigatuso & Torroba 2025), see `CovarianceStatistic`;
/// - covariance: these matrices themselves;
/// - lyapunov: the largest Lyapunov exponent, by a tangent vector along replica 0;
/// - settling: how far from a fixed point the samples were, for static noise that is redrawn.
enum class Observable : std::uint8_t {
    moments,
    autocorrelation,
    response,
    participation,
    covariance,
    lyapunov,
    settling
};

inline constexpr std::array<std::string_view, 7> observable_names{
    "moments",    "autocorrelation", "response", "participation",
    "covariance", "lyapunov",        "settling"};

/// A set of observables, as on the wire: bit k stands for the observable number k.
using ObservableSet = std::uint8_t;

[[nodiscard]] constexpr ObservableSet set_of(Observable observable) {
    return static_cast<ObservableSet>(1U << static_cast<unsigned>(observable));
}

[[nodiscard]] constexpr bool contains(ObservableSet set, Observable observable) {
    return (set & set_of(observable)) != 0;
}

inline constexpr ObservableSet all_observables =
    static_cast<ObservableSet>((1U << observable_names.size()) - 1U);
inline constexpr ObservableSet of_covariances =
    static_cast<ObservableSet>(set_of(Observable::participation) | set_of(Observable::covariance));

/// One vector of estimates per block; the number is part of the stream (OBSERVE).
enum class ObservedArray : std::uint8_t {
    moments,             ///< by `Moment`
    cx,                  ///< C_x at lag k of `sample_every` steps, k = 0..lags-1
    cphi,                ///< C_phi likewise
    rx,                  ///< R_x, 1 + k sample_every steps after the kick
    rphi,                ///< R_phi likewise
    spread_input,        ///< by `CovarianceStatistic`
    spread_output,       ///< likewise
    covariance_input_a,  ///< rows of the lower triangle, N(N+1)/2, of replica 0
    covariance_input_b,  ///< of replica 1
    covariance_output_a, ///< of phi, replica 0
    covariance_output_b, ///< of phi, replica 1
    lyapunov,            ///< one value, per tau
    settling,            ///< by `SettlingStatistic`
    count
};

/// Name in files, what must be asked for to get it, and the unit of its values where all have one.
struct ObservedArrayFacts {
    std::string_view name;
    Observable observable{};
    bool of_second_replica = false;
    std::string_view unit{};
};

inline constexpr std::array<ObservedArrayFacts, static_cast<std::size_t>(ObservedArray::count)>
    observed_arrays{{{"moments", Observable::moments},
                     {"Cx", Observable::autocorrelation},
                     {"Cphi", Observable::autocorrelation},
                     {"Rx", Observable::response},
                     {"Rphi", Observable::response},
                     {"spread_input", Observable::participation},
                     {"spread_output", Observable::participation},
                     {"covariance_input_a", Observable::covariance},
                     {"covariance_input_b", Observable::covariance, true},
                     {"covariance_output_a", Observable::covariance},
                     {"covariance_output_b", Observable::covariance, true},
                     {"lyapunov", Observable::lyapunov, false, "1/tau"},
                     {"settling", Observable::settling}}};

[[nodiscard]] constexpr const ObservedArrayFacts& facts_of(ObservedArray array) {
    return observed_arrays[static_cast<std::size_t>(array)];
}

/// Averages of the array `moments`. `population_x` is <(sum_i x_i)^2>/N: with x^2 it gives the
/// mean covariance of two neurons in O(N).
enum class Moment : std::uint8_t {
    x,
    phi,
    x_squared,
    phi_squared,
    x_phi, ///< over x^2: the gain that an independent Gaussian input would see (Stein)
    slope, ///< phi'
    population_x,
    population_phi,
    count
};

/// Of the covariance matrices C^A, C^B of two replicas that share J (of one: B is zero). The
/// products of A and B estimate tr C^2 and sum_i C_ii^2 without bias.
enum class CovarianceStatistic : std::uint8_t {
    trace_a,
    trace_b,
    square_a,   ///< sum_ij (C^A_ij)^2
    square_b,   ///< sum_ij (C^B_ij)^2
    square_ab,  ///< sum_ij C^A_ij C^B_ij
    diagonal_a, ///< sum_i (C^A_ii)^2
    diagonal_b,
    diagonal_ab,
    count
};

enum class SettlingStatistic : std::uint8_t {
    worst_residual, ///< largest |dx_i/dt| at a sample, per tau
    unsettled,      ///< states at which it exceeded `settled_below`
    count
};

/// Elements of an array, for N neurons and the number of lags in use.
[[nodiscard]] constexpr std::size_t size_of(ObservedArray array, std::size_t neurons,
                                            std::size_t lags) {
    switch (array) {
    case ObservedArray::moments:
        return static_cast<std::size_t>(Moment::count);
    case ObservedArray::cx:
    case ObservedArray::cphi:
    case ObservedArray::rx:
    case ObservedArray::rphi:
        return lags;
    case ObservedArray::spread_input:
    case ObservedArray::spread_output:
        return static_cast<std::size_t>(CovarianceStatistic::count);
    case ObservedArray::covariance_input_a:
    case ObservedArray::covariance_input_b:
    case ObservedArray::covariance_output_a:
    case ObservedArray::covariance_output_b:
        return neurons * (neurons + 1) / 2;
    case ObservedArray::settling:
        return static_cast<std::size_t>(SettlingStatistic::count);
    case ObservedArray::lyapunov:
    case ObservedArray::count:
        break;
    }
    return 1;
}

/// Largest |dx_i/dt|, per tau, of a state that counts as a fixed point.
inline constexpr float settled_below = 1e-3F;

} // namespace tinymf::observe
