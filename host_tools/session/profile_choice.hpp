// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "experiment_file/experiment.hpp"
#include "session/device_introduction.hpp"

namespace tinymf::host {

/// Index of the device's profile that the experiment needs. Throws HostError (exit code 2) that
/// names the profiles there are and the line to add for the missing one.
[[nodiscard]] std::uint8_t choose_profile(const Experiment& experiment,
                                          const DeviceIntroduction& device);

} // namespace tinymf::host
