// SPDX-License-Identifier: Apache-2.0
#include "cavity/cavity_check.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/derived_seed.hpp"
#include "base/host_error.hpp"
#include "base/progress.hpp"
#include "base/worker_pool.hpp"
#include "cavity/added_neurons.hpp"
#include "cavity/cavity_statistics.hpp"
#include "reference/mean_field_problem.hpp"
#include "reference/mean_field_reference.hpp"

namespace tinymf::host {
namespace {

using Eigen::Index;

constexpr std::uint32_t fewest_networks = 4;

void refuse(const Experiment& experiment, std::string_view reason) {
    throw HostError(exit_bad_input, fmt::format("{}: {}", experiment.source, reason));
}

void refuse_what_has_no_cavity(const Experiment& experiment, const CavityRequest& request) {
    constexpr std::uint32_t most_neurons = 65535;
    if (experiment.kind != experiment::ModelKind::network) {
        refuse(experiment, "model.kind: neurons are added to a network, not to a mean field");
    }
    if (model::stages(experiment.parameters.integrator) != 1) {
        refuse(experiment, "model.integrator: must be euler or exponential_euler, whose mean field "
                           "has a time grid of its own");
    }
    if (experiment.parameters.stimulus == model::StimulusKind::live) {
        refuse(experiment, "stimulus.kind: a live input has no mean field");
    }
    if (experiment.parameters.gain == 0.0) {
        refuse(experiment, "model.gain = 0: neurons without couplings have no cavity");
    }
    for (const std::uint32_t neurons : request.neurons) {
        if (neurons + request.added > most_neurons) {
            refuse(experiment, fmt::format("{} neurons and {} added ones: must be at most {}",
                                           neurons, request.added, most_neurons));
        }
    }
    std::vector<std::uint16_t> sizes = request.neurons;
    std::ranges::sort(sizes);
    if (const auto twice = std::ranges::adjacent_find(sizes); twice != sizes.end()) {
        refuse(experiment, fmt::format("neurons: {} is given twice; every size once", *twice));
    }
    if (request.networks < fewest_networks) {
        refuse(experiment, fmt::format("networks: must be at least {}", fewest_networks));
    }
}

Experiment mean_field_of(Experiment experiment) {
    experiment.kind = experiment::ModelKind::mean_field;
    experiment.mean_field.method = mean_field::Method::forward;
    return experiment;
}

double slope_of(const CavitySums& sums) {
    return sums.reaction_by_regressor / sums.regressor_square;
}

double residual_of(const CavitySums& sums) {
    return std::sqrt(sums.residual_square / sums.values);
}

class CavityOfSize {
public:
    CavityOfSize(const Experiment& experiment, const CavityRequest& request,
                 const CavityPrediction& prediction, std::uint16_t neurons)
        : experiment_{experiment}, request_{request}, prediction_{prediction},
          networks_(request.networks) {
        experiment_.network.neurons = neurons;
    }

    /// Throws where nothing moves: there is neither reaction nor field.
    CavitySize measure() {
        Progress progress(fmt::format("networks of {} neurons", experiment_.network.neurons),
                          request_.networks);
        for_each_index(
            networks_.size(), request_.workers, [this](std::size_t k) { measure_network(k); },
            [&progress](std::size_t done) { progress.show(done); });
        require_activity();
        take_slope();
        take_residual();
        take_field();
        return std::move(size_);
    }

private:
    void measure_network(std::size_t k) {
        Experiment experiment = experiment_;
        experiment.parameters.seed =
            derived_seed(experiment_.parameters.seed, static_cast<std::uint32_t>(k));
        const AddedNeurons found = add_neurons(experiment, request_.added);
        networks_[k] = sums_of(found, prediction_);
        if (k == 0) {
            show_pairs(found);
        }
    }

    void require_activity() const {
        const auto is_silent = [](const CavitySums& sums) {
            return sums.regressor_square == 0.0 || sums.field_values == 0.0;
        };
        if (std::ranges::all_of(networks_, is_silent)) {
            refuse(experiment_,
                   "the network is silent: its outputs are zero at all times, so there "
                   "is neither a reaction nor a cavity field to test; set model.noise, "
                   "initial.scale or a stimulus");
        }
    }

    void show_pairs(const AddedNeurons& found) {
        constexpr Index most = 400;
        const Eigen::MatrixXd regressor = prediction_.regressor(found.output);
        const Index stride = std::max<Index>(1, regressor.size() / most);
        for (Index k = 0; k < regressor.size(); k += stride) {
            size_.shown_memory.push_back(regressor.reshaped()(k));
            size_.shown_reaction.push_back(found.reaction.reshaped()(k));
        }
    }

