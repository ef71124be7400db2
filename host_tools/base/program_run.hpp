// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

#include "base/child_process.hpp"

namespace tinymf::host {

/// How far a program may go.
struct ProgramLimits {
    std::chrono::milliseconds time{600'000};
    std::size_t output_bytes = std::size_t{1} << 30U; ///< of each stream
};

/// What a program said until it ended.
struct ProgramRun {
    int status = 0; ///< as sys/wait.h
    std::string output;
    std::string errors;
};

/// Runs a program to its end, with `input` on its standard input; the streams of `command` are
/// ignored. Throws std::system_error as ChildProcess, std::errc::timed_out and
/// std::errc::file_too_large beyond the limits.
[[nodiscard]] ProgramRun run_program(ChildCommand command, std::string_view input,
                                     const ProgramLimits& limits = {});

} // namespace tinymf::host
