// SPDX-License-Identifier: Apache-2.0
#include "capture/profile_choice.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/host_error.hpp"

namespace tinymf::host {
namespace {

/// The profiles of the wanted kind; what they observe matters only where it was asked for.
std::string available_text(const DeviceIntroduction& device,
                           const experiment::ProfileInfo& wanted) {
    std::vector<std::string> names;
    for (experiment::ProfileInfo profile : device.profiles) {
        if (wanted.observables == 0) {
            profile.observables = 0;
        }
        if (profile.kind == wanted.kind) {
            names.push_back(profile_text(profile));
        }
    }
    return names.empty() ? "none of this kind" : fmt::format("{}", fmt::join(names, ", "));
}

std::string_view scalar_type(experiment::ScalarKind scalar) {
    return scalar == experiment::ScalarKind::float32 ? "float" : "double";
}

/// The model as C++ spells it.
std::string type_text(const experiment::ProfileInfo& profile) {
    const std::string_view scalar = scalar_type(profile.scalar);
    if (profile.kind == experiment::ModelKind::network) {
        const std::string network = fmt::format(
            "network::Network<{}, {}, model::CouplingKind::{}>", scalar, profile.neurons,
            model::coupling_names.at(static_cast<std::size_t>(profile.coupling)));
        if (profile.observables == 0) {
            return network;
        }
        const bool covariances = (profile.observables & observe::of_covariances) != 0;
        return fmt::format("observe::ObservedNetwork<{}, {}, observe::Covariances::{}>", network,
                           profile.lags, covariances ? "kept" : "none");
    }
    switch (profile.method) {
    case mean_field::Method::linear:
        return fmt::format("mean_field::LinearClosure<{}, {}>", scalar, profile.points);
    case mean_field::Method::gaussian_closure:
        return fmt::format("mean_field::GaussianClosure<{}, {}>", scalar, profile.points);
    case mean_field::Method::stationary:
        return fmt::format("mean_field::StationaryRun<{}>", scalar);
    default:
        return fmt::format("mean_field::ForwardSampler<{}, {}, {}{}>", scalar, profile.points,
                           profile.trajectories, profile.path_bits == 16 ? ", std::int16_t" : "");
    }
}

/// Where the model goes so that the device carries it.
std::string addition_text(const experiment::ProfileInfo& profile,
                          const DeviceIntroduction& device) {
    const std::string type = type_text(profile);
    if (device.board == "host") {
        return fmt::format("add {} to host_tools/models: to host_models.hpp, and a line to the "
                           "source of its kind and scalar; then run toolchain/dev build host",
                           type);
    }
    return fmt::format("add Sized<{}, BYTES> to firmware/boards/{}/profiles.hpp and run "
                       "toolchain/dev build {}, which names the right BYTES",
                       type, device.board, device.board);
}

} // namespace

experiment::ProfileInfo wanted_profile(const Experiment& experiment) {
    experiment::ProfileInfo profile{.kind = experiment.kind,
                                    .scalar = experiment.scalar(),
                                    .replicas = experiment.parameters.replicas};
    if (experiment.kind == experiment::ModelKind::network) {
        profile.coupling = experiment.network.coupling;
        profile.neurons = experiment.network.neurons;
        const observe::ObservationParameters& observation = experiment.parameters.observation;
        profile.observables = observation.observables;
        profile.lags = observation.observables != 0 ? observation.lags : std::uint16_t{0};
        return profile;
    }
    const MeanFieldShape& shape = experiment.mean_field;
    profile.method = shape.method;
    profile.points = shape.method == mean_field::Method::stationary ? 0 : shape.points;
    if (shape.method == mean_field::Method::forward) {
        const bool narrow = shape.storage == mean_field::PathStorage::fixed16;
        const bool single = shape.scalar == experiment::ScalarKind::float32;
        profile.trajectories = shape.trajectories;
        profile.path_bits = narrow ? 16 : single ? 32 : 64;
    }
    return profile;
}

std::uint8_t choose_profile(const Experiment& experiment, const DeviceIntroduction& device) {
    const experiment::ProfileInfo profile = wanted_profile(experiment);
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < device.profiles.size(); ++i) {
        const experiment::ProfileInfo& offered = device.profiles[i];
        if (serves(offered, profile) && (!best || offered.bytes < device.profiles[*best].bytes)) {
            best = i;
        }
    }
    if (best) {
        return static_cast<std::uint8_t>(*best);
    }
    throw HostError(exit_bad_input,
                    fmt::format("{}: {} has no profile {}; it has {}; {}", experiment.source,
                                device.board, profile_text(profile),
                                available_text(device, profile), addition_text(profile, device)));
}

} // namespace tinymf::host
