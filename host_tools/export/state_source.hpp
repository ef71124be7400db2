// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>

#include "recording/recording.hpp"

namespace tinymf::host {

/// The whole states of one replica in the order of their steps, the same ones at each call.
using StateSource = std::function<void(
    std::size_t replica,
    const std::function<void(std::uint32_t step, std::span<const double> state)>& use)>;

/// States that a recording holds, which must outlive the source.
[[nodiscard]] StateSource states_in(const Recording& recording);
StateSource states_in(const Recording&& recording) = delete;

/// States of a capture that was read without keeping them: it is read once more at each call, in
/// memory that does not grow with it.
[[nodiscard]] StateSource states_in(const std::filesystem::path& capture);

} // namespace tinymf::host
