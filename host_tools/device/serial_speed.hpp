// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <termios.h>

namespace tinymf::host {

/// True when the system's terminal interface knows this many bits per second.
[[nodiscard]] bool is_serial_speed(unsigned baud);

/// The terminal interface's own name for it; call only where is_serial_speed.
[[nodiscard]] speed_t serial_speed(unsigned baud);

/// "9600, 19200, ...".
[[nodiscard]] std::string serial_speed_list();

} // namespace tinymf::host
