// SPDX-License-Identifier: Apache-2.0
#include "capture/capture_writer.hpp"

#include <array>
#include <cerrno>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/host_error.hpp"

namespace tinymf::host {
namespace {

/// Throws unless the file is empty or an older capture, the only contents that may be replaced.
void refuse_foreign_content(const FileDescriptor& file, std::string_view name) {
    std::array<std::uint8_t, capture_magic.size()> start{};
    const ssize_t count = ::pread(file.number(), start.data(), start.size(), 0);
    if (count < 0) {
        throw HostError(exit_bad_input, with_reason(name, errno));
    }
    if (count > 0 && !begins_as_capture(std::span(start).first(static_cast<std::size_t>(count)))) {
        throw HostError(exit_bad_input,
                        fmt::format("{}: exists and is no capture; not overwritten", name));
    }
}

FileDescriptor open_for_capture(const std::string& name) {
    struct stat before {};
    const bool special = ::stat(name.c_str(), &before) == 0 && !S_ISREG(before.st_mode);
    const int access = special ? O_WRONLY : O_RDWR;
    FileDescriptor file(::open(name.c_str(), access | O_CREAT | O_CLOEXEC, 0666));
    if (!file.open()) {
        throw HostError(exit_bad_input, with_reason(name, errno));
    }
    if (special) {
        return file; // a pipe or device: nothing to replace
    }
    if (::flock(file.number(), LOCK_EX | LOCK_NB) != 0) {
        throw HostError(exit_bad_input,
                        fmt::format("{}: another process is recording into it", name));
    }
    refuse_foreign_content(file, name);
    if (::ftruncate(file.number(), 0) != 0) {
        throw HostError(exit_bad_input, with_reason(name, errno));
    }
    return file;
}

} // namespace

CaptureWriter::CaptureWriter(const std::filesystem::path& path, const CaptureMetadata& metadata)
    : name_(path.string()), unflushed_(encode_capture_header(metadata)) {
    file_ = open_for_capture(name_);
    flush();
}

CaptureWriter::~CaptureWriter() {
    try {
        flush();
    } catch (const HostError&) {
        // A destructor cannot report; close() does.
        file_.reset();
    }
}

void CaptureWriter::append(std::span<const std::uint8_t> bytes) {
    unflushed_.insert(unflushed_.end(), bytes.begin(), bytes.end());
    bytes_ += bytes.size();
    if (unflushed_.size() >= flush_every_bytes ||
        std::chrono::steady_clock::now() - last_flush_ >= flush_every) {
        flush();
    }
}

void CaptureWriter::flush() {
    if (!file_.open()) {
        return;
    }
    // Taken out first: after a failed write nothing is tried again behind the torn place.
    const std::vector<std::uint8_t> bytes = std::exchange(unflushed_, {});
    write_fully(file_, bytes, name_, exit_link_failed);
    last_flush_ = std::chrono::steady_clock::now();
}

void CaptureWriter::close() {
    flush();
    if (file_.open() && ::fsync(file_.number()) != 0 && errno != EINVAL && errno != EROFS) {
        throw HostError(exit_link_failed, with_reason(name_, errno));
    }
    file_.reset();
}

} // namespace tinymf::host
