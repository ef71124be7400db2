// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string_view>

#include "link/byte_link.hpp"

namespace tinymf::host {

struct LinkOptions {
    std::filesystem::path image; ///< qemu: firmware to run; empty: the board's own build tree
    bool counted_time = false;   ///< qemu: one nanosecond an instruction
};

/// The line that `source` names (see link_source.hpp). Throws HostError: exit code 2 for a source
/// that cannot be understood, 4 for a device that cannot be reached.
[[nodiscard]] std::unique_ptr<ByteLink> open_link(std::string_view source,
                                                  const LinkOptions& options = {});

} // namespace tinymf::host
