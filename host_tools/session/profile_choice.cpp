// SPDX-License-Identifier: Apache-2.0
#include "session/profile_choice.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "diagnostics/host_error.hpp"

namespace tinymf::host {
namespace {

bool fits(const Experiment& experiment, const experiment::ProfileInfo& profile) {
    if (profile.kind != experiment.kind || profile.scalar != experiment.network.scalar) {
        return false;
    }
    if (experiment.kind == experiment::ModelKind::mean_field) {
        return profile.points >= experiment.mean_field.points &&
               profile.trajectories >= experiment.mean_field.trajectories;
    }
    return profile.neurons == experiment.network.neurons &&
           profile.coupling == experiment.network.coupling &&
           profile.replicas >= experiment.parameters.replicas;
}

std::string wanted_text(const Experiment& experiment) {
    const NetworkShape& network = experiment.network;
    return profile_text({.kind = experiment.kind,
                         .scalar = network.scalar,
                         .coupling = network.coupling,
                         .replicas = experiment.parameters.replicas,
                         .neurons = network.neurons,
                         .points = experiment.mean_field.points,
                         .trajectories = experiment.mean_field.trajectories,
                         .bytes = 0});
}

std::string available_text(const DeviceIntroduction& device) {
    std::vector<std::string> names;
    for (const experiment::ProfileInfo& profile : device.profiles) {
        names.push_back(profile_text(profile));
    }
    return fmt::format("{}", fmt::join(names, ", "));
}

/// Where the model goes so that the device carries it.
std::string addition_text(const Experiment& experiment, const DeviceIntroduction& device) {
    const NetworkShape& network = experiment.network;
    const std::string_view scalar =
        network.scalar == experiment::ScalarKind::float32 ? "float" : "double";
    const std::string_view coupling =
        model::coupling_names.at(static_cast<std::size_t>(network.coupling));
    if (device.board == "host") {
        return fmt::format("add \"template class HostedNetwork<{}, {}, {}>;\" to "
                           "host_tools/profiles and the size to host_models.hpp",
                           scalar, network.neurons, coupling);
    }
    return fmt::format(
        "add \"Sized<network::Network<{}, {}, model::CouplingKind::{}>, BYTES>\" to "
        "firmware/boards/{}/profiles.hpp and run toolchain/dev build {}, which names "
        "the right BYTES",
        scalar, network.neurons, coupling, device.board, device.board);
}

} // namespace

std::uint8_t choose_profile(const Experiment& experiment, const DeviceIntroduction& device) {
    const auto found = std::ranges::find_if(
        device.profiles, [&experiment](const auto& profile) { return fits(experiment, profile); });
    if (found != device.profiles.end()) {
        return static_cast<std::uint8_t>(found - device.profiles.begin());
    }
    const bool is_network = experiment.kind == experiment::ModelKind::network;
    throw HostError(exit_bad_input,
                    fmt::format("{}: {} has no profile {}; it has {}{}", experiment.source,
                                device.board, wanted_text(experiment), available_text(device),
                                is_network ? "; " + addition_text(experiment, device) : ""));
}

} // namespace tinymf::host
