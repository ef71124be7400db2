// SPDX-License-Identifier: Apache-2.0
#include "cli/output_path.hpp"

#include <algorithm>
#include <cerrno>
#include <functional>
#include <system_error>

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/host_error.hpp"
#include "base/problem_list.hpp"

namespace tinymf::host {
namespace {

[[noreturn]] void refuse(const std::filesystem::path& output, std::string_view reason) {
    throw HostError(exit_bad_input,
                    fmt::format("{}: {}", printable(output.string(), 4096), reason));
}

} // namespace

void check_output_path(const std::filesystem::path& output,
                       std::span<const std::filesystem::path> inputs, const OutputRules& rules) {
    namespace fs = std::filesystem;
    std::error_code ignored;
    if (output == "-") {
        if (!rules.standard_output) {
            refuse(output, "this cannot go to standard output; ./- is the file of that name");
        }
        return;
    }
    if (!output.has_filename() || fs::is_directory(output, ignored)) {
        refuse(output, "is a folder; give the name of a file to write");
    }
    const fs::path folder = output.has_parent_path() ? output.parent_path() : fs::path(".");
    if (!fs::is_directory(folder, ignored)) {
        refuse(output, "its folder does not exist");
    }
    if (access(folder.c_str(), W_OK) != 0) {
        refuse(output, "its folder is not writable");
    }
    struct stat found {};
    if (::lstat(output.c_str(), &found) != 0 && errno != ENOENT) {
        refuse(output, std::generic_category().message(errno)); // as for too long a name
    }
    if (!fs::exists(output, ignored)) {
        return;
    }
    if (!fs::is_regular_file(output, ignored)) {
        refuse(output, "is not a regular file");
    }
    for (const fs::path& input : inputs) {
        if (fs::equivalent(output, input, ignored)) {
            refuse(output, "is also an input");
        }
    }
    const FileKind present = kind_of_file(output);
    if (!rules.force && present != FileKind::empty && present != rules.kind) {
        refuse(output,
               fmt::format("holds {}, not {}{}", name_of(present), name_of(rules.kind),
                           rules.kind == FileKind::capture ? "" : "; --force writes over it"));
    }
}

std::string output_or_default(const std::string& given, const std::string& name) {
    if (!given.empty()) {
        return given;
    }
    const auto stays = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '.' || c == '_' || c == '-';
    };
    std::string plain = name;
    std::ranges::replace_if(plain, std::not_fn(stays), '-');
    if (plain.starts_with('.')) {
        plain.front() = '-';
    }
    const std::filesystem::path folder = "out";
    std::error_code error;
    std::filesystem::create_directory(folder, error);
    if (error) {
        refuse(folder, error.message() + "; name another place with -o");
    }
    return (folder / plain).string();
}

void declare_force(Command command, bool& force) {
    command.add_flag("--force", force, "Write over files of another kind too");
}

} // namespace tinymf::host
