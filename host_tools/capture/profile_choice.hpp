// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "capture/device_introduction.hpp"
#include "experiment/experiment.hpp"

namespace tinymf::host {

/// What a profile must announce to be the one that the experiment needs: its exact shape, and of a
/// grid or of several replicas at least as many.
[[nodiscard]] experiment::ProfileInfo wanted_profile(const Experiment& experiment);

/// Index of the device's profile that the experiment needs. Throws HostError (exit code 2) that
/// names the profiles there are and the line to add for the missing one.
[[nodiscard]] std::uint8_t choose_profile(const Experiment& experiment,
                                          const DeviceIntroduction& device);

} // namespace tinymf::host
