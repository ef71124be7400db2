// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>

#include "tinymf/assert.hpp"
#include "tinymf/checkpoint/field_walk.hpp"
#include "tinymf/experiment/refusal.hpp"
#include "tinymf/mean_field/acceptance.hpp"
#include "tinymf/mean_field/autonomous_model.hpp"
#include "tinymf/mean_field/finite_rows.hpp"
#include "tinymf/mean_field/time_grid.hpp"
#include "tinymf/mean_field/triangular_array.hpp"
#include "tinymf/mean_field/two_time_row.hpp"
#include "tinymf/model/non_finite.hpp"
#include "tinymf/model/parameters.hpp"
#include "tinymf/numeric/arithmetic_probe.hpp"
#include "tinymf/observe/digest.hpp"

namespace tinymf::mean_field {

/// Exact two-time correlation and response for linear phi and any reciprocity (the discrete form of
/// Zou & Huang 2023; Crisanti & Sompolinsky 1987), one row per step.
///
///     r[1] = 1,  r[k+1] = alpha r[k] + beta^2 kappa sum_{a=1}^{k-1} r[a] r[k-a]
///     C[t+1,s] = alpha C[t,s] + beta (beta sum_{u<s} r[s-u] K[t,u]
///                                     + kappa beta sum_{u<t} r[t-u] C[u,s] + I[t] m[s])
///
/// and the same for s = t+1, plus nu. Size: (points (points + 1)/2 + 4 points) scalars + 150 bytes.
/// Work of row t: 2 t^2 multiplications and additions; 2 points^3/3 in all. Level: bit-exact.
///
/// Example, antisymmetric couplings:
///
///     static tinymf::mean_field::LinearClosure<float, 60> closure;
///     tinymf::model::Parameters<float> parameters;
///     parameters.activation = tinymf::model::ActivationKind::linear;
///     parameters.reciprocity = -1.0F;
///     parameters.steps = 59;
///     closure.configure(parameters);
///     closure.step();
///     const float response = closure.rows()[2].values.back();
///
/// Not for any other activation, and without reciprocity not for many points: there GaussianClosure
/// gives the same numbers in memory linear in them.
template <std::floating_point T, std::size_t points>
class LinearClosure : public AutonomousModel<T> {
    using AutonomousModel<T>::parameters_;

public:
    static constexpr std::size_t largest = points;

    /// See acceptance.hpp; also any phi but the linear one.
    [[nodiscard]] static constexpr experiment::Refusal refuse(const model::Parameters<T>& p) {
        if (p.activation != model::ActivationKind::linear) {
            return impossible(experiment::Field::activation);
        }
        return refuse_time_grid(p, points);
    }

    void configure(const model::Parameters<T>& parameters) {
        TINYMF_ASSERT(!refuse(parameters) && parameters.replicas == 1);
        TINYMF_ASSERT(numeric::arithmetic_is_trusted<T>());
        parameters_ = parameters;
        grid_ = TimeGrid<T>(parameters);
        const auto initial = initial_moments(parameters);
        mean_[0] = initial.mean;
        correlation_.row(0)[0] = initial.variance + initial.mean * initial.mean;
        response_[0] = T(0);
        t_ = 0;
        arrange_rows();
    }

    void step() {
        TINYMF_ASSERT(t_ < parameters_.steps);
        const std::size_t t = t_;
        extend_response(t);
        grid_.kernel_row(correlation_.row(t), std::span<T>(kernel_).first(t + 1));
        const T input = grid_.input(t);
        const auto next = correlation_.row(t + 1);
        for (std::size_t s = 0; s <= t; ++s) {
            next[s] = advanced(correlation_.row(t)[s], t, s, input * mean_[s]);
        }
        mean_[t + 1] = grid_.alpha * mean_[t] + grid_.beta * (memory_of_mean(t) + input);
        next[t + 1] = advanced(next[t], t, t + 1, input * mean_[t + 1]) + grid_.nu;
        ++t_;
        arrange_rows();
    }

    [[nodiscard]] std::size_t row_index() const { return t_; }
    [[nodiscard]] std::uint32_t step_index() const { return static_cast<std::uint32_t>(t_); }
    [[nodiscard]] std::span<const TwoTimeRow<T>> rows() const { return rows_; }

    [[nodiscard]] model::NonFinite first_non_finite() const {
        return mean_field::first_non_finite(rows());
    }

    void digest_into(observe::Digest& digest) const {
        digest.add(correlation_.row(t_));
        digest.add(response_[t_]);
        digest.add(mean_[t_]);
    }

    void place_at(std::uint32_t step) { t_ = step; }

    void persist(checkpoint::FieldWalk& walk) {
        correlation_.persist(walk, t_ + 1);
        walk.over(std::span<T>(response_).first(t_ + 1));
        walk.over(std::span<T>(mean_).first(t_ + 1));
    }

    void rebuild() { arrange_rows(); }

private:
    /// Fills r[t+1], the response at that lag.
    void extend_response(std::size_t t) {
        T sum = T(0);
        for (std::size_t a = 1; a < t; ++a) {
            sum += response_[a] * response_[t - a];
        }
        response_[t + 1] =
            t == 0 ? T(1)
                   : grid_.alpha * response_[t] + grid_.beta * grid_.beta * grid_.kappa * sum;
    }

    /// <x[t+1] x[s]> without the white increment, from <x[t] x[s]>.
    [[nodiscard]] T advanced(T previous, std::size_t t, std::size_t s, T input_times_mean) const {
        T field = T(0);
        for (std::size_t u = 0; u < s && u <= t; ++u) {
            field += response_[s - u] * kernel_[u];
        }
        T memory = T(0);
        for (std::size_t u = 0; u < t; ++u) {
            memory += response_[t - u] * correlation_.symmetric(u, s);
        }
        return grid_.alpha * previous +
               grid_.beta * (grid_.beta * (field + grid_.kappa * memory) + input_times_mean);
    }

    [[nodiscard]] T memory_of_mean(std::size_t t) const {
        T sum = T(0);
        for (std::size_t u = 0; u < t; ++u) {
            sum += response_[t - u] * mean_[u];
        }
        return grid_.kappa * grid_.beta * sum;
    }

    /// The response depends on the lag only; its row is the lags in reverse.
    void arrange_rows() {
        for (std::size_t s = 0; s < t_; ++s) {
            response_row_[s] = response_[t_ - s];
        }
        const auto correlation = std::as_const(correlation_).row(t_);
        const auto response = std::span<const T>(response_row_).first(t_);
        rows_ = {{{TwoTimeArray::state_correlation, correlation},
                  {TwoTimeArray::output_correlation, correlation},
                  {TwoTimeArray::state_response, response},
                  {TwoTimeArray::output_response, response},
                  {TwoTimeArray::mean, std::span<const T>(mean_).subspan(t_, 1)}}};
    }

    TimeGrid<T> grid_;
    TriangularArray<T, points> correlation_;
    std::array<T, points> response_; ///< by lag
    std::array<T, points> response_row_;
    std::array<T, points> kernel_;
    std::array<T, points> mean_;
    std::array<TwoTimeRow<T>, 5> rows_{};
    std::size_t t_ = 0;
};

} // namespace tinymf::mean_field
