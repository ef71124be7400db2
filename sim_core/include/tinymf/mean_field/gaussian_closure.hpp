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
#include "tinymf/mean_field/bivariate_average.hpp"
#include "tinymf/mean_field/finite_rows.hpp"
#include "tinymf/mean_field/hermite_expansion.hpp"
#include "tinymf/mean_field/power_average.hpp"
#include "tinymf/mean_field/relu_average.hpp"
#include "tinymf/mean_field/time_grid.hpp"
#include "tinymf/mean_field/two_time_row.hpp"
#include "tinymf/model/activation.hpp"
#include "tinymf/model/non_finite.hpp"
#include "tinymf/model/parameters.hpp"
#include "tinymf/numeric/arithmetic_probe.hpp"
#include "tinymf/numeric/power.hpp"
#include "tinymf/numeric/sqrt.hpp"
#include "tinymf/observe/digest.hpp"

namespace tinymf::mean_field {

/// The mean field without reciprocity, for any phi: the effective process is then Gaussian, and its
/// covariance closes (Sompolinsky, Crisanti & Sommers 1988; Zou & Huang 2023).
///
/// With G(s) = <x_s gamma_t> (centred), row after row:
///
///     G(0) = 0,  G(s+1) = alpha G(s) + beta K(s)
///     C[t+1,s] = alpha C[t,s] + beta G(s)
///     C[t+1,t+1] = alpha^2 C[t,t] + 2 alpha beta G(t) + beta^2 K(t) + nu
///     Cphi[t+1,s] = E[phi(x_{t+1}) phi(x_s)]       (bivariate Gaussian average)
///     R_x[t,s] = alpha^{t-s-1},  R_phi[t,s] = <phi'(x_t)> R_x[t,s]
///
/// The bivariate averages are closed forms for linear and ReLU, and for erf without an input; a
/// table in the angle for a power law without one (power_average.hpp); else a Hermite expansion of
/// phi about each x_t, by quadrature, which for a power law is split at its kink.
///
/// Rows are made one at a time, so memory is linear in the points: size about
/// points (terms + 8) + 900 (float64) or 250 (float32) scalars. Work of row t: t `terms`
/// operations, and one expansion. Needs a Gaussian or fixed initial state. Level: bit-exact;
/// accuracy: rounding, and with an expansion the share of E[phi^2] that it leaves out, large for a
/// power law with an input.
///
/// Example, C_x(t, s) row by row:
///
///     static tinymf::mean_field::GaussianClosure<double, 100> closure;
///     tinymf::model::Parameters<double> parameters;
///     parameters.gain = 1.5;
///     parameters.steps = 99;
///     closure.configure(parameters);
///     while (closure.step_index() < parameters.steps) {
///         closure.step();
///     }
///     const double variance = closure.rows()[0].values.back();
///
/// Not for coupled reciprocal pairs (ForwardSampler; LinearClosure where phi is linear), nor for a
/// state long after the start, whose lags StationaryRun finds without the transient.
template <std::floating_point T, std::size_t points, std::size_t terms = sizeof(T) == 4 ? 6 : 64>
class GaussianClosure : public AutonomousModel<T> {
    using AutonomousModel<T>::parameters_;

public:
    GaussianClosure() : quadrature_{} {}

    static constexpr std::size_t largest = points;
    static constexpr std::size_t orders = terms; ///< of an expansion

    /// Whether the averages are expansions, and thus lack what `orders` terms do not hold.
    [[nodiscard]] static constexpr bool expands(const model::Parameters<T>& parameters) {
        return average_for(parameters) == Average::expansion;
    }
    /// Error of the other averages beyond rounding, relative to the root of both second moments.
    [[nodiscard]] static constexpr T average_error(const model::Parameters<T>& parameters) {
        switch (average_for(parameters)) {
        case Average::relu:
            return ReluAverage<T>::error;
        case Average::homogeneous:
            return PowerAverage<T>::error;
        case Average::linear:
        case Average::erf:
        case Average::expansion:
            break;
        }
        return T(0);
    }

    /// See acceptance.hpp; also reciprocity and an initial state that is not Gaussian.
    [[nodiscard]] static constexpr experiment::Refusal refuse(const model::Parameters<T>& p) {
        if (p.reciprocity < T(0) || p.reciprocity > T(0)) {
            return impossible(experiment::Field::reciprocity);
        }
        if (p.initial == model::InitialKind::uniform) {
            return impossible(experiment::Field::initial_kind);
        }
        return refuse_time_grid(p, points);
    }

