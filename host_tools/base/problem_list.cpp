// SPDX-License-Identifier: Apache-2.0
#include "base/problem_list.hpp"

#include <fmt/format.h>

#include "base/host_error.hpp"

namespace tinymf::host {

void ProblemList::throw_if_any() const {
    if (!lines_.empty()) {
        throw HostError(exit_bad_input, fmt::format("{}", fmt::join(lines_, "\n")));
    }
}

std::string printable(std::string_view text, std::size_t longest) {
    std::string escaped;
    const auto append = [&escaped](std::string_view part) {
        for (const char c : part) {
            const auto byte = static_cast<unsigned char>(c);
            if (c == '"' || c == '\\') {
                escaped += '\\';
                escaped += c;
            } else if (byte < 0x20 || byte >= 0x7F) {
                escaped += fmt::format("\\x{:02x}", byte);
            } else {
                escaped += c;
            }
        }
    };
    if (text.size() <= longest) {
        append(text);
    } else {
        append(text.substr(0, longest / 2));
        escaped += "...";
        append(text.substr(text.size() - longest / 4));
    }
    return escaped;
}

} // namespace tinymf::host
