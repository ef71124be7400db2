// SPDX-License-Identifier: Apache-2.0
// Archives beyond 4 GiB, read back by another program: Python's zipfile.
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "arrays/npz.hpp"
#include "base/program_run.hpp"
#include "unit/capture_files.hpp"

namespace tinymf::host {
namespace {

/// A file in which zeros take no room.
class SparseFile {
public:
    explicit SparseFile(const std::string& path)
        : file_{::open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY, 0600)} {
        EXPECT_GE(file_, 0);
    }
    SparseFile(const SparseFile&) = delete;
    SparseFile& operator=(const SparseFile&) = delete;
    ~SparseFile() { ::close(file_); }

    void write(std::string_view bytes) {
        if (!is_zero(bytes)) {
            EXPECT_EQ(::pwrite(file_, bytes.data(), bytes.size(), static_cast<off_t>(size_)),
                      static_cast<ssize_t>(bytes.size()));
        }
        size_ += bytes.size();
    }

    [[nodiscard]] std::uint64_t size() const { return size_; }

private:
    /// Every byte equals the one before it, which is far faster told than each byte by itself.
    static bool is_zero(std::string_view bytes) {
        return bytes.empty() ||
               (bytes.front() == '\0' &&
                std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0);
    }

    int file_;
    std::uint64_t size_ = 0;
};

NamedArray zeros(std::uint64_t count) {
    return {"zeros", "", "|u1", {count}, "", [count](const ByteSink& sink) {
                const std::string piece(std::size_t{1} << 22U, '\0');
                std::uint64_t left = count;
                while (left > 0) {
                    const auto size = std::min<std::uint64_t>(left, piece.size());
                    sink(std::string_view(piece).substr(0, size));
                    left -= size;
                }
            }};
}

TEST(Npz, ArraysBeyondFourGigabytesAreReadByPython) {
    const test::TestFolder folder;
    const std::string path = folder / "large.npz";
    constexpr std::uint64_t count = (std::uint64_t{1} << 32U) + 5;
    const std::vector<std::uint32_t> after{7, 8, 9};
    const std::vector<NamedArray> arrays{text_array("before", "first"), zeros(count),
                                         named_array<std::uint32_t>("after", "", {3}, after)};
    {
        SparseFile file(path);
        visit_npz(arrays, "mark", [&file](std::string_view bytes) { file.write(bytes); });
        EXPECT_GT(file.size(), count);
    }
    // Also checks the checksum of what lies beyond 4 GiB.
    const std::string script = "import sys, zipfile\n"
                               "archive = zipfile.ZipFile(sys.argv[1])\n"
                               "for entry in archive.infolist():\n"
                               "    print(entry.filename, entry.file_size)\n"
                               "print(archive.read('after.npy')[-12:].hex(), archive.comment)\n"
                               "archive.open('zeros.npy').read(200)\n";
    ChildCommand python;
    python.words = {"/usr/bin/python3", "-c", script, path};
    const ProgramRun run = run_program(std::move(python), "");
    EXPECT_EQ(run.status, 0) << run.errors;
    EXPECT_EQ(run.output, fmt::format("before.npy 148\nzeros.npy {}\nafter.npy 140\n"
                                      "070000000800000009000000 b'mark'\n",
                                      count + 128));
}

} // namespace
} // namespace tinymf::host
