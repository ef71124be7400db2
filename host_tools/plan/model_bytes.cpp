// SPDX-License-Identifier: Apache-2.0
#include "plan/model_bytes.hpp"

#include "tinymf/observe/observable.hpp"

namespace tinymf::host {
namespace {

using experiment::ModelKind;
using experiment::ProfileInfo;
using model::CouplingKind;

std::uint64_t scalar_bytes(const ProfileInfo& profile) {
    return profile.scalar == experiment::ScalarKind::float32 ? 4 : 8;
}

std::uint64_t coupling_bytes(const ProfileInfo& profile) {
    const std::uint64_t n = profile.neurons;
    switch (profile.coupling) {
    case CouplingKind::gaussian:
        return n * n * scalar_bytes(profile);
    case CouplingKind::sign:
        return 4 * n * ((n + 31) / 32);
    default:
        return 0;
    }
}

bool keeps_covariances(const ProfileInfo& profile) {
    return (profile.observables & observe::of_covariances) != 0;
}

std::uint64_t observation_bytes(const ProfileInfo& profile) {
    constexpr std::uint64_t vectors = 31;
    constexpr std::uint64_t bytes_of_lag = 20;
    const std::uint64_t n = profile.neurons;
    const std::uint64_t signals = keeps_covariances(profile) ? n : 1;
    const std::uint64_t matrices =
        2U * profile.replicas * (signals * (signals + 1) / 2 + 2 * signals);
    return (vectors * n + matrices) * scalar_bytes(profile) + bytes_of_lag * profile.lags;
}

std::uint64_t network_bytes(const ProfileInfo& profile) {
    const std::uint64_t vectors = 2U * profile.replicas + 4U;
    const std::uint64_t network =
        coupling_bytes(profile) + vectors * profile.neurons * scalar_bytes(profile);
    return profile.observables == 0 ? network : network + observation_bytes(profile);
}

std::uint64_t mean_field_bytes(const ProfileInfo& profile) {
    constexpr std::uint64_t expansion_terms = 6;
    const std::uint64_t points = profile.points;
    const std::uint64_t paths = profile.trajectories;
    const std::uint64_t triangle = points * (points + 1) / 2;
    const std::uint64_t scalar = scalar_bytes(profile);
    switch (profile.method) {
    case mean_field::Method::linear:
        return (triangle + 4 * points) * scalar;
    case mean_field::Method::gaussian_closure:
        return points * (expansion_terms + 8) * scalar;
    case mean_field::Method::forward:
        return (3 * triangle + 23 * points + 3 * paths) * scalar +
               3 * points * paths * (profile.path_bits / 8U);
    default:
        return 0;
    }
}

std::uint64_t formula_bytes(const ProfileInfo& profile) {
    return profile.kind == ModelKind::network ? network_bytes(profile) : mean_field_bytes(profile);
}

bool same_kind(const ProfileInfo& a, const ProfileInfo& b) {
    if (a.kind == ModelKind::mean_field || b.kind == ModelKind::mean_field) {
        return a.kind == b.kind && a.method == b.method;
    }
    return a.coupling == b.coupling && (a.observables == 0) == (b.observables == 0);
}

bool is_riscv(const BoardInfo& board) {
    return board.core.starts_with("rv");
}

/// What a carried profile takes beyond its formula.
std::optional<std::int64_t> rest_of(const BoardInfo& board, const ProfileInfo& wanted) {
    for (const ProfileInfo& profile : board.profiles) {
        if (same_kind(profile, wanted)) {
            return std::int64_t{profile.bytes} - static_cast<std::int64_t>(formula_bytes(profile));
        }
    }
    return std::nullopt;
}

} // namespace

std::optional<std::uint64_t> model_bytes(const BoardInfo& board, const ProfileInfo& profile) {
    std::optional<std::int64_t> rest = rest_of(board, profile);
    for (const BoardInfo& other : boards()) {
        if (!rest && is_riscv(other) == is_riscv(board)) {
            rest = rest_of(other, profile);
        }
    }
    if (!rest) {
        return std::nullopt;
    }
    const auto words = static_cast<std::int64_t>(scalar_bytes(profile) / 4);
    return static_cast<std::uint64_t>(static_cast<std::int64_t>(formula_bytes(profile)) +
                                      *rest * words);
}

} // namespace tinymf::host
