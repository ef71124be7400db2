// SPDX-License-Identifier: Apache-2.0
#include "output_file/file_kind.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <span>
#include <string>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file_descriptor.hpp"
#include "base/host_error.hpp"
#include "base/problem_list.hpp"
#include "capture/capture_header.hpp"

namespace tinymf::host {
namespace {

/// Enough for a page's title and a table's heading, and for an archive's comment.
constexpr std::size_t bytes_of_interest = 1024;

struct Ends {
    std::string begin;
    std::string end;
};

std::string read_at(const FileDescriptor& file, off_t offset, std::string_view name) {
    std::string text(bytes_of_interest, '\0');
    const ssize_t count = ::pread(file.number(), text.data(), text.size(), offset);
    if (count < 0) {
        throw HostError(exit_bad_input, with_reason(name, errno));
    }
    text.resize(static_cast<std::size_t>(count));
    return text;
}

Ends ends_of(const std::filesystem::path& path) {
    const std::string name = printable(path.string(), 4096);
    const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    struct stat facts {};
    if (!file.open() || ::fstat(file.number(), &facts) != 0) {
        throw HostError(exit_bad_input, with_reason(name, errno));
    }
    const auto size = static_cast<std::size_t>(facts.st_size);
    const std::size_t tail = size - std::min(size, bytes_of_interest);
    return {read_at(file, 0, name), read_at(file, static_cast<off_t>(tail), name)};
}

bool is_page(std::string_view begin) {
    return begin.starts_with("<!DOCTYPE html>") &&
           begin.find("<title>tinymf: ") != std::string_view::npos;
}

/// A zip archive with this comment.
bool is_archive(const Ends& ends, std::string_view mark) {
    return ends.begin.starts_with("PK\x03\x04") && ends.end.ends_with(mark);
}

/// The first line of a table that export writes.
bool is_run_table(std::string_view begin) {
    constexpr std::array<std::string_view, 3> headings{"step,t (tau),replica", "t (tau),t' (tau),",
                                                       "tau (tau),"};
    return std::ranges::any_of(
        headings, [begin](std::string_view heading) { return begin.starts_with(heading); });
}

bool is_capture(std::string_view begin) {
    const std::string_view magic = begin.substr(0, capture_magic.size());
    const std::vector<std::uint8_t> bytes(magic.begin(), magic.end());
    return begins_as_capture(bytes);
}

} // namespace

std::string_view name_of(FileKind kind) {
    constexpr std::array<std::string_view, 6> names{"an empty file",   "a page of tinymf",
                                                    "an exported run", "a reference solution",
                                                    "a capture",       "a file of another kind"};
    return names[static_cast<std::size_t>(kind)];
}

FileKind kind_of_file(const std::filesystem::path& path) {
    const Ends ends = ends_of(path);
    if (ends.begin.empty()) {
        return FileKind::empty;
    }
    if (is_page(ends.begin)) {
        return FileKind::page;
    }
    if (is_archive(ends, run_arrays_mark) || is_run_table(ends.begin)) {
        return FileKind::run_arrays;
    }
    if (is_archive(ends, reference_arrays_mark)) {
        return FileKind::reference_arrays;
    }
    return is_capture(ends.begin) ? FileKind::capture : FileKind::foreign;
}

} // namespace tinymf::host
