// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string_view>

#include "equations/two_time_solution.hpp"
#include "experiment/experiment.hpp"

namespace tinymf::host {

/// The reference's ways to the two-time mean field; all but the closure need an integrator of one
/// stage.
enum class MeanFieldSolver : std::uint8_t {
    linear,   ///< exact, linear activation: linear_two_time.hpp
    closure,  ///< exact, no reciprocity and a Gaussian start, any integrator: two_time_closure.hpp
    sample,   ///< any activation and reciprocity: effective_neurons.hpp
    iteration ///< the same: iterative_scheme.hpp
};

inline constexpr std::array<std::string_view, 4> mean_field_solver_names{"linear", "closure",
                                                                         "sample", "iteration"};

/// The first in the list that the experiment permits.
[[nodiscard]] MeanFieldSolver best_solver(const Experiment& experiment);

/// The mean field of an experiment on its time grid, steps + 1 points, in double precision and by
/// methods that share no numerical code with the devices'. Of the experiment's own method it needs
/// only that it is not `stationary`. Throws HostError (exit code 2) for what has no such solution,
/// on overflow and on non-convergence.
[[nodiscard]] TwoTimeSolution solve_mean_field_reference(const Experiment& experiment,
                                                         MeanFieldSolver solver);
/// The same by the best solver, which gives up where it would take more than minutes.
[[nodiscard]] TwoTimeSolution solve_mean_field_reference(const Experiment& experiment);

/// The arrays of arrays/mean_field_arrays.hpp, and metadata.
void write_mean_field_reference(const std::filesystem::path& path, const Experiment& experiment,
                                MeanFieldSolver solver, const TwoTimeSolution& solution);

void write_stationary_reference(const std::filesystem::path& path, const Experiment& experiment,
                                const StationarySolution& solution);

} // namespace tinymf::host