    void configure(const model::Parameters<T>& parameters) {
        TINYMF_ASSERT(!refuse(parameters) && parameters.replicas == 1);
        TINYMF_ASSERT(numeric::arithmetic_is_trusted<T>());
        parameters_ = parameters;
        grid_ = TimeGrid<T>(parameters);
        activation_ = {.kind = parameters.activation,
                       .power_law = {parameters.exponent},
                       .pade = {parameters.pade_numerator, parameters.pade_denominator}};
        const bool odd = model::is_odd(parameters.activation) &&
                         parameters.stimulus == model::StimulusKind::none;
        parity_ = odd ? Parity::odd : Parity::all;
        average_ = average_for(parameters);
        if (average_ == Average::homogeneous) {
            angles_ = {};
            power_.prepare(parameters.exponent, angles_);
        } else {
            quadrature_ = {};
            quadrature_.prepare();
        }
        fill_response();
        const auto initial = initial_moments(parameters);
        t_ = 0;
        mean_[0] = initial.mean;
        covariance_[0] = variance_[0] = initial.variance;
        finish_row();
    }

    void step() {
        TINYMF_ASSERT(t_ < parameters_.steps);
        const std::size_t t = t_;
        const auto kernel = std::span<T>(output_).first(t + 1); // in place of row t of Cphi
        grid_.kernel_row(kernel, kernel);
        T field = T(0);
        for (std::size_t s = 0; s <= t; ++s) {
            covariance_[s] = grid_.alpha * covariance_[s] + grid_.beta * field;
            if (s < t) {
                field = grid_.alpha * field + grid_.beta * kernel[s];
            }
        }
        variance_[t + 1] = grid_.alpha * (grid_.alpha * variance_[t] + T(2) * grid_.beta * field) +
                           grid_.beta * grid_.beta * kernel[t] + grid_.nu;
        covariance_[t + 1] = variance_[t + 1];
        mean_[t + 1] = grid_.alpha * mean_[t] + grid_.beta * grid_.input(t);
        ++t_;
        finish_row();
    }

    [[nodiscard]] std::size_t row_index() const { return t_; }
    [[nodiscard]] std::uint32_t step_index() const { return static_cast<std::uint32_t>(t_); }
    [[nodiscard]] std::span<const TwoTimeRow<T>> rows() const { return rows_; }

    [[nodiscard]] model::NonFinite first_non_finite() const {
        if (const auto place = mean_field::first_non_finite(rows()); place.found) {
            return place;
        }
        if (average_ == Average::expansion && !expansions_[t_].is_finite()) {
            return {.found = true,
                    .quantity = model::Quantity::row,
                    .part = static_cast<std::uint8_t>(TwoTimeArray::output_correlation),
                    .element = static_cast<std::uint32_t>(t_)};
        }
        return {};
    }

    void digest_into(observe::Digest& digest) const {
        for (const TwoTimeRow<T>& row : rows_) {
            digest.add(row.values);
        }
    }

    void place_at(std::uint32_t step) { t_ = step; }

    void persist(checkpoint::FieldWalk& walk) {
        for (auto* const row : {&covariance_, &variance_, &mean_, &moment_, &output_}) {
            walk.over(std::span<T>(*row).first(t_ + 1));
        }
        walk.over(std::span<T>(output_response_).first(t_));
        for (std::size_t s = 0; average_ == Average::expansion && s <= t_; ++s) {
            expansions_[s].persist(walk);
        }
        for (std::size_t s = 0; average_ == Average::homogeneous && s <= t_; ++s) {
            walk.over(expansions_[s].rest); // nothing else of them was ever set
        }
    }

    void rebuild() { arrange_rows(); }

private:
    enum class Average : std::uint8_t { linear, relu, erf, homogeneous, expansion };

    [[nodiscard]] static constexpr Average average_for(const model::Parameters<T>& parameters) {
        switch (parameters.activation) {
        case model::ActivationKind::linear:
            return Average::linear;
        case model::ActivationKind::relu:
            return Average::relu;
        case model::ActivationKind::erf:
            return parameters.stimulus == model::StimulusKind::none ? Average::erf
                                                                    : Average::expansion;
        case model::ActivationKind::power_law:
            return parameters.stimulus == model::StimulusKind::none ? Average::homogeneous
                                                                    : Average::expansion;
        default:
            return Average::expansion;
        }
    }

    /// Everything of row t that follows from the covariances C[t, 0..t].
    void finish_row() {
        const std::size_t t = t_;
        for (std::size_t s = 0; s <= t; ++s) {
            moment_[s] = covariance_[s] + mean_[t] * mean_[s];
        }
        average_outputs();
        const T slope = mean_slope();
        const auto response = response_row();
        for (std::size_t s = 0; s < t; ++s) {
            output_response_[s] = slope * response[s];
        }
        arrange_rows();
    }

