// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>

#include "device/byte_link.hpp"
#include "device/link_source.hpp"

namespace tinymf::host {

/// Connects within `limit` for each address the host has. Throws HostError (exit code 4).
[[nodiscard]] std::unique_ptr<ByteLink>
open_tcp(const TcpSource& source, std::chrono::milliseconds limit = std::chrono::seconds{5});

} // namespace tinymf::host
