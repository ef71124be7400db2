// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#if __STDC_HOSTED__
#include <cstdio>
#include <cstdlib>
#endif

namespace tinymf {

/// Names a place in the sources in four bytes, so that firmware carries no file names: the low half
/// of an FNV-1a hash of the file's base name in the upper 16 bits, the line number modulo 2^16 in
/// the lower 16 bits. Independent of the directory the sources were built in.
consteval std::uint32_t source_place(const char* file, std::uint32_t line) {
    constexpr std::uint32_t fnv_offset = 2166136261U;
    constexpr std::uint32_t fnv_prime = 16777619U;
    std::uint32_t hash = fnv_offset;
    for (; *file != '\0'; ++file) {
        hash = *file == '/' ? fnv_offset : (hash ^ static_cast<std::uint8_t>(*file)) * fnv_prime;
    }
    return (hash << 16U) | (line & 0xFFFFU);
}

#if __STDC_HOSTED__
/// Prints the broken condition on standard error and aborts.
[[noreturn]] inline void assertion_failed(const char* condition, const char* file,
                                          std::uint32_t line) {
    std::fprintf(stderr, "%s:%u: assertion failed: %s\n", file, static_cast<unsigned>(line),
                 condition);
    std::abort();
}
#else
/// Ends the run with a fault that names the place. Defined once per image by the firmware.
[[noreturn]] void assertion_failed(std::uint32_t place);
#endif

} // namespace tinymf

/// Checks a condition in every build, release firmware included. A failure ends the program.
/// Usable in constexpr functions, where a failure is a compile error.
#if __STDC_HOSTED__
#define TINYMF_ASSERT(condition)                                                                   \
    (static_cast<bool>(condition) ? static_cast<void>(0)                                           \
                                  : ::tinymf::assertion_failed(#condition, __FILE__, __LINE__))
#else
#define TINYMF_ASSERT(condition)                                                                   \
    (static_cast<bool>(condition)                                                                  \
         ? static_cast<void>(0)                                                                    \
         : ::tinymf::assertion_failed(::tinymf::source_place(__FILE__, __LINE__)))
#endif

// Eigen's own checks report through the same door; libc's assert does not link on a device.
#ifndef eigen_assert
#define eigen_assert(condition) TINYMF_ASSERT(condition)
#endif
