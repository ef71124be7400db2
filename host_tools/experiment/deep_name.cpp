// SPDX-License-Identifier: Apache-2.0
#include "experiment/deep_name.hpp"

#include <algorithm>

namespace tinymf::host {
namespace {

/// The length of the string that begins the text, its quotes included, as far as it goes.
std::size_t length_of_string(std::string_view text) {
    const char quote = text.front();
    const bool several_lines = text.size() >= 3 && text[1] == quote && text[2] == quote;
    const std::size_t quotes = several_lines ? 3 : 1;
    for (std::size_t at = quotes; at < text.size(); ++at) {
        if (text[at] == '\\' && quote == '"') {
            ++at; // whatever it is
        } else if (text[at] == '\n' && !several_lines) {
            return at; // an error, which the parser finds too
        } else if (text.substr(at, quotes) == text.substr(0, quotes)) {
            return at + quotes;
        }
    }
    return text.size();
}

/// Adds up the dots of names that may lie within each other.
class DotCount {
public:
    void dot() { ++of_name_; }

    void end_name(char delimiter) {
        within_ += of_name_ > 1 ? of_name_ : 0; // a number has one dot
        of_name_ = 0;
        if (delimiter == '[' || delimiter == '{') {
            ++depth_;
        } else if ((delimiter == ']' || delimiter == '}') && depth_ > 0) {
            --depth_;
        } else if (delimiter == '\n' && depth_ == 0) {
            within_ = 0;
        }
    }

    [[nodiscard]] std::size_t dots() const { return within_ + (of_name_ > 1 ? of_name_ : 0); }

private:
    std::size_t of_name_ = 0;
    std::size_t within_ = 0;
    std::size_t depth_ = 0;
};

} // namespace

std::optional<std::size_t> line_of_deep_name(std::string_view text, std::size_t most_dots) {
    constexpr std::string_view between_names = ",=[]{}\n";
    std::size_t line = 1;
    DotCount count;
    while (!text.empty()) {
        const char c = text.front();
        std::size_t length = 1;
        if (c == '"' || c == '\'') {
            length = length_of_string(text);
        } else if (c == '#') {
            length = std::min(text.find('\n'), text.size());
        } else if (c == '.') {
            count.dot();
        } else if (between_names.find(c) != std::string_view::npos) {
            count.end_name(c);
        }
        if (count.dots() > most_dots) {
            return line;
        }
        line += static_cast<std::size_t>(std::ranges::count(text.substr(0, length), '\n'));
        text.remove_prefix(length);
    }
    return std::nullopt;
}

} // namespace tinymf::host
