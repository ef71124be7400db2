// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

#include "tinymf/assert.hpp"
#include "tinymf/checkpoint/field_walk.hpp"
#include "tinymf/experiment/refusal.hpp"
#include "tinymf/mean_field/acceptance.hpp"
#include "tinymf/mean_field/autonomous_model.hpp"
#include "tinymf/mean_field/finite_rows.hpp"
#include "tinymf/mean_field/history.hpp"
#include "tinymf/mean_field/matched_draws.hpp"
#include "tinymf/mean_field/population.hpp"
#include "tinymf/mean_field/saturation.hpp"
#include "tinymf/mean_field/tangent_response.hpp"
#include "tinymf/mean_field/time_grid.hpp"
#include "tinymf/mean_field/triangular_array.hpp"
#include "tinymf/mean_field/triangular_factor.hpp"
#include "tinymf/mean_field/two_time_row.hpp"
#include "tinymf/model/activation.hpp"
#include "tinymf/model/non_finite.hpp"
#include "tinymf/model/parameters.hpp"
#include "tinymf/numeric/arithmetic_probe.hpp"
#include "tinymf/numeric/first_non_finite.hpp"
#include "tinymf/numeric/sqrt.hpp"
#include "tinymf/observe/digest.hpp"

namespace tinymf::mean_field {

/// The mean field for any activation and reciprocity: `paths` effective neurons advance together,
/// and each row of C and R is their average (the forward method of Eissfeller & Opper 1992 for the
/// equations of Zou & Huang 2023). No iteration: time t needs earlier times only.
///
/// The Gaussian field is gamma[t] = sum_{s<=t} L[t,s] z[s], L L^T = K. Without reciprocity
/// R_x[t,s] = alpha^(t-s-1) and R_phi = <phi'(x_t)> R_x hold exactly. With it and white noise the
/// response follows from Novikov's theorem in the same basis, <phi_t z_s> = beta sum_u R[t,u]
/// L[u,s]. With it and no white noise K is nearly singular and single entries would be of little
/// worth; the response is then the average of what each path answers (tangent_response.hpp). Not
/// so for a power law below 1, whose slopes are unbounded (up to 1/2 without a variance): there
/// Novikov's theorem stays, and only integrals of its response against smooth functions can be
/// trusted.
///
/// The z are moment-matched (matched_draws.hpp), so linear problems have no sampling error at all
/// for paths >= points + 2.
///
/// Histories of phi and r are kept, not of x: x is a known combination of them, and <x_t x_s>
/// follows from <x_t phi_v> and <x_t z_v> by the scheme itself.
///
/// Where the drive holds no white noise, the diagonal of K is raised by a relative `nugget`. One
/// population shares its kernel, so the scatter of its paths understates the error: with `replicas`
/// B all is repeated with independent draws, population after population, whose scatter gives it.
///
/// Beside that error, of order 1/sqrt(paths), there is a bias of order 1/paths, the same in every
/// population. Measured for tanh, gain 1.5, dt = 0.1, 100 points, no reciprocity: relative to
/// C[t,t] and on average over t, error 0.68/sqrt(paths) and bias 0.66(4)/paths without noise,
/// 0.49/sqrt(paths) and 0.57(5)/paths with white noise 0.5. Populations of a thousand paths, which
/// fit a host's second-level cache, are thus as good as one of them all.
///
/// Size: 3 points (points + 1)/2 scalars, 3 points paths stored values, about 23 points + 3 paths
/// scalars. Work: points^2 paths/2 multiplications and additions, times 3 without reciprocity and
/// times 7 with it, and 2 points^3/3 (with it 3 points^3/2); with reciprocity and no white noise
/// points^3 paths/6 besides. Bit-exact.
///
/// Example, 2000 paths of 16-bit histories:
///
///     static tinymf::mean_field::ForwardSampler<float, 50, 2000, std::int16_t> sampler;
///     tinymf::model::Parameters<float> parameters;
///     parameters.reciprocity = 0.5F;
///     parameters.steps = 49;
///     sampler.configure(parameters);
///     while (sampler.step_index() < parameters.steps) {
///         sampler.step();
///     }
///     const float variance = sampler.rows()[0].values.back();
///
/// Not where a closure exists: without reciprocity GaussianClosure, for linear phi LinearClosure
/// have no sampling error and cost a thousandth. 16-bit histories not for divergent runs: they
/// saturate.
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
        TINYMF_ASSERT(!refuse(parameters) && parameters.replicas >= 1);
        TINYMF_ASSERT(numeric::arithmetic_is_trusted<T>());
        parameters_ = parameters;
        grid_ = TimeGrid<T>(parameters);
        activation_ = {.kind = parameters.activation,
                       .power_law = {parameters.exponent},
                       .pade = {parameters.pade_numerator, parameters.pade_denominator}};
        population_ = 0;
        saturation_ = {};
        numbers_are_finite_ = true;
        begin_population();
    }

    void step() {
        TINYMF_ASSERT(step_index() < last_step(parameters_));
        if (t_ == parameters_.steps) {
            ++population_;
            begin_population();
            return;
        }
        extend_factor();
        take_note(draws_.extend(parameters_, population_, t_, current_, scratch_),
                  step_index() + 1);
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

    /// Of the histories in 16 bits, over all populations so far.
    [[nodiscard]] const Saturation& saturation() const { return saturation_; }

    /// Of the rows, which hold the averages of all states and outputs, and of the new rows of the
    /// factors, which are named by what they are made of.
    [[nodiscard]] model::NonFinite first_non_finite() const {
        using mean_field::first_non_finite;
        if (!numbers_are_finite_) {
            return {.found = true,
                    .quantity = model::Quantity::row,
                    .part = static_cast<std::uint8_t>(TwoTimeArray::output_correlation),
                    .element = static_cast<std::uint32_t>(t_)};
        }
        model::NonFinite place = first_non_finite(rows());
        if (!place.found && t_ > 0) {
            place = first_non_finite(TwoTimeArray::output_correlation, factor_.row(t_ - 1));
        }
        if (!place.found && t_ > 0) {
            place = first_non_finite(TwoTimeArray::state_response, draws_.row(t_ - 1));
        }
        if (!place.found) {
            place = first_non_finite(TwoTimeArray::state_response,
                                     std::span<const T>(state_by_draw_).first(t_));
        }
        return place;
    }

    void digest_into(observe::Digest& digest) const {
        for (const TwoTimeRow<T>& row : rows_) {
            digest.add(row.values);
        }
    }

    void place_at(std::uint32_t step) {
        population_ = static_cast<std::uint8_t>(step / (parameters_.steps + 1U));
        t_ = step % (parameters_.steps + 1U);
    }

    void persist(checkpoint::FieldWalk& walk) {
        outputs_.persist(walk, t_ + 1);
        draws_.persist_draws(walk, t_);
        factor_.persist(walk, t_);
        draws_.persist_factor(walk, t_);
        output_response_.persist_below_diagonal(walk, t_ + 1);
        if (by_tangents()) {
            tangents_.persist(walk, t_ + 1);
        }
        walk.over(std::span<T>(x_.data(), paths));
        draws_.persist_initial(walk);
        for (auto* const row : {&output_, &moment_, &mean_}) {
            walk.over(std::span<T>(*row).first(t_ + 1));
        }
        for (auto* const row : {&response_, &state_by_draw_}) {
            walk.over(std::span<T>(*row).first(t_));
        }
        if constexpr (in_16_bits) {
            persist_saturation(walk);
        }
    }

    void rebuild() { arrange_rows(); }

private:
    using Paths = Population<T, paths>;

    /// Relative addition to the smooth part of the kernel's diagonal when there is no white noise.
    static constexpr T nugget = sizeof(T) == 4 ? T(1e-4F) : T(1e-6F);

    static constexpr bool in_16_bits = std::is_same_v<Stored, std::int16_t>;

    void persist_saturation(checkpoint::FieldWalk& walk) {
        const std::uint32_t step = step_index();
        const std::uint64_t kept_in_a_step = (by_tangents() ? 3U : 2U) * paths;
        const std::uint64_t most = kept_in_a_step * (step + 1U);
        walk.over(saturation_.count, [most](std::uint64_t count) { return count <= most; });
        walk.over(saturation_.first_step, [this, step](std::uint32_t first) {
            return first <= (saturation_.count > 0 ? step : 0U);
        });
    }

    /// Of a row of a history; `step` is the one that it belongs to.
    void take_note(const Kept& kept, std::uint32_t step) {
        if (kept.held == 0) {
            return;
        }
        if (saturation_.count == 0) {
            saturation_.first_step = step;
        }
        saturation_.count += kept.held;
        numbers_are_finite_ = numbers_are_finite_ && kept.finite;
    }

    /// The response with memory is that of the paths.
    [[nodiscard]] bool by_tangents() const {
        const bool unbounded_slopes = activation_.kind == model::ActivationKind::power_law &&
                                      activation_.power_law.exponent < T(1);
        return has_memory() && !(grid_.nu > T(0)) && !unbounded_slopes;
    }

    [[nodiscard]] bool has_memory() const { return grid_.kappa < T(0) || grid_.kappa > T(0); }

    void begin_population() {
        t_ = 0;
        draws_.begin(parameters_, population_);
        const auto moments = initial_moments(parameters_);
        initial_deviation_ = numeric::sqrt(moments.variance);
        x_ = moments.mean + initial_deviation_ * draws_.initial();
        average();
    }

    /// Row t of every array, from the states x[t].
    void average() {
        const std::size_t t = t_;
        activation_.apply(std::span<const T>(x_.data(), paths),
                          std::span<T>(current_.data(), paths));
        take_note(outputs_.keep(t_, current_), step_index());
        outputs_.average_products(current_, std::span<T>(output_).first(t + 1));
        mean_[t] = mean<T, paths>(x_);
        if (has_memory()) {
            outputs_.average_products(x_, std::span<T>(state_by_output_).first(t));
            const auto state_by_draw = std::span<T>(state_by_draw_).first(t);
            draws_.average(x_, state_by_draw);
            by_tangents() ? respond_by_tangents() : respond_by_novikov(state_by_draw);
        } else {
            respond_without_memory();
        }
        correlate_states();
        arrange_rows();
    }

    void respond_by_novikov(std::span<const T> state_by_draw) {
        invert_novikov(state_by_draw, response_);
        const auto output_by_draw = std::span<T>(scratch_).first(t_);
        draws_.average(current_, output_by_draw);
        invert_novikov(output_by_draw, output_response_.row(t_));
    }

    void respond_by_tangents() {
        activation_.apply_slope(std::span<const T>(x_.data(), paths),
                                std::span<T>(current_.data(), paths));
        // Row t does not hold all of them, and a checkpoint does.
        const std::span<const T> slopes(current_.data(), paths);
        numbers_are_finite_ =
            numbers_are_finite_ && numeric::first_non_finite(slopes) == slopes.size();
        take_note(tangents_.keep(t_, current_), step_index());
        tangents_.average_row(t_, grid_, output_response_, std::span<T>(response_).first(t_),
                              output_response_.row(t_).first(t_));
    }

    /// Novikov in the basis of the draws: beta sum_{u=s}^{t-1} R[t,u] L[u,s] = <f_t z_s>.
    void invert_novikov(std::span<const T> by_draw, std::span<T> response) const {
        for (std::size_t s = 0; s < t_; ++s) {
            response[s] = by_draw[s] / grid_.beta;
        }
        factor_.divide_right(response.first(t_));
    }

    void respond_without_memory() {
        activation_.apply_slope(std::span<const T>(x_.data(), paths),
                                std::span<T>(current_.data(), paths));
        const T slope = mean<T, paths>(current_);
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
        const auto drives = std::span<T>(moment_).subspan(1, t_);
        for (std::size_t s = 0; s < t_; ++s) {
            drives[s] = grid_.input(s) * mean_[t_];
        }
        factor_.add_product(std::span<const T>(state_by_draw_).first(t_), drives);
        moment_[0] = mean_[0] * mean_[t_] +
                     initial_deviation_ * mean_product<T, paths>(x_, draws_.initial());
        for (std::size_t s = 0; s < t_; ++s) {
            moment_[s + 1] = grid_.alpha * moment_[s] + grid_.beta * (drives[s] + memory_of(s));
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

    /// Row t of the factor of the kernel.
    void extend_factor() {
        const std::size_t t = t_;
        const auto kernel = std::span<T>(scratch_).first(t + 1);
        grid_.kernel_row(std::span<const T>(output_).first(t + 1), kernel);
        const T smooth = grid_.nu > T(0) ? kernel[t] : kernel[t] * (T(1) + nugget);
        const T diagonal = smooth + grid_.nu / (grid_.beta * grid_.beta);
        factor_.extend(kernel.first(t), diagonal, nugget * diagonal);
    }

    /// x <- alpha x + beta (gamma + kappa beta sum_s R[t,s] phi[s] + I)
    void advance() {
        current_.setConstant(grid_.input(t_));
        add_field();
        if (has_memory()) {
            add_memory();
        } else {
            follow_draws();
        }
        x_ = grid_.alpha * x_ + grid_.beta * current_;
    }

    /// gamma[t] = sum_s L[t,s] z[s]
    void add_field() {
        const auto field = factor_.row(t_);
        const auto weights = std::span<T>(scratch_).first(t_ + 1);
        for (std::size_t s = 0; s <= t_; ++s) {
            weights[s] = field[s];
        }
        draws_.add_combination(current_, weights);
    }

    void add_memory() {
        const auto response = std::as_const(output_response_).row(t_);
        const auto weights = std::span<T>(scratch_).first(t_);
        for (std::size_t s = 0; s < t_; ++s) {
            weights[s] = grid_.kappa * grid_.beta * response[s];
        }
        outputs_.add_combination(current_, weights);
    }

    /// <x_{t+1} z_s> without memory, from <x_t z_s>.
    void follow_draws() {
        const auto field = factor_.row(t_);
        state_by_draw_[t_] = T(0);
        for (std::size_t s = 0; s <= t_; ++s) {
            state_by_draw_[s] = grid_.alpha * state_by_draw_[s] + grid_.beta * field[s];
        }
    }

    void arrange_rows() {
        const auto output_response = std::as_const(output_response_).row(t_);
        rows_ = {{{TwoTimeArray::state_correlation, std::span<const T>(moment_).first(t_ + 1)},
                  {TwoTimeArray::output_correlation, std::span<const T>(output_).first(t_ + 1)},
                  {TwoTimeArray::state_response, std::span<const T>(response_).first(t_)},
                  {TwoTimeArray::output_response, output_response.first(t_)},
                  {TwoTimeArray::mean, std::span<const T>(mean_).subspan(t_, 1)}}};
    }

    History<T, Stored, points, paths> outputs_; ///< phi[s]
    MatchedDraws<T, Stored, points, paths> draws_;
    TangentResponse<T, Stored, points, paths> tangents_;
    TriangularFactor<T, points> factor_;         ///< L
    TriangularArray<T, points> output_response_; ///< Rphi[t, s]
    Paths x_;
    Paths current_;                         ///< in turn phi, the draw and the drive of a step
    std::array<T, points> output_;          ///< Cphi[t, s]
    std::array<T, points> moment_;          ///< Cx[t, s]
    std::array<T, points> response_;        ///< Rx[t, s]
    std::array<T, points> state_by_draw_;   ///< <x_t z_s>
    std::array<T, points> state_by_output_; ///< <x_t phi_s>
    std::array<T, points> scratch_;         ///< for one row of a covariance or of weights
    std::array<T, points> mean_;
    T initial_deviation_ = T(0);
    TimeGrid<T> grid_;
    model::Activation<T> activation_;
    std::array<TwoTimeRow<T>, 5> rows_{};
    Saturation saturation_;
    bool numbers_are_finite_ = true; ///< outputs in 16 bits, elsewhere the averages show it; slopes
    std::uint8_t population_ = 0;
    std::size_t t_ = 0;
};

} // namespace tinymf::mean_field
