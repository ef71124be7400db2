// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>

#include "tinymf/experiment/refusal.hpp"
#include "tinymf/mean_field/acceptance.hpp"
#include "tinymf/mean_field/autonomous_model.hpp"
#include "tinymf/mean_field/history.hpp"
#include "tinymf/mean_field/population.hpp"
#include "tinymf/mean_field/time_grid.hpp"
#include "tinymf/mean_field/triangular_array.hpp"
#include "tinymf/mean_field/two_time_row.hpp"
#include "tinymf/model/activation.hpp"
#include "tinymf/model/non_finite.hpp"
#include "tinymf/model/parameters.hpp"
#include "tinymf/numeric/magnitude.hpp"
#include "tinymf/numeric/sqrt.hpp"
#include "tinymf/observe/digest.hpp"
#include "tinymf/random/stream.hpp"

namespace tinymf::mean_field {

/// The mean field for any activation and reciprocity: `paths` effective neurons advance together,
/// and each row of C and R is their average (the forward method of Eissfeller & Opper 1992 for the
/// equations of Zou & Huang 2023). No iteration: time t needs earlier times only.
///
/// The Gaussian field is gamma[t] = sum_{s<=t} L[t,s] z[s], L L^T = K. With reciprocity, the
/// response follows from Novikov's theorem in the same basis, <phi_t z_s> = beta sum_u R[t,u]
/// L[u,s]; without, R_x[t,s] = alpha^(t-s-1) and R_phi = <phi'(x_t)> R_x hold exactly. The draws z
/// are moment-matched (centred, orthogonal to x(0) and to all earlier draws, of unit variance), so
/// that linear problems have no sampling error at all for paths >= points + 2.
///
/// Histories of phi and z are kept, not of x: x is a known combination of them, and <x_t x_s>
/// follows from <x_t phi_v> and <x_t z_v> by the scheme itself.
///
/// Where the drive holds no white noise, K is nearly singular and its diagonal is raised by a
/// relative `nugget`; single entries of a response with reciprocity are then of little worth, its
/// integral against smooth functions is not. One population shares its kernel, so the scatter of
/// its paths understates the error: with `replicas` B the whole computation is repeated with
/// independent draws, population after population, and the scatter between them gives the error.
///
/// Size: points (points + 1) scalars, 2 points paths stored values, about 8 points + 5 paths
/// scalars. Work: points^2 paths/2 multiplications and additions, times 5 without reciprocity and
/// times 8 with it (two more for paths < 4 points, unless stored in 16 bits), and points^3/2.
/// Bit-exact.
template <std::floating_point T, std::size_t points, std::size_t paths, class Stored = T>
class ForwardSampler : public AutonomousModel<T> {
    using AutonomousModel<T>::parameters_;

    static_assert(paths >= points + 2, "moment matching needs points + 2 paths");

public:
    static constexpr std::size_t largest = points;

    /// See acceptance.hpp.
    [[nodiscard]] static constexpr experiment::Refusal refuse(const model::Parameters<T>& p) {
        return refuse_time_grid(p, points);
    }

    void configure(const model::Parameters<T>& parameters) {
        parameters_ = parameters;
        grid_ = TimeGrid<T>(parameters);
        activation_ = {.kind = parameters.activation,
                       .power_law = {parameters.exponent},
                       .pade = {parameters.pade_numerator, parameters.pade_denominator}};
        population_ = 0;
        begin_population();
    }

    void step() {
        if (t_ == parameters_.steps) {
            ++population_;
            begin_population();
            return;
        }
        extend_factor();
        draw_matched();
        advance();
        ++t_;
        average();
    }

    /// Index of the last step of a whole run: `replicas` populations, each a grid of steps + 1.
    [[nodiscard]] static constexpr std::uint32_t last_step(const model::Parameters<T>& p) {
        return p.replicas * (p.steps + 1U) - 1U;
    }
    [[nodiscard]] std::uint8_t population() const { return population_; }
    [[nodiscard]] std::size_t row_index() const { return t_; }
    [[nodiscard]] std::uint32_t step_index() const {
        return population_ * (parameters_.steps + 1U) + static_cast<std::uint32_t>(t_);
    }
    [[nodiscard]] std::span<const TwoTimeRow<T>> rows() const { return rows_; }

    [[nodiscard]] model::NonFinite first_non_finite() const {
        for (std::size_t s = 0; s <= t_; ++s) {
            if (!numeric::is_finite(output_[s]) || !numeric::is_finite(moment_[s])) {
                return {.found = true, .replica = 0, .neuron = static_cast<std::uint16_t>(s)};
            }
        }
        return {};
    }

