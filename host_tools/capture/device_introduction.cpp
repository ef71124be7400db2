// SPDX-License-Identifier: Apache-2.0
#include "capture/device_introduction.hpp"

#include <tuple>

#include <fmt/format.h>

#include "base/problem_list.hpp"
#include "tinymf/stream/byte_reader.hpp"
#include "tinymf/stream/frame_kinds.hpp"

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

experiment::ProfileInfo profile_of(const stream::ProfileEntry& entry) {
    experiment::ProfileInfo profile;
    profile.kind = static_cast<experiment::ModelKind>(entry.kind);
    profile.scalar = static_cast<experiment::ScalarKind>(entry.scalar);
    if (profile.kind == experiment::ModelKind::network) {
        profile.coupling = static_cast<model::CouplingKind>(entry.coupling_or_method);
        profile.neurons = entry.neurons_or_path_bits;
    } else {
        profile.method = static_cast<mean_field::Method>(entry.coupling_or_method);
        profile.path_bits = static_cast<std::uint8_t>(entry.neurons_or_path_bits);
    }
    profile.replicas = entry.replicas;
    profile.points = entry.points;
    profile.trajectories = entry.trajectories;
    profile.observables = entry.observables;
    profile.lags = entry.lags;
    profile.bytes = entry.bytes;
    return profile;
}

} // namespace

std::optional<DeviceIntroduction> read_hello(std::span<const std::uint8_t> payload) {
    stream::ByteReader reader(payload);
    const auto hello = stream::get_fields<stream::HelloFrame>(reader);
    // Later protocols may append fields.
    if (!reader.ok()) {
        return std::nullopt;
    }
    // Whatever the texts are, they will be shown.
    DeviceIntroduction device;
    device.protocol = hello.protocol;
    device.incompatible_features = hello.incompatible_features;
    device.version = printable(hello.version, longest_text);
    device.git_hash = printable(hello.git_hash, longest_text);
    device.compiler = printable(hello.compiler, longest_text);
    device.flags_fingerprint = hello.flags_fingerprint;
    device.board = printable(hello.board, longest_text);
    device.reset_cause = hello.reset_cause;
    device.boots = hello.run_id;
    device.float_mode = hello.mode_bits;
    device.counter_rate = hello.counter_rate;
    device.counter_unit = hello.counter_unit;
    device.announced_profiles = hello.profiles;
    return device;
}

bool add_profiles(DeviceIntroduction& device, std::span<const std::uint8_t> payload) {
    stream::ByteReader reader(payload);
    const auto frame = stream::get_fields<stream::ProfileFrame>(reader);
    if (frame.first_index != device.profiles.size()) {
        return false;
    }
    while (reader.ok() && reader.remaining() > 0) {
        device.profiles.push_back(profile_of(stream::get_fields<stream::ProfileEntry>(reader)));
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