    void average_outputs() {
        switch (average_) {
        case Average::linear:
            for (std::size_t s = 0; s <= t_; ++s) {
                output_[s] = moment_[s];
            }
            return;
        case Average::relu:
            for (std::size_t s = 0; s <= t_; ++s) {
                output_[s] = ReluAverage<T>::product(state(t_), state(s), covariance_[s]);
            }
            return;
        case Average::erf:
            for (std::size_t s = 0; s <= t_; ++s) {
                output_[s] = ErfAverage<T>::product(variance_[t_], variance_[s], covariance_[s]);
            }
            return;
        case Average::homogeneous:
            average_homogeneous();
            return;
        case Average::expansion:
            break;
        }
        average_by_expansion();
    }

    /// The place of an expansion then holds its one number, deviation^p.
    void average_homogeneous() {
        const auto scale = [this](std::size_t t) -> T& { return expansions_[t].rest; };
        scale(t_) = numeric::power(numeric::sqrt(variance_[t_]), activation_.power_law.exponent);
        for (std::size_t s = 0; s < t_; ++s) {
            const T rho = correlation_coefficient(covariance_[s], variance_[t_], variance_[s]);
            output_[s] = scale(t_) * scale(s) * power_.value(angles_, rho);
        }
        output_[t_] = scale(t_) * scale(t_) * power_.second_moment();
    }

    void average_by_expansion() {
        if (activation_.kind == model::ActivationKind::power_law && variance_[t_] > T(0)) {
            output_[t_] = quadrature_.expand_at_kink(expansions_[t_], parity_, mean_[t_],
                                                     variance_[t_], activation_.power_law);
        } else {
            activation_.visit([this](const auto& phi) {
                output_[t_] =
                    quadrature_.expand(expansions_[t_], parity_, mean_[t_], variance_[t_], phi);
            });
        }
        for (std::size_t s = 0; s < t_; ++s) {
            const T rho = correlation_coefficient(covariance_[s], variance_[t_], variance_[s]);
            output_[s] = product_average(expansions_[t_], expansions_[s], parity_, rho);
        }
    }

    [[nodiscard]] Gaussian<T> state(std::size_t t) const { return {mean_[t], variance_[t]}; }

    /// <phi'(x_t)>; for an expansion its first coefficient over the deviation (Stein's identity).
    [[nodiscard]] T mean_slope() const {
        switch (average_) {
        case Average::linear:
            return T(1);
        case Average::relu:
            return ReluAverage<T>::slope(state(t_));
        case Average::erf:
            return ErfAverage<T>::slope(state(t_));
        case Average::homogeneous:
        case Average::expansion:
            break;
        }
        const T deviation = numeric::sqrt(variance_[t_]);
        if (average_ == Average::homogeneous && deviation > T(0)) {
            return power_.slope() * expansions_[t_].rest / deviation;
        }
        const std::size_t first_order = parity_ == Parity::odd ? 0 : 1;
        return deviation > T(0) ? expansions_[t_].coefficients[first_order] / deviation
                                : activation_.slope(mean_[t_]);
    }

    /// R_x depends on the lag only: powers of alpha, of which each row shows the last t.
    void fill_response() {
        T power = T(1);
        for (std::size_t s = points; s-- > 0;) {
            response_[s] = power;
            power *= grid_.alpha;
        }
    }
    [[nodiscard]] std::span<const T> response_row() const {
        return std::span<const T>(response_).last(t_);
    }

    void arrange_rows() {
        rows_ = {{{TwoTimeArray::state_correlation, std::span<const T>(moment_).first(t_ + 1)},
                  {TwoTimeArray::output_correlation, std::span<const T>(output_).first(t_ + 1)},
                  {TwoTimeArray::state_response, response_row()},
                  {TwoTimeArray::output_response, std::span<const T>(output_response_).first(t_)},
                  {TwoTimeArray::mean, std::span<const T>(mean_).subspan(t_, 1)}}};
    }

    TimeGrid<T> grid_;
    model::Activation<T> activation_;
    Parity parity_ = Parity::odd;
    Average average_ = Average::expansion;
    PowerAverage<T> power_;
    union {
        HermiteQuadrature<T, terms> quadrature_;
        typename PowerAverage<T>::Table angles_; ///< homogeneous
    };
    std::array<HermiteExpansion<T, terms>, points> expansions_;
    std::array<T, points> covariance_; ///< centred C[t, s]
    std::array<T, points> variance_;   ///< C[s, s]
    std::array<T, points> mean_;
    std::array<T, points> moment_;   ///< uncentred Cx[t, s]
    std::array<T, points> output_;   ///< Cphi[t, s]
    std::array<T, points> response_; ///< alpha^(points - 1 - s)
    std::array<T, points> output_response_;
    std::array<TwoTimeRow<T>, 5> rows_{};
    std::size_t t_ = 0;
};

} // namespace tinymf::mean_field
