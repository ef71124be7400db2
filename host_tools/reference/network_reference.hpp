// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

#include "reference/network_problem.hpp"
#include "reference/ode_solution.hpp"

namespace tinymf::host {

/// What `ReferenceReplica::solution` solves.
enum class ReferenceMethod : std::uint8_t {
    ode,   ///< the differential equation, by an adaptive solver
    scheme ///< the run's own scheme in double precision, on the run's noise path
};

/// Who solves the differential equation.
enum class OdeSolver : std::uint8_t { odeint, cvode };

inline constexpr std::array<std::string_view, 2> ode_solver_names{"odeint", "cvode"};

inline constexpr std::string_view name_of(ReferenceMethod method) {
    return method == ReferenceMethod::ode ? "ode" : "scheme";
}

/// One replica's states at the wanted steps, a row each.
struct ReferenceReplica {
    StateTable solution; ///< of the experiment as written
    StateTable scheme;   ///< the run's scheme in double precision, of the experiment as written
    StateTable scheme_in_run; ///< the same, of the parameters as the run's scalar holds them
};

/// The independent double-precision solution of one network experiment.
/// Size: 3 replicas states N doubles.
struct NetworkReference {
    ReferenceMethod method = ReferenceMethod::ode;
    OdeSolver solver = OdeSolver::odeint; ///< where the method is ode
    std::vector<std::uint32_t> steps;
    std::vector<double> times; ///< step * dt
    std::vector<ReferenceReplica> replicas;
};

[[nodiscard]] NetworkReference solve_network_reference(const NetworkProblem& problem,
                                                       OdeSolver solver = OdeSolver::odeint);

[[nodiscard]] NetworkReference solve_network_reference(const Experiment& experiment,
                                                       OdeSolver solver = OdeSolver::odeint);

/// Arrays t[T], x[T,N] (of a second replica x_replica_1), x_scheme likewise, step[T] and metadata.
void write_reference(const std::filesystem::path& path, const Experiment& experiment,
                     const NetworkReference& reference);

} // namespace tinymf::host