    void digest_into(observe::Digest& digest) const {
        for (const TwoTimeRow<T>& row : rows_) {
            digest.add(row.values);
        }
    }

private:
    using Paths = Population<T, paths>;
    using PathHistory = History<T, Stored, points, paths>;

    /// Relative addition to the smooth part of the kernel's diagonal when there is no white noise.
    static constexpr T nugget = sizeof(T) == 4 ? T(1e-4F) : T(1e-6F);

    /// A second orthogonalisation removes the rounding errors of the first where that took away
    /// most of a draw. With many more paths than points it does not; and draws stored in 16 bits
    /// are not orthogonal to that precision anyway.
    static constexpr int matching_passes =
        sizeof(Stored) < sizeof(T) || paths >= 4 * points ? 1 : 2;

    [[nodiscard]] bool has_memory() const { return grid_.kappa < T(0) || grid_.kappa > T(0); }

    void begin_population() {
        t_ = 0;
        draw_initial_states();
        average();
    }

    /// x(0) with exactly the mean and variance of its law; `initial_` is its standard form.
    void draw_initial_states() {
        const auto purpose = random::Purpose::path_initial;
        const auto out = std::span<T>(initial_.data(), paths);
        if (parameters_.initial == model::InitialKind::uniform) {
            random::UniformStream<T>(parameters_.seed, purpose, population_).fill(out, 0);
        } else {
            random::NormalStream<T>(parameters_.seed, purpose, population_).fill(out, 0);
        }
        standardise<T, paths>(initial_);
        const auto moments = initial_moments(parameters_);
        initial_deviation_ = numeric::sqrt(moments.variance);
        x_ = moments.mean + initial_deviation_ * initial_;
    }

    /// Row t of every array, from the states x[t].
    void average() {
        const std::size_t t = t_;
        activation_.apply(std::span<const T>(x_.data(), paths), std::span<T>(rates_.data(), paths));
        outputs_.keep(t, rates_);
        outputs_.average_products(rates_, std::span<T>(output_).first(t + 1));
        mean_[t] = mean<T, paths>(x_);
        draws_.average_products(x_, std::span<T>(state_by_draw_).first(t));
        if (has_memory()) {
            outputs_.average_products(x_, std::span<T>(state_by_output_).first(t));
            const auto output_by_draw = std::span<T>(kernel_).first(t);
            draws_.average_products(rates_, output_by_draw);
            invert_novikov(output_by_draw, output_response_.row(t));
            invert_novikov(std::span<const T>(state_by_draw_).first(t), response_);
        } else {
            respond_without_memory();
        }
        correlate_states();
        arrange_rows();
    }

    /// Novikov in the basis of the draws: beta sum_{u=s}^{t-1} R[t,u] L[u,s] = <f_t z_s>, solved
    /// from the last u to the first.
    void invert_novikov(std::span<const T> by_draw, std::span<T> response) const {
        for (std::size_t s = 0; s < t_; ++s) {
            response[s] = by_draw[s] / grid_.beta;
        }
        for (std::size_t u = t_; u-- > 0;) {
            const auto row = factor_.row(u);
            response[u] /= row[u];
            for (std::size_t s = 0; s < u; ++s) {
                response[s] -= response[u] * row[s];
            }
        }
    }

    void respond_without_memory() {
        activation_.apply_slope(std::span<const T>(x_.data(), paths),
                                std::span<T>(rates_.data(), paths));
        const T slope = mean<T, paths>(rates_);
        const auto output_response = output_response_.row(t_);
        T decay = T(1);
        for (std::size_t s = t_; s-- > 0;) {
            response_[s] = decay;
            output_response[s] = slope * decay;
            decay *= grid_.alpha;
        }
    }

    /// <x_t x_s> for s = 0..t, by what the scheme made x_{s+1} of.
    void correlate_states() {
        const T input_weight = mean_[t_];
        moment_[0] =
            mean_[0] * input_weight + initial_deviation_ * mean_product<T, paths>(x_, initial_);
        for (std::size_t s = 0; s < t_; ++s) {
            T drive = grid_.input(s) * input_weight;
            const auto field = factor_.row(s);
            for (std::size_t v = 0; v <= s; ++v) {
                drive += field[v] * state_by_draw_[v];
            }
            moment_[s + 1] = grid_.alpha * moment_[s] + grid_.beta * (drive + memory_of(s));
        }
    }

