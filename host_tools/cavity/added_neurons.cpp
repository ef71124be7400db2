// SPDX-License-Identifier: Apache-2.0
#include "cavity/added_neurons.hpp"

#include <cmath>

#include "equations/reference_activation.hpp"
#include "reference/drawn_network.hpp"
#include "reference/network_input.hpp"
#include "reference/reference_scheme.hpp"

namespace tinymf::host {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;

NetworkProblem enlarged(const Experiment& experiment, Index added) {
    NetworkProblem problem = network_problem(experiment);
    problem.shape.neurons = static_cast<std::uint16_t>(problem.shape.neurons + added);
    return problem;
}

/// Column 0: the network alone. Column b + 1: the network with neuron b, which stands in the last
/// row; in column 0 that row stays zero.
class CavityNetworks {
public:
    CavityNetworks(const Experiment& experiment, Index added)
        : host_{experiment.network.neurons}, added_{added}, problem_{enlarged(experiment, added)},
          parameters_{parameters_in_run(problem_)}, drawn_{draw_network(problem_)},
          activation_{reference_activation(parameters_)}, stimulus_{parameters_, {}},
          noise_{parameters_, drawn_, 0}, states_{by_column(drawn_.initial.front())} {
        // Couplings of a larger network differ by the factor 1/sqrt(N) only.
        drawn_.couplings *=
            std::sqrt(static_cast<double>(host_ + added_) / static_cast<double>(host_));
    }

    AddedNeurons run() {
        const auto steps = static_cast<Index>(parameters_.steps) + 1;
        AddedNeurons found{MatrixXd(steps, added_), MatrixXd(steps, added_),
                           MatrixXd(steps, added_)};
        for (Index step = 0; step < steps; ++step) {
            const MatrixXd outputs = activation_.values(states_);
            observe(outputs, step, found);
            advance(outputs, static_cast<std::uint32_t>(step));
        }
        return found;
    }

private:
    /// Elements of the network to every column, of each added neuron to its own.
    [[nodiscard]] MatrixXd by_column(const Eigen::VectorXd& values) const {
        MatrixXd columns = MatrixXd::Zero(host_ + 1, added_ + 1);
        columns.topRows(host_).colwise() = values.head(host_);
        columns.row(host_).tail(added_) = values.tail(added_).transpose();
        return columns;
    }

    /// Couplings into the network from each added neuron, N x added.
    [[nodiscard]] auto from_added() const { return drawn_.couplings.topRightCorner(host_, added_); }
    /// Couplings from the network to each added neuron, added x N.
    [[nodiscard]] auto to_added() const { return drawn_.couplings.bottomLeftCorner(added_, host_); }

    void observe(const MatrixXd& outputs, Index step, AddedNeurons& found) const {
        const double gain = parameters_.gain;
        const auto alone = outputs.col(0).head(host_);
        const auto with = outputs.topRightCorner(host_, added_);
        found.cavity_field.row(step) = gain * (to_added() * alone).transpose();
        found.reaction.row(step) =
            gain * to_added().transpose().cwiseProduct(with.colwise() - alone).colwise().sum();
        found.output.row(step) = outputs.row(host_).tail(added_);
    }

    void advance(const MatrixXd& outputs, std::uint32_t step) {
        const double input = stimulus_.at_stage(step, 0.0);
        const auto drive = [&](const MatrixXd& /*states*/, double /*offset*/) -> MatrixXd {
            return recurrent_input(outputs) + by_column(noise_.field().array() + input);
        };
        states_ = reference_step(parameters_.integrator, parameters_.dt, states_, drive,
                                 by_column(noise_.increment()));
        noise_.advance();
    }

    [[nodiscard]] MatrixXd recurrent_input(const MatrixXd& outputs) const {
        MatrixXd field = MatrixXd::Zero(host_ + 1, added_ + 1);
        field.topRows(host_).noalias() =
            drawn_.couplings.topLeftCorner(host_, host_) * outputs.topRows(host_);
        for (Index b = 0; b < added_; ++b) {
            field.col(b + 1).head(host_) += from_added().col(b) * outputs(host_, b + 1);
            field(host_, b + 1) = to_added().row(b).dot(outputs.col(b + 1).head(host_));
        }
        return parameters_.gain * field;
    }

    Index host_;
    Index added_;
    NetworkProblem problem_;
    experiment::Parameters<double> parameters_;
    DrawnNetwork drawn_;
    ReferenceActivation activation_;
    ReferenceStimulus stimulus_;
    ReferenceNoise noise_;
    MatrixXd states_;
};

} // namespace

AddedNeurons add_neurons(const Experiment& experiment, Index added) {
    return CavityNetworks(experiment, added).run();
}

} // namespace tinymf::host
