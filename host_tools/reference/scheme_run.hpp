// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <Eigen/Dense>

#include "reference/drawn_network.hpp"
#include "reference/network_equation.hpp"
#include "reference/network_input.hpp"
#include "reference/network_problem.hpp"
#include "reference/reference_scheme.hpp"

namespace tinymf::host {

/// The run's own scheme on the run's own grid and noise path, in double precision: what the run
/// would be without rounding. Holds any number of copies of one replica, column by column, that
/// share all input; a caller may displace them between steps.
class SchemeRun {
public:
    /// `parameters` may differ from the problem's, see parameters_in_run. `drawn` must outlive
    /// this.
    SchemeRun(const NetworkProblem& problem, const experiment::Parameters<double>& parameters,
              const DrawnNetwork& drawn, std::uint32_t replica, Eigen::Index copies = 1)
        : integrator_{parameters.integrator}, dt_{parameters.dt},
          equation_{parameters, drawn.couplings}, stimulus_{parameters, problem.live_inputs},
          noise_{parameters, drawn, replica}, states_{drawn.initial[replica].replicate(1, copies)} {
    }

    [[nodiscard]] std::uint32_t step_index() const { return step_; }
    [[nodiscard]] double dt() const { return dt_; }
    [[nodiscard]] const NetworkEquation& equation() const { return equation_; }
    [[nodiscard]] const Eigen::MatrixXd& states() const { return states_; }
    [[nodiscard]] Eigen::MatrixXd& states() { return states_; }

    [[nodiscard]] const ReferenceNoise& noise() const { return noise_; }
    [[nodiscard]] const ReferenceStimulus& stimulus() const { return stimulus_; }

    /// I(t) + xi of the stage: the part of the input that is the same for all copies.
    [[nodiscard]] Eigen::VectorXd external_input(double offset) const {
        return noise_.field().array() + stimulus_.at_stage(step_, offset);
    }

    void advance() {
        const auto drive = [this](const Eigen::MatrixXd& x, double offset) -> Eigen::MatrixXd {
            return equation_.recurrent_input(x).colwise() + external_input(offset);
        };
        advance_with(drive, noise_.increment().replicate(1, states_.cols()));
    }

    /// As `advance`, for two columns: the state, and a tangent vector carried along it.
    void advance_with_tangent() {
        const auto drive = [this](const Eigen::MatrixXd& x, double offset) {
            Eigen::MatrixXd f(x.rows(), 2);
            f.col(0) = equation_.recurrent_input(x.col(0)) + external_input(offset);
            f.col(1) = equation_.recurrent_tangent(x.col(0), x.col(1));
            return f;
        };
        Eigen::MatrixXd increment = Eigen::MatrixXd::Zero(states_.rows(), 2);
        increment.col(0) = noise_.increment();
        advance_with(drive, increment);
    }

    /// One step with any drive(x, offset) in place of the network's own.
    template <class Drive>
    void advance_with(const Drive& drive, const Eigen::MatrixXd& increment) {
        states_ = reference_step(integrator_, dt_, states_, drive, increment);
        noise_.advance();
        ++step_;
    }

private:
    model::IntegratorKind integrator_;
    double dt_;
    NetworkEquation equation_;
    ReferenceStimulus stimulus_;
    ReferenceNoise noise_;
    Eigen::MatrixXd states_;
    std::uint32_t step_ = 0;
};

} // namespace tinymf::host
