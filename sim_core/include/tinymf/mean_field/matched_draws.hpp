// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>

#include "tinymf/checkpoint/field_walk.hpp"
#include "tinymf/mean_field/history.hpp"
#include "tinymf/mean_field/population.hpp"
#include "tinymf/mean_field/triangular_factor.hpp"
#include "tinymf/model/parameters.hpp"
#include "tinymf/random/stream.hpp"

namespace tinymf::mean_field {

/// The random numbers of a population, matched to the moments of their law: x(0) in standard form,
/// and z[t], centred, orthogonal to x(0) and to each other, and of unit variance over the paths.
/// Kept are draws r of which the z are combinations, z = S^{-1} r with S S^T = <r r^T>.
///
/// Size: points paths stored values, paths scalars and points (points + 1)/2. Work of a draw: paths
/// normal numbers, points paths multiplications and additions, and those of a TriangularFactor.
template <std::floating_point T, class Stored, std::size_t points, std::size_t paths>
class MatchedDraws {
public:
    using Paths = Population<T, paths>;

    /// x(0) of a new population, with exactly the mean 0 and the variance 1.
    void begin(const model::Parameters<T>& parameters, std::uint8_t population) {
        const auto purpose = random::Purpose::path_initial;
        const auto out = std::span<T>(initial_.data(), paths);
        if (parameters.initial == model::InitialKind::uniform) {
            random::UniformStream<T>(parameters.seed, purpose, population).fill(out, 0);
        } else {
            random::NormalStream<T>(parameters.seed, purpose, population).fill(out, 0);
        }
        standardise<T, paths>(initial_);
    }

    [[nodiscard]] const Paths& initial() const { return initial_; }

    /// r[t], free of the constant and of x(0), and row t of S. Overwrites `draw` and of `room` the
    /// first t + 1.
    Kept extend(const model::Parameters<T>& parameters, std::uint8_t population, std::size_t t,
                Paths& draw, std::span<T> room) {
        random::NormalStream<T>(parameters.seed, random::Purpose::path_noise, population)
            .fill(std::span<T>(draw.data(), paths), static_cast<std::uint32_t>(t));
        draw -= mean<T, paths>(draw);
        draw -= mean_product<T, paths>(draw, initial_) * initial_;
        const Kept kept = draws_.keep(t, draw);
        const auto covariance = room.first(t + 1);
        draws_.average_products(draw, covariance);
        factor_.extend(covariance.first(t), covariance[t], T(0));
        return kept;
    }

    /// <f z_s> for all s below averages.size().
    void average(const Paths& f, std::span<T> averages) const {
        draws_.average_products(f, averages);
        factor_.forward_substitute(averages);
    }

    /// values += sum_s weights[s] z[s] = sum_s (weights S^{-1})[s] r[s]; overwrites the weights.
    void add_combination(Paths& values, std::span<T> weights) const {
        factor_.divide_right(weights);
        draws_.add_combination(values, weights);
    }

    /// Row t of S.
    [[nodiscard]] std::span<const T> row(std::size_t t) const { return factor_.row(t); }

    void persist_draws(checkpoint::FieldWalk& walk, std::size_t rows) {
        draws_.persist(walk, rows);
    }
    void persist_factor(checkpoint::FieldWalk& walk, std::size_t rows) {
        factor_.persist(walk, rows);
    }
    void persist_initial(checkpoint::FieldWalk& walk) {
        walk.over(std::span<T>(initial_.data(), paths));
    }

private:
    History<T, Stored, points, paths> draws_; ///< r[s]
    TriangularFactor<T, points> factor_;      ///< S
    Paths initial_;
};

} // namespace tinymf::mean_field
