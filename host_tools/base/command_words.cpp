// SPDX-License-Identifier: Apache-2.0
#include "base/command_words.hpp"

#include <stdexcept>

#include <fmt/format.h>

namespace tinymf::host {
namespace {

constexpr std::string_view blanks = " \t";
constexpr std::string_view of_a_shell = "|&;<>()$`*?[\n";
constexpr std::string_view of_a_shell_in_front = "~#";
constexpr std::string_view escaped_in_quotes = "\"\\$`";

bool holds(std::string_view set, char c) {
    return set.find(c) != std::string_view::npos;
}

[[noreturn]] void refuse_shell_syntax(char c) {
    throw std::invalid_argument(
        fmt::format("{} means something to a shell only, and no shell runs it; quote it, or write "
                    "sh -c '...'",
                    c == '\n' ? "a newline" : std::string(1, c)));
}

class Splitter {
public:
    explicit Splitter(std::string_view line) : rest_{line} {}

    std::vector<std::string> words() {
        std::vector<std::string> all;
        while (skip_blanks()) {
            all.push_back(word());
        }
        if (all.empty()) {
            throw std::invalid_argument("names no program");
        }
        return all;
    }

private:
    /// False at the end.
    bool skip_blanks() {
        const std::size_t first = rest_.find_first_not_of(blanks);
        rest_.remove_prefix(std::min(first, rest_.size()));
        return !rest_.empty();
    }

    char take() {
        if (rest_.empty()) {
            throw std::invalid_argument("ends within a quote or behind a backslash");
        }
        const char c = rest_.front();
        rest_.remove_prefix(1);
        return c;
    }

    std::string word() {
        std::string text;
        if (holds(of_a_shell_in_front, rest_.front())) {
            refuse_shell_syntax(rest_.front());
        }
        while (!rest_.empty() && !holds(blanks, rest_.front())) {
            const char c = take();
            if (c == '\'') {
                add_literal(text);
            } else if (c == '"') {
                add_quoted(text);
            } else if (c == '\\') {
                text += take();
            } else if (holds(of_a_shell, c)) {
                refuse_shell_syntax(c);
            } else {
                text += c;
            }
        }
        return text;
    }

    void add_literal(std::string& text) {
        for (char c = take(); c != '\''; c = take()) {
            text += c;
        }
    }

    void add_quoted(std::string& text) {
        for (char c = take(); c != '"'; c = take()) {
            if (c == '$' || c == '`') {
                refuse_shell_syntax(c);
            }
            if (c == '\\') {
                const char next = take();
                if (!holds(escaped_in_quotes, next)) {
                    text += c;
                }
                text += next;
            } else {
                text += c;
            }
        }
    }

    std::string_view rest_;
};

} // namespace

std::vector<std::string> command_words(std::string_view line) {
    return Splitter(line).words();
}

} // namespace tinymf::host
