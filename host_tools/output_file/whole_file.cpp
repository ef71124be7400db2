// SPDX-License-Identifier: Apache-2.0
#include "output_file/whole_file.hpp"

#include <array>
#include <cerrno>
#include <cstdint>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file_descriptor.hpp"
#include "base/standard_streams.hpp"

namespace tinymf::host {
namespace {

constexpr mode_t for_owner_only = 0600;
constexpr mode_t for_everybody = 0666;

/// What this process takes away from the rights of new files.
mode_t creation_mask() {
    static const mode_t mask = [] {
        const mode_t found = ::umask(077);
        ::umask(found);
        return found;
    }();
    return mask;
}

[[noreturn]] void fail(const std::filesystem::path& path, int reason) {
    throw std::system_error(reason, std::generic_category(), "cannot write " + path.string());
}

std::string unguessable_name() {
    std::array<std::uint64_t, 2> random{};
    std::size_t filled = 0;
    while (filled < sizeof random) {
        const ssize_t count =
            ::getrandom(reinterpret_cast<char*>(random.data()) + filled, sizeof random - filled, 0);
        if (count < 0 && errno != EINTR) {
            throw std::system_error(errno, std::generic_category(), "no random numbers");
        }
        filled += count > 0 ? static_cast<std::size_t>(count) : 0;
    }
    return fmt::format("{}{:016x}{:016x}", private_name_prefix, random[0], random[1]);
}

} // namespace

/// A file that nobody else sees, until it is moved to its place; gone if it never is.
class WholeFile::PrivateFile {
public:
    explicit PrivateFile(const std::filesystem::path& target)
        : target_{target}, folder_{target.has_parent_path() ? target.parent_path() : "."} {
        file_ = FileDescriptor(
            ::open(folder_.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, for_owner_only));
        if (!file_.open()) {
            name_ = folder_ / unguessable_name();
            file_ = FileDescriptor(::open(name_.c_str(),
                                          O_CREAT | O_EXCL | O_NOFOLLOW | O_WRONLY | O_CLOEXEC,
                                          for_owner_only));
        }
        if (!file_.open()) {
            const int reason = errno;
            name_.clear();
            fail(target_, reason);
        }
    }
    PrivateFile(const PrivateFile&) = delete;
    PrivateFile& operator=(const PrivateFile&) = delete;
    ~PrivateFile() {
        if (!name_.empty()) {
            ::unlink(name_.c_str());
        }
    }

    void write(std::string_view bytes) const {
        while (!bytes.empty()) {
            const ssize_t count = ::write(file_.number(), bytes.data(), bytes.size());
            if (count < 0 && errno != EINTR) {
                fail(target_, errno);
            }
            bytes.remove_prefix(count > 0 ? static_cast<std::size_t>(count) : 0);
        }
    }

    void move_into_place() {
        if (::fchmod(file_.number(), for_everybody & ~creation_mask()) != 0 ||
            ::fsync(file_.number()) != 0) {
            fail(target_, errno);
        }
        if (name_.empty()) {
            give_name();
        }
        if (::rename(name_.c_str(), target_.c_str()) != 0) {
            fail(target_, errno);
        }
        name_.clear();
    }

private:
    void give_name() {
        const std::filesystem::path name = folder_ / unguessable_name();
        const std::string open_file = fmt::format("/proc/self/fd/{}", file_.number());
        if (::linkat(AT_FDCWD, open_file.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) != 0) {
            fail(target_, errno);
        }
        name_ = name;
    }

    std::filesystem::path target_;
    std::filesystem::path folder_;
    std::filesystem::path name_; ///< empty: none yet, or none any more
    FileDescriptor file_;
};

WholeFile::WholeFile(const std::filesystem::path& path)
    : file_{path == "-" ? nullptr : std::make_unique<PrivateFile>(path)} {}
WholeFile::~WholeFile() = default;

void WholeFile::write(std::string_view bytes) {
    file_ ? file_->write(bytes) : print_file(bytes);
}

void WholeFile::finish() {
    if (file_) {
        file_->move_into_place();
    }
}

void write_whole_file(const std::filesystem::path& path, std::string_view bytes) {
    WholeFile file(path);
    file.write(bytes);
    file.finish();
}

} // namespace tinymf::host
