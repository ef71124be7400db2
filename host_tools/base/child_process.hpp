// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace tinymf::host {

/// A program to start. There is never a shell in between.
struct ChildCommand {
    std::vector<std::string> words;         ///< its name, sought in PATH, and its arguments
    int input = -1;                         ///< becomes its standard input; -1: this program's own
    int output = -1;                        ///< standard output, likewise
    int errors = -1;                        ///< standard error, likewise
    bool own_environment = true;            ///< it gets this program's environment, or only this:
    std::vector<std::string> environment{}; ///< NAME=VALUE
};

/// A process of our own: it and what it starts are one group, which ends with this object or with
/// this program, however that ends, and is reaped.
class ChildProcess {
public:
    /// Throws std::system_error with the reason why it cannot be started, such as
    /// std::errc::no_such_file_or_directory for a program that is not there.
    explicit ChildProcess(const ChildCommand& command);
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;
    ~ChildProcess();

    /// Its wait status (sys/wait.h) once it has ended, at most `limit` from now; nothing when it
    /// still runs then.
    [[nodiscard]] std::optional<int> wait(std::chrono::milliseconds limit);

    /// Asks it to end; after `patience` it is made to. Returns its wait status.
    int end(std::chrono::milliseconds patience);

private:
    void signal_all(int number) const;

    pid_t process_ = -1;
    std::optional<int> status_;
};

/// "ended with status 3", "was ended by signal 9".
[[nodiscard]] std::string wait_status_text(int status);

} // namespace tinymf::host
