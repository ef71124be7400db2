// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/child_process.hpp"
#include "base/file_descriptor.hpp"

namespace tinymf::host {

/// A program of the user's that closes a loop around a network: on its standard input a line for
/// every state that the device reports, `step x0 x1 ...`; on its standard output a line with the
/// input that shall act from then on (written_real says how numbers are read). It is started from
/// the words of its command line, never by a shell, and ends with this object: by the end of its
/// input, after half a second by SIGTERM, after another by SIGKILL.
class Controller {
public:
    /// `patience`: how long an answer may take. After a second of silence a note on standard error
    /// asks, once, whether the program buffers its output. Throws HostError (exit code 2) when the
    /// command line is none or cannot be started.
    Controller(const std::string& command, std::chrono::milliseconds patience);
    ~Controller();
    Controller(const Controller&) = delete;
    Controller& operator=(const Controller&) = delete;

    /// Waits for the answer. Throws HostError (exit code 2) when the program has ended, takes
    /// longer than its time, or says something that is no number or a line beyond 4096 bytes.
    [[nodiscard]] double respond(std::uint32_t step, std::span<const double> state);

private:
    using TimePoint = std::chrono::steady_clock::time_point;

    void give(std::string_view rest, TimePoint begin);
    [[nodiscard]] std::string next_line(std::uint32_t step, TimePoint begin);
    [[nodiscard]] bool wait_for_answer(TimePoint begin);
    [[nodiscard]] bool wait_until(short events, TimePoint deadline) const;
    [[noreturn]] void fail_as_ended();
    [[noreturn]] void fail(const std::string& reason) const;

    std::string name_; ///< for messages
    std::chrono::milliseconds patience_;
    FileDescriptor line_; ///< both directions
    std::optional<ChildProcess> process_;
    std::string read_; ///< answers, as far as they came
    bool hinted_ = false;
};

} // namespace tinymf::host
