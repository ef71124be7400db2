// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tinymf::host {

/// What a capture, or a comparison with it, is worth. pass: the run was completed or stopped, and
/// what was asked holds. fail: it is sound, but the run went wrong, or what was asked does not
/// hold. unsound: nothing may be concluded from it.
enum class Verdict : std::uint8_t { pass, fail, unsound };

/// "pass", "fail" or "unsound".
[[nodiscard]] std::string_view name_of(Verdict verdict);

/// exit_passed, exit_failed or exit_unsound_stream.
[[nodiscard]] int exit_code_of(Verdict verdict);

/// What was found about one capture, which every reader of captures shares.
struct Judgement {
    std::vector<std::string> unsound;  ///< one line for each broken clause; empty: sound
    std::vector<std::string> failures; ///< one line for each reason why a sound run failed

    [[nodiscard]] bool sound() const { return unsound.empty(); }

    [[nodiscard]] Verdict verdict() const {
        if (!sound()) {
            return Verdict::unsound;
        }
        return failures.empty() ? Verdict::pass : Verdict::fail;
    }
};

/// The same of a capture alone: "sound", "failed" or "unsound".
[[nodiscard]] std::string_view name_of(const Judgement& judgement);

} // namespace tinymf::host
