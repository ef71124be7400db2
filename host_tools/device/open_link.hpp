// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string_view>

#include "device/byte_link.hpp"

namespace tinymf::host {

struct LinkOptions {
    std::filesystem::path image;    ///< qemu: firmware to run; empty: the board's own build tree
    std::filesystem::path builds{}; ///< a build tree a board; empty: beside this program's sources
    bool counted_time = false;      ///< qemu: one nanosecond an instruction
};

/// The image of a board's build tree in the folder `builds`. Throws HostError, exit code 4, where
/// there is none, with the command that makes it.
[[nodiscard]] std::filesystem::path built_image(const std::filesystem::path& builds,
                                                std::string_view board);

/// The line that `source` names (see link_source.hpp). Throws HostError: exit code 2 for a source
/// that cannot be understood, 4 for a device that cannot be reached.
[[nodiscard]] std::unique_ptr<ByteLink> open_link(std::string_view source,
                                                  const LinkOptions& options = {});

} // namespace tinymf::host
