// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/host_error.hpp"
#include "tinymf/assert.hpp"

namespace tinymf::fuzz {

/// Safe to print on a terminal: printable ASCII, or UTF-8 of this program's own, in lines that are
/// not empty.
inline bool is_plain(std::string_view text) {
    const auto plain = [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return c == '\n' || (byte >= 0x20 && byte != 0x7F);
    };
    return !text.empty() && std::ranges::all_of(text, plain) && text.front() != '\n' &&
           text.back() != '\n' && text.find("\n\n") == std::string_view::npos;
}

/// Runs `work`, and returns the exit code that a command would end with: 0, or that of a HostError,
/// whose text must then be plain. Whatever else is thrown ends the fuzzer.
template <class Work>
int exit_code_of(Work&& work) {
    try {
        std::forward<Work>(work)();
    } catch (const host::HostError& error) {
        TINYMF_ASSERT(is_plain(error.what()));
        TINYMF_ASSERT(error.exit_code() >= host::exit_failed &&
                      error.exit_code() <= host::exit_link_failed);
        return error.exit_code();
    }
    return host::exit_passed;
}

} // namespace tinymf::fuzz