    void take_slope() {
        const Estimate slope = jackknife(networks_, slope_of);
        CavitySums all;
        for (const CavitySums& network : networks_) {
            all += network;
        }
        // The error of R_phi is the same in all networks, so amplitudes add.
        double shared = 0.0;
        for (const CavitySums& network : networks_) {
            shared += std::sqrt(network.response_variance);
        }
        const double response_error =
            prediction_.is_null_test() ? 0.0 : shared / all.regressor_square;
        size_.neurons = experiment_.network.neurons;
        size_.slope = slope.value;
        size_.slope_error = std::hypot(slope.standard_error, response_error);
        add_row("slope", {slope.value, size_.slope_error}, prediction_.is_null_test() ? 0.0 : 1.0,
                fmt::format("scatter between networks {:.2g}, sampling of R_phi {:.2g} at most",
                            slope.standard_error, response_error));
    }

    void take_residual() {
        const Estimate residual = jackknife(networks_, residual_of);
        size_.residual = residual.value;
        size_.residual_error = residual.standard_error;
        size_.memory = jackknife(networks_, [](const CavitySums& sums) {
                           return std::sqrt(sums.memory_square / sums.values);
                       }).value;
    }

    void take_field() {
        const auto mean_of = [this](auto sum) {
            return jackknife(networks_,
                             [sum](const CavitySums& s) { return s.*sum / s.field_values; });
        };
        const std::string origin = "scatter between networks";
        add_row("cavity field: mean", mean_of(&CavitySums::scaled_field), 0.0, origin);
        add_row("cavity field: variance", mean_of(&CavitySums::scaled_field_square), 1.0, origin);
        add_row("cavity field: fourth moment", mean_of(&CavitySums::scaled_field_fourth), 3.0,
                origin);
        add_row("cavity field: within quartiles", mean_of(&CavitySums::within_quartiles), 0.5,
                origin);
        add_row("cavity field: covariance",
                jackknife(networks_,
                          [](const CavitySums& sums) {
                              return sums.covariance_overlap / sums.covariance_square;
                          }),
                1.0, origin);
    }

    void add_row(std::string_view name, const Estimate& found, double predicted,
                 std::string origin) {
        size_.rows.push_back({.name = fmt::format("N = {}, {}", experiment_.network.neurons, name),
                              .observed = found.value,
                              .predicted = predicted,
                              .standard_error = found.standard_error,
                              .origin = std::move(origin)});
    }

    Experiment experiment_;
    const CavityRequest& request_;
    const CavityPrediction& prediction_;
    std::vector<CavitySums> networks_;
    CavitySize size_;
};

/// Weighted fit of ln residual over ln N.
TheoryRow exponent_row(const std::vector<CavitySize>& sizes) {
    double weights = 0.0;
    double mean_x = 0.0;
    double mean_y = 0.0;
    const auto weight_of = [](const CavitySize& size) {
        const double relative = size.residual_error / size.residual;
        return 1.0 / (relative * relative);
    };
    for (const CavitySize& size : sizes) {
        weights += weight_of(size);
        mean_x += weight_of(size) * std::log(size.neurons);
        mean_y += weight_of(size) * std::log(size.residual);
    }
    mean_x /= weights;
    mean_y /= weights;
    double xx = 0.0;
    double xy = 0.0;
    for (const CavitySize& size : sizes) {
        const double x = std::log(size.neurons) - mean_x;
        xx += weight_of(size) * x * x;
        xy += weight_of(size) * x * (std::log(size.residual) - mean_y);
    }
    return {.name = "exponent of the residual in N",
            .observed = xy / xx,
            .predicted = -0.5,
            .standard_error = 1.0 / std::sqrt(xx),
            .origin = "scatter between networks"};
}

} // namespace

bool CavityCheck::passed() const {
    const auto within = [this](const TheoryRow& row) { return std::abs(row.z()) <= largest_z; };
    return std::ranges::all_of(scaling, within) &&
           std::ranges::all_of(sizes, [&within](const CavitySize& size) {
               return std::ranges::all_of(size.rows, within);
           });
}

CavityCheck check_cavity(const Experiment& experiment, const CavityRequest& request) {
    refuse_what_has_no_cavity(experiment, request);
    const Experiment limit = mean_field_of(experiment);
    const MeanFieldSolver solver = best_solver(limit);
    const auto& p = experiment.parameters;
    const CavityPrediction prediction(solve_mean_field_reference(limit, solver), p.gain,
                                      p.reciprocity, mean_field_problem(p).beta);
    CavityCheck check;
    check.name = experiment.name;
    check.response = fmt::format("mean field of {} steps by the reference solver {}", p.steps,
                                 mean_field_solver_names[static_cast<std::size_t>(solver)]);
    check.null_test = prediction.is_null_test();
    check.networks = request.networks;
    check.added = request.added;
    check.freedom = request.networks - 1.0;
    check.largest_z = allowed_z(check.freedom);
    const std::vector<std::uint16_t> own{experiment.network.neurons};
    for (const std::uint16_t neurons : request.neurons.empty() ? own : request.neurons) {
        check.sizes.push_back(CavityOfSize(experiment, request, prediction, neurons).measure());
    }
    if (check.sizes.size() > 1) {
        check.scaling.push_back(exponent_row(check.sizes));
    }
    return check;
}

} // namespace tinymf::host
