// SPDX-License-Identifier: Apache-2.0
#include "capture/device_introduction.hpp"

#include <tuple>

#include <fmt/format.h>

#include "base/problem_list.hpp"
#include "tinymf/stream/byte_reader.hpp"

namespace tinymf::host {
namespace {

/// No text on the wire is longer.
constexpr std::size_t longest_text = 255;

template <class Enum, std::size_t count>
std::string_view name_of(const std::array<std::string_view, count>& names, Enum value) {
    const auto index = static_cast<std::size_t>(value);
    return index < count ? names[index] : "unknown";
}

/// What a network profile can estimate, " observed (32 lags, covariances)"; nothing for a plain
/// one.
std::string observation_text(const experiment::ProfileInfo& profile) {
    if (profile.observables == 0) {
        return "";
    }
    const bool covariances = (profile.observables & observe::of_covariances) != 0;
    return fmt::format(" observed ({} lags{})", profile.lags, covariances ? ", covariances" : "");
}

} // namespace

std::optional<DeviceIntroduction> read_hello(std::span<const std::uint8_t> payload) {
    stream::ByteReader reader(payload);
    DeviceIntroduction device;
    device.protocol = reader.get<std::uint16_t>();
    device.incompatible_features = reader.get<std::uint16_t>();
    device.version = reader.get_text();
    device.git_hash = reader.get_text();
    device.compiler = reader.get_text();
    device.flags_fingerprint = reader.get<std::uint32_t>();
    device.board = reader.get_text();
    device.reset_cause = reader.get<std::uint8_t>();
    device.boots = reader.get<std::uint32_t>();
    device.float_mode = reader.get<std::uint32_t>();
    device.counter_rate = reader.get<std::uint32_t>();
    device.counter_unit = reader.get<std::uint8_t>();
    device.announced_profiles = reader.get<std::uint8_t>();
    // Whatever they are, they will be shown.
    for (std::string* text : {&device.version, &device.git_hash, &device.compiler, &device.board}) {
        *text = printable(*text, longest_text);
    }
    // Later protocols may append fields.
    return reader.ok() ? std::optional(device) : std::nullopt;
}

bool add_profiles(DeviceIntroduction& device, std::span<const std::uint8_t> payload) {
    stream::ByteReader reader(payload);
    if (reader.get<std::uint8_t>() != device.profiles.size()) {
        return false;
    }
    while (reader.ok() && reader.remaining() > 0) {
        experiment::ProfileInfo profile;
        profile.kind = static_cast<experiment::ModelKind>(reader.get<std::uint8_t>());
        profile.scalar = static_cast<experiment::ScalarKind>(reader.get<std::uint8_t>());
        const auto coupling_or_method = reader.get<std::uint8_t>();
        if (profile.kind == experiment::ModelKind::network) {
            profile.coupling = static_cast<model::CouplingKind>(coupling_or_method);
        } else {
            profile.method = static_cast<mean_field::Method>(coupling_or_method);
        }
        profile.replicas = reader.get<std::uint8_t>();
        const auto neurons_or_path_bits = reader.get<std::uint16_t>();
        if (profile.kind == experiment::ModelKind::network) {
            profile.neurons = neurons_or_path_bits;
        } else {
            profile.path_bits = static_cast<std::uint8_t>(neurons_or_path_bits);
        }
        profile.points = reader.get<std::uint16_t>();
        profile.trajectories = reader.get<std::uint32_t>();
        profile.observables = reader.get<std::uint8_t>();
        profile.lags = reader.get<std::uint16_t>();
        profile.bytes = reader.get<std::uint32_t>();
        device.profiles.push_back(profile);
    }
    return reader.finished();
}

bool is_complete(const DeviceIntroduction& device) {
    return device.announced_profiles > 0 && device.profiles.size() == device.announced_profiles;
}

std::string profile_text(const experiment::ProfileInfo& profile) {
    const std::string_view scalar = name_of(experiment::scalar_names, profile.scalar);
    if (profile.kind == experiment::ModelKind::network) {
        return fmt::format("{} {} N={}{}", scalar, name_of(model::coupling_names, profile.coupling),
                           profile.neurons, observation_text(profile));
    }
    std::string text =
        fmt::format("{} {}", scalar, name_of(mean_field::method_names, profile.method));
    if (profile.method != mean_field::Method::stationary) {
        text += fmt::format(" n={}", profile.points);
    }
    if (profile.method == mean_field::Method::forward) {
        text +=
            fmt::format(" M={}{}", profile.trajectories, profile.path_bits == 16 ? " fixed16" : "");
    }
    return text;
}

bool serves(const experiment::ProfileInfo& offered, const experiment::ProfileInfo& wanted) {
    const auto exact = [](const experiment::ProfileInfo& p) {
        return std::tuple(p.kind, p.scalar, p.coupling, p.method, p.neurons, p.trajectories,
                          p.path_bits);
    };
    const bool sampled = wanted.trajectories > 0; // its bits depend on the size of the grid
    const bool observes =
        (wanted.observables & ~offered.observables) == 0 && offered.lags >= wanted.lags;
    return exact(offered) == exact(wanted) && observes && offered.replicas >= wanted.replicas &&
           (sampled ? offered.points == wanted.points : offered.points >= wanted.points);
}

} // namespace tinymf::host
