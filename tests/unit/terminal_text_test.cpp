// SPDX-License-Identifier: Apache-2.0
#include "base/terminal_text.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace tinymf::host {
namespace {

TEST(TerminalText, LeavesPrintableTextAlone) {
    for (const std::string_view text : {"", "board mps2-an386\n\t\"quoted\" \\ back",
                                        "gr\xC3\xB6\xC3\x9F"
                                        "e \xCF\x84 \xE2\x88\x9E",
                                        "\xF0\x9F\x90\x98", "\xEF\xBF\xBD"}) {
        EXPECT_EQ(terminal_text(text), text);
    }
}

TEST(TerminalText, EscapesEveryByteThatCanActOnATerminal) {
    for (int code = 0; code < 256; ++code) {
        const std::string text(1, static_cast<char>(code));
        const bool printable = (code >= 0x20 && code < 0x7F) || code == '\n' || code == '\t';
        EXPECT_EQ(terminal_text("a" + text + "b") == "a" + text + "b", printable) << code;
    }
    EXPECT_EQ(terminal_text("\x1B[2J\r"), "\\x1b[2J\\x0d");
}

TEST(TerminalText, EscapesWhatIsNoUtf8AndWhatHidesInIt) {
    const std::vector<std::pair<std::string_view, std::string_view>> cases{
        {"\xFF\xFE", "\\xff\\xfe"},
        {"\xC3", "\\xc3"},                            // cut
        {"\xC3(", "\\xc3("},                          // no continuation
        {"\xC0\xAF", "\\xc0\\xaf"},                   // two bytes for one
        {"\xE0\x80\xAF", "\\xe0\\x80\\xaf"},          // three for one
        {"\xF0\x80\x80\xAF", "\\xf0\\x80\\x80\\xaf"}, // four for one
        {"\xED\xA0\x80", "\\xed\\xa0\\x80"},          // a surrogate
        {"\xF4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"}, // beyond U+10FFFF
        {"\xC2\x9B"
         "2J",
         "\\xc2\\x9b2J"}, // CSI of the second control range
        {"\xE2\x80\xAE"
         "txt",
         "\\xe2\\x80\\xaetxt"},              // right-to-left override
        {"\xE2\x81\xA6", "\\xe2\\x81\\xa6"}, // an isolate
        {"\xE2\x80\xA8", "\\xe2\\x80\\xa8"}, // line separator
    };
    for (const auto& [text, shown] : cases) {
        EXPECT_EQ(terminal_text(text), shown);
    }
}

} // namespace
} // namespace tinymf::host
