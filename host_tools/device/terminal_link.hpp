// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "device/byte_link.hpp"
#include "device/link_source.hpp"

namespace tinymf::host {

/// A serial port: 8 data bits, no parity, one stop bit, no flow control, for this process alone.
/// Bytes that waited in it are discarded. Throws HostError (exit code 4).
[[nodiscard]] std::unique_ptr<ByteLink> open_serial(const SerialSource& source);

/// The other end of a pseudo-terminal. Throws HostError (exit code 4).
[[nodiscard]] std::unique_ptr<ByteLink> open_pty(const PtySource& source);

} // namespace tinymf::host
