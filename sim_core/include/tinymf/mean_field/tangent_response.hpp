// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <span>
#include <utility>

#include "tinymf/checkpoint/field_walk.hpp"
#include "tinymf/mean_field/history.hpp"
#include "tinymf/mean_field/population.hpp"
#include "tinymf/mean_field/time_grid.hpp"
#include "tinymf/mean_field/triangular_array.hpp"

namespace tinymf::mean_field {

/// The responses of effective neurons by their tangent equation, path by path:
///
///     r[s+1,s] = 1,   r[t+1,s] = alpha r[t,s] + beta^2 kappa sum_{s<v<t} R[t,v] phi'[v] r[v,s]
///     R_x[t,s] = <r[t,s]>,   R_phi[t,s] = <phi'[t] r[t,s]>.
///
/// For a row t only r[t,s] is wanted, which is y[s+1] of the transposed equation, solved from its
/// end back,
///
///     y[t] = 1,   y[v] = alpha y[v+1] + beta^2 kappa phi'[v] sum_{v<u<t} R[u,v] y[u+1],
///
/// so that of the past only the slopes are kept. Our own arrangement of the tangent equation of
/// Zou & Huang 2023.
///
/// Size: points paths stored values, 16 points scalars. Work of row t: paths t^2/2 multiplications
/// and additions, over a run points^3 paths/6. Bit-exact: paths go 16 at a time, ascending, each
/// lane on its own, and the lanes are folded as in population.hpp.
template <std::floating_point T, class Stored, std::size_t points, std::size_t paths>
class TangentResponse {
public:
    /// Keeps phi'(x[t]), which are rounded to what is kept of them.
    Kept keep(std::size_t t, Population<T, paths>& slopes) { return slopes_.keep(t, slopes); }

    /// Row t of both responses, from the rows below of `output_response`; slopes are kept up to t.
    void average_row(std::size_t t, const TimeGrid<T>& grid,
                     const TriangularArray<T, points>& output_response, std::span<T> state_row,
                     std::span<T> output_row) {
        std::fill(state_row.begin(), state_row.end(), T(0));
        std::fill(output_row.begin(), output_row.end(), T(0));
        for (std::size_t first = 0; first < paths; first += population_lanes) {
            solve_back(t, first, grid, output_response);
            add_lanes(t, first, state_row, output_row);
        }
        constexpr T share = T(1) / static_cast<T>(paths);
        for (std::size_t s = 0; s < t; ++s) {
            state_row[s] *= share;
            output_row[s] *= share;
        }
    }

    void persist(checkpoint::FieldWalk& walk, std::size_t rows) { slopes_.persist(walk, rows); }

private:
    using Lanes = Eigen::Array<T, static_cast<int>(population_lanes), 1>;

    /// y[v] of 16 paths for v = t ... 1.
    void solve_back(std::size_t t, std::size_t first, const TimeGrid<T>& grid,
                    const TriangularArray<T, points>& output_response) {
        const T memory = grid.beta * grid.beta * grid.kappa;
        if (t > 0) {
            lanes_[t].setOnes();
        }
        for (std::size_t v = t; v-- > 1;) {
            Lanes reaction = Lanes::Zero();
            for (std::size_t u = v + 1; u < t; ++u) {
                reaction += output_response.row(u)[v] * lanes_[u + 1];
            }
            lanes_[v] = grid.alpha * lanes_[v + 1] + memory * (slopes_at(v, first) * reaction);
        }
    }

    void add_lanes(std::size_t t, std::size_t first, std::span<T> state_row,
                   std::span<T> output_row) const {
        const Lanes slope = slopes_at(t, first);
        constexpr std::array<T, population_lanes> ones = [] {
            std::array<T, population_lanes> all{};
            all.fill(T(1));
            return all;
        }();
        for (std::size_t s = 0; s < t; ++s) {
            LaneSums<T> state;
            LaneSums<T> output;
            state.add_products(lanes_[s + 1].data(), ones.data());
            output.add_products(lanes_[s + 1].data(), slope.data());
            state_row[s] += state.total();
            output_row[s] += output.total();
        }
    }

    [[nodiscard]] Lanes slopes_at(std::size_t row, std::size_t first) const {
        std::array<T, population_lanes> slopes;
        slopes_.read(row, first, std::span<T, population_lanes>(slopes));
        return Eigen::Map<const Lanes>(slopes.data());
    }

    History<T, Stored, points, paths> slopes_;
    std::array<Lanes, points + 1> lanes_; ///< y[v]
};

} // namespace tinymf::mean_field
