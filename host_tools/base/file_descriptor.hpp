// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace tinymf::host {

/// Owns a POSIX file descriptor and closes it.
class FileDescriptor {
public:
    FileDescriptor() = default;
    explicit FileDescriptor(int number) : number_(number) {}
    FileDescriptor(FileDescriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    FileDescriptor& operator=(FileDescriptor&& other) noexcept {
        if (this != &other) {
            reset();
            number_ = std::exchange(other.number_, -1);
        }
        return *this;
    }
    FileDescriptor(const FileDescriptor&) = delete;
    FileDescriptor& operator=(const FileDescriptor&) = delete;
    ~FileDescriptor() { reset(); }

    [[nodiscard]] bool open() const { return number_ >= 0; }
    [[nodiscard]] int number() const { return number_; }
    void reset();

private:
    int number_ = -1;
};

/// "what: the reason that errno gives".
[[nodiscard]] std::string with_reason(std::string_view what, int error_number);

/// Reads until `into` is full or the file ends; returns the bytes read. Throws HostError with
/// `exit_code`, naming `name`.
std::size_t read_fully(const FileDescriptor& file, std::span<std::uint8_t> into,
                       std::string_view name, int exit_code);

/// Writes everything. Throws as read_fully.
void write_fully(const FileDescriptor& file, std::span<const std::uint8_t> bytes,
                 std::string_view name, int exit_code);

} // namespace tinymf::host
