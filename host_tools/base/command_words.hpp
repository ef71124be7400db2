// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tinymf::host {

/// The words of a command line, a program and its arguments. Blanks part words; within '...'
/// everything stands for itself, within "..." everything but \" \\ \$ \`, which stand for the
/// second character; elsewhere a backslash takes the character behind it as it is. Nothing is
/// expanded and no shell runs.
///
/// Throws std::invalid_argument that says why for a quote without end, and for what only a shell
/// understands (| & ; < > ( ) $ ` * ? [ and newlines outside quotes, ~ and # at the beginning of a
/// word, $ and ` within "..."): it must not mean something else here.
[[nodiscard]] std::vector<std::string> command_words(std::string_view line);

} // namespace tinymf::host
