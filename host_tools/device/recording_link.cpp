// SPDX-License-Identifier: Apache-2.0
#include "device/recording_link.hpp"

#include <array>
#include <cerrno>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/host_error.hpp"
#include "capture/capture_header.hpp"

namespace tinymf::host {
namespace {

/// Regular files only: a pipe cannot be rewound after the look for a capture header.
FileDescriptor open_recording(const std::string& path) {
    FileDescriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    struct stat facts {};
    if (!file.open() || ::fstat(file.number(), &facts) != 0) {
        throw HostError(exit_bad_input, with_reason(path, errno));
    }
    if (!S_ISREG(facts.st_mode)) {
        throw HostError(exit_bad_input, fmt::format("{}: not a regular file", path));
    }
    return file;
}

} // namespace

RecordingLink::RecordingLink(const FileSource& source)
    : path_(source.path), file_(open_recording(path_)) {
    std::array<std::uint8_t, capture_magic.size()> start{};
    const std::size_t count = read_fully(file_, start, path_, exit_bad_input);
    if (::lseek(file_.number(), 0, SEEK_SET) != 0) {
        throw HostError(exit_bad_input, with_reason(path_, errno));
    }
    if (begins_as_capture(std::span(start).first(count))) {
        static_cast<void>(read_capture_header(file_, path_));
    }
}

std::size_t RecordingLink::read(std::span<std::uint8_t> bytes, std::chrono::milliseconds) {
    const std::size_t count = read_fully(file_, bytes, path_, exit_bad_input);
    ended_ = ended_ || count < bytes.size();
    return count;
}

} // namespace tinymf::host
