// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

// Symbols of sections.ld; only their addresses mean something.
extern "C" {
extern const std::uint32_t tinymf_vectors[];
extern const std::uint32_t tinymf_code_begin[]; ///< first instruction, after the vectors
extern const std::uint32_t tinymf_code_end[];
extern const std::uint32_t tinymf_data_load[]; ///< initial contents of data, in flash
extern std::uint32_t tinymf_data_begin[];
extern std::uint32_t tinymf_data_end[];
extern std::uint32_t tinymf_zero_begin[];
extern std::uint32_t tinymf_zero_end[];
extern std::uint32_t tinymf_stack_bottom[]; ///< the lowest address of RAM
extern std::uint32_t tinymf_stack_top[];
}

namespace tinymf::firmware {

inline std::span<std::uint32_t> whole_stack() {
    return {tinymf_stack_bottom, tinymf_stack_top};
}

} // namespace tinymf::firmware
