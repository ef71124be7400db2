// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "tinymf/experiment/profile.hpp"

namespace tinymf::host {

/// What a device says of itself: the content of HELLO and of the PROFILE frames after it.
struct DeviceIntroduction {
    std::uint16_t protocol = 0;
    std::uint16_t incompatible_features = 0;
    std::string version;
    std::string git_hash;
    std::string compiler;
    std::uint32_t flags_fingerprint = 0;
    std::string board;
    std::uint8_t reset_cause = 0;
    std::uint32_t boots = 0;
    std::uint32_t float_mode = 0;
    std::uint32_t counter_rate = 0; ///< counts per second
    std::uint8_t counter_unit = 0;
    std::uint8_t announced_profiles = 0;
    std::vector<experiment::ProfileInfo> profiles; ///< in the order of their indices
};

/// The content of a HELLO frame, without profiles; nothing when it is not one.
[[nodiscard]] std::optional<DeviceIntroduction> read_hello(std::span<const std::uint8_t> payload);

/// Adds the content of a PROFILE frame. False when it is malformed or not the next one.
[[nodiscard]] bool add_profiles(DeviceIntroduction& device, std::span<const std::uint8_t> payload);

/// A HELLO was taken and all profiles that it announces.
[[nodiscard]] bool is_complete(const DeviceIntroduction& device);

/// "float32 gaussian N=64", or "float32 forward n=100 M=400".
[[nodiscard]] std::string profile_text(const experiment::ProfileInfo& profile);

/// Whether the one profile can run what the other would, to the same bits: it has the same shape,
/// and where points of a grid may be left over, at least as many.
[[nodiscard]] bool serves(const experiment::ProfileInfo& offered,
                          const experiment::ProfileInfo& wanted);

} // namespace tinymf::host
