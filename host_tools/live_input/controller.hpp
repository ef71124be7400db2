// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include <sys/types.h>

#include "descriptor/descriptor.hpp"

namespace tinymf::host {

/// A program of the user's that closes a loop around a network: on its standard input a line for
/// every state that the device reports, `step x0 x1 ...`; on its standard output a line with the
/// input that shall act from then on. Started through the shell, and ended with this object.
class Controller {
public:
    /// Throws HostError (exit code 2) when no process can be started.
    explicit Controller(std::string command);
    ~Controller();
    Controller(const Controller&) = delete;
    Controller& operator=(const Controller&) = delete;

    /// Waits for the answer. Throws HostError (exit code 2) when the program has ended or says
    /// something that is no number.
    [[nodiscard]] double respond(std::uint32_t step, std::span<const double> state);

private:
    [[nodiscard]] std::string next_line();

    std::string command_;
    Descriptor line_; ///< both directions
    pid_t process_ = -1;
    std::string read_; ///< answers, as far as they came
};

} // namespace tinymf::host
