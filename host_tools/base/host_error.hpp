// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>
#include <string>

namespace tinymf::host {

/// Exit codes of the command line, the same for every command.
inline constexpr int exit_passed = 0;
inline constexpr int exit_failed = 1;         ///< a comparison fails, or the run itself did
inline constexpr int exit_bad_input = 2;      ///< usage, or an input that cannot be taken
inline constexpr int exit_unsound_stream = 3; ///< unexplained gap, bad CRC, other build
inline constexpr int exit_link_failed = 4;    ///< device or link

/// Ends a command: an exit code and one line for each thing to say on standard error.
class HostError : public std::runtime_error {
public:
    HostError(int exit_code, const std::string& message)
        : std::runtime_error(message), exit_code_{exit_code} {}

    [[nodiscard]] int exit_code() const { return exit_code_; }

private:
    int exit_code_;
};

} // namespace tinymf::host
