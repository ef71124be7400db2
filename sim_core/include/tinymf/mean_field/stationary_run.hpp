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
#include "tinymf/mean_field/autonomous_model.hpp"
#include "tinymf/mean_field/finite_rows.hpp"
#include "tinymf/mean_field/stationary.hpp"
#include "tinymf/mean_field/two_time_row.hpp"
#include "tinymf/model/non_finite.hpp"
#include "tinymf/model/parameters.hpp"
#include "tinymf/numeric/arithmetic_probe.hpp"
#include "tinymf/numeric/exp.hpp"
#include "tinymf/numeric/magnitude.hpp"
#include "tinymf/observe/digest.hpp"

namespace tinymf::mean_field {

/// The stationary state as a run: step k is the lag k dt, each row one number. The exponent comes
/// with the last row, but is found with the state: no step is long. Correlations are zero in
/// silence. Where no stationary state exists, or none is resolved, the run ends in a fault at its
/// first row. Size: that of StationaryState and about 50 scalars. Work of a step: dt/substep steps
/// of the correlation.
///
/// Example, the autocorrelation of a chaotic network:
///
///     static tinymf::mean_field::StationaryRun<float> run;
///     tinymf::model::Parameters<float> parameters;
///     parameters.gain = 2.0F;
///     parameters.steps = 100;
///     run.configure(parameters);
///     while (run.step_index() < parameters.steps && !run.first_non_finite().found) {
///         run.step();
///     }
///     const float c_at_last_lag = run.rows()[0].values[0];
///
/// Not for reciprocity, nor for what depends on when it began: a transient, a stimulus that
/// changes.
template <std::floating_point T, std::size_t terms = sizeof(T) == 4 ? 16 : 64>
class StationaryRun : public AutonomousModel<T> {
    using AutonomousModel<T>::parameters_;

public:
    [[nodiscard]] static constexpr experiment::Refusal refuse(const model::Parameters<T>& p) {
        return StationaryState<T, terms>::refuse(p);
    }

    void configure(const model::Parameters<T>& parameters) {
        TINYMF_ASSERT(!refuse(parameters) && parameters.replicas == 1);
        TINYMF_ASSERT(numeric::arithmetic_is_trusted<T>());
        parameters_ = parameters;
        state_.solve(parameters);
        correlation_ = state_.correlation();
        substeps_ = 1;
        while (parameters.dt > state_.substep * static_cast<T>(substeps_)) {
            ++substeps_;
        }
        exponent_ = has_state() ? state_.lyapunov_exponent() : T(0);
        t_ = 0;
        find_row();
    }

    void step() {
        for (std::uint32_t i = 0; i < substeps_; ++i) {
            correlation_.advance(parameters_.dt / static_cast<T>(substeps_));
        }
        ++t_;
        find_row();
    }

    [[nodiscard]] std::size_t row_index() const { return t_; }
    [[nodiscard]] std::uint32_t step_index() const { return t_; }
    [[nodiscard]] std::span<const TwoTimeRow<T>> rows() const {
        return std::span<const TwoTimeRow<T>>(rows_).first(t_ == parameters_.steps ? 5 : 4);
    }

    [[nodiscard]] model::NonFinite first_non_finite() const {
        if (!has_state() || !numeric::is_finite(correlation_.speed())) {
            return {.found = true,
                    .quantity = model::Quantity::row,
                    .part = static_cast<std::uint8_t>(TwoTimeArray::state_correlation),
                    .element = 0};
        }
        return mean_field::first_non_finite(rows());
    }

    void digest_into(observe::Digest& digest) const {
        for (const TwoTimeRow<T>& row : rows()) {
            digest.add(row.values);
        }
    }

    void place_at(std::uint32_t step) { t_ = step; }
    void persist(checkpoint::FieldWalk& walk) { correlation_.persist(walk, lag()); }
    void rebuild() { find_row(); }

private:
    [[nodiscard]] bool has_state() const {
        return state_.regime() != StationaryRegime::none &&
               state_.regime() != StationaryRegime::unresolved;
    }

    [[nodiscard]] T lag() const { return static_cast<T>(t_) * parameters_.dt; }

    void find_row() {
        const T decay = numeric::exp(-lag());
        values_[0] = correlation_.value();
        values_[1] = state_.output(correlation_.value()).value;
        values_[2] = decay;
        values_[3] = decay * state_.mean_slope();
        values_[4] = exponent_;
        constexpr std::array<TwoTimeArray, 5> arrays{
            TwoTimeArray::state_correlation, TwoTimeArray::output_correlation,
            TwoTimeArray::state_response, TwoTimeArray::output_response, TwoTimeArray::lyapunov};
        for (std::size_t i = 0; i < arrays.size(); ++i) {
            rows_[i] = {arrays[i], std::span<const T>(values_).subspan(i, 1)};
        }
    }

    StationaryState<T, terms> state_;
    typename StationaryState<T, terms>::Correlation correlation_;
    T exponent_ = T(0);
    std::array<T, 5> values_{};
    std::array<TwoTimeRow<T>, 5> rows_{};
    std::uint32_t substeps_ = 1;
    std::uint32_t t_ = 0;
};

} // namespace tinymf::mean_field
