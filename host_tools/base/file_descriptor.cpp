// SPDX-License-Identifier: Apache-2.0
#include "base/file_descriptor.hpp"

#include <cerrno>
#include <system_error>

#include <fmt/format.h>
#include <unistd.h>

#include "base/host_error.hpp"

namespace tinymf::host {

void FileDescriptor::reset() {
    if (open()) {
        ::close(number_);
        number_ = -1;
    }
}

std::string with_reason(std::string_view what, int error_number) {
    return fmt::format("{}: {}", what, std::generic_category().message(error_number));
}

std::size_t read_fully(const FileDescriptor& file, std::span<std::uint8_t> into,
                       std::string_view name, int exit_code) {
    std::size_t filled = 0;
    while (filled < into.size()) {
        const ssize_t count = ::read(file.number(), &into[filled], into.size() - filled);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            throw HostError(exit_code, with_reason(name, errno));
        }
        if (count == 0) {
            break;
        }
        filled += static_cast<std::size_t>(count);
    }
    return filled;
}

void write_fully(const FileDescriptor& file, std::span<const std::uint8_t> bytes,
                 std::string_view name, int exit_code) {
    while (!bytes.empty()) {
        const ssize_t count = ::write(file.number(), bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            throw HostError(exit_code, with_reason(name, errno));
        }
        bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
}

} // namespace tinymf::host