    [[nodiscard]] T memory_of(std::size_t s) const {
        T sum = T(0);
        if (has_memory()) {
            const auto response = output_response_.row(s);
            for (std::size_t v = 0; v < s; ++v) {
                sum += response[v] * state_by_output_[v];
            }
        }
        return grid_.kappa * grid_.beta * sum;
    }

    /// Row t of the Cholesky factor of the kernel.
    void extend_factor() {
        const std::size_t t = t_;
        const bool white = grid_.nu > T(0);
        grid_.kernel_row(std::span<const T>(output_).first(t + 1),
                         std::span<T>(kernel_).first(t + 1));
        const T smooth = white ? kernel_[t] : kernel_[t] * (T(1) + nugget);
        const T diagonal = smooth + grid_.nu / (grid_.beta * grid_.beta);
        const auto row = factor_.row(t);
        T left = diagonal;
        for (std::size_t s = 0; s < t; ++s) {
            const auto above = std::as_const(factor_).row(s);
            T entry = kernel_[s];
            for (std::size_t u = 0; u < s; ++u) {
                entry -= row[u] * above[u];
            }
            row[s] = above[s] > T(0) ? entry / above[s] : T(0);
            left -= row[s] * row[s];
        }
        const T floor = nugget * diagonal;
        row[t] = numeric::sqrt(left > floor ? left : floor);
    }

    /// Standard normals of this step, orthogonal to the constant, to x(0) and to all earlier draws,
    /// with unit variance.
    void draw_matched() {
        random::NormalStream<T>(parameters_.seed, random::Purpose::path_noise, population_)
            .fill(std::span<T>(draw_.data(), paths), static_cast<std::uint32_t>(t_));
        const auto projections = std::span<T>(kernel_).first(t_);
        for (int pass = 0; pass < matching_passes; ++pass) {
            draw_ -= mean<T, paths>(draw_);
            draw_ -= mean_product<T, paths>(draw_, initial_) * initial_;
            draws_.average_products(draw_, projections);
            for (T& projection : projections) {
                projection = -projection;
            }
            draws_.add_combination(draw_, projections);
        }
        standardise<T, paths>(draw_);
        draws_.keep(t_, draw_);
    }

    /// x <- alpha x + beta (gamma + kappa beta sum_s R[t,s] phi[s] + I)
    void advance() {
        drive_.setConstant(grid_.input(t_));
        draws_.add_combination(drive_, std::as_const(factor_).row(t_));
        if (has_memory()) {
            const auto weights = std::span<T>(kernel_).first(t_);
            const auto response = std::as_const(output_response_).row(t_);
            for (std::size_t s = 0; s < t_; ++s) {
                weights[s] = grid_.kappa * grid_.beta * response[s];
            }
            outputs_.add_combination(drive_, weights);
        }
        x_ = grid_.alpha * x_ + grid_.beta * drive_;
    }

    void arrange_rows() {
        const auto output_response = std::as_const(output_response_).row(t_);
        rows_ = {{{TwoTimeArray::state_correlation, std::span<const T>(moment_).first(t_ + 1)},
                  {TwoTimeArray::output_correlation, std::span<const T>(output_).first(t_ + 1)},
                  {TwoTimeArray::state_response, std::span<const T>(response_).first(t_)},
                  {TwoTimeArray::output_response, output_response.first(t_)},
                  {TwoTimeArray::mean, std::span<const T>(mean_).subspan(t_, 1)}}};
    }

    PathHistory outputs_; ///< phi[s]
    PathHistory draws_;   ///< z[s]
    TriangularArray<T, points> factor_;
    TriangularArray<T, points> output_response_;
    Paths x_;
    Paths rates_;
    Paths initial_;
    Paths draw_;
    Paths drive_;
    std::array<T, points> output_;          ///< Cphi[t, s]
    std::array<T, points> moment_;          ///< Cx[t, s]
    std::array<T, points> response_;        ///< Rx[t, s]
    std::array<T, points> state_by_draw_;   ///< <x_t z_s>
    std::array<T, points> state_by_output_; ///< <x_t phi_s>
    std::array<T, points> kernel_;          ///< K[t, s]; in between, room for one row of weights
    std::array<T, points> mean_;
    T initial_deviation_ = T(0);
    TimeGrid<T> grid_;
    model::Activation<T> activation_;
    std::array<TwoTimeRow<T>, 5> rows_{};
    std::uint8_t population_ = 0;
    std::size_t t_ = 0;
};

} // namespace tinymf::mean_field
