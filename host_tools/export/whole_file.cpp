// SPDX-License-Identifier: Apache-2.0
#include "export/whole_file.hpp"

#include <cerrno>
#include <fstream>
#include <string>
#include <system_error>

#include <unistd.h>

namespace tinymf::host {
namespace {

[[noreturn]] void fail(const std::filesystem::path& path, const std::filesystem::path& partial) {
    const int cause = errno != 0 ? errno : EIO;
    std::error_code ignored;
    std::filesystem::remove(partial, ignored);
    throw std::system_error(cause, std::generic_category(), "cannot write " + path.string());
}

} // namespace

void write_whole_file(const std::filesystem::path& path, std::string_view bytes) {
    std::error_code ignored;
    if (std::filesystem::exists(path, ignored) &&
        !std::filesystem::is_regular_file(path, ignored)) {
        // A pipe or device such as /dev/stdout cannot be replaced, only written to.
        errno = 0;
        std::ofstream file(path, std::ios::binary);
        file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        if (!file.flush()) {
            throw std::system_error(errno != 0 ? errno : EIO, std::generic_category(),
                                    "cannot write " + path.string());
        }
        return;
    }
    std::filesystem::path partial = path;
    partial += ".partial-" + std::to_string(::getpid());
    errno = 0;
    {
        std::ofstream file(partial, std::ios::binary | std::ios::trunc);
        file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        if (!file.flush()) {
            fail(path, partial);
        }
    }
    std::error_code moved;
    std::filesystem::rename(partial, path, moved);
    if (moved) {
        errno = moved.value();
        fail(path, partial);
    }
}

} // namespace tinymf::host
