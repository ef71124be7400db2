// SPDX-License-Identifier: Apache-2.0
// The link to an emulated board, with a firmware of 56 bytes that answers every byte with itself.
#include "device/qemu_link.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <string>

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/host_error.hpp"
#include "unit/capture_files.hpp"

namespace tinymf::host {
namespace {

using namespace std::chrono_literals;
using test::Bytes;

constexpr std::uint8_t end_of_transmission = 4;

// Cortex-M, CMSDK UART at 0x40004000: enable both directions; for ever read a byte, write it back,
// and after END OF TRANSMISSION ask for a reset, which ends QEMU.
const Bytes echo_firmware{
    0x00, 0x10, 0x00, 0x20, 0x09, 0x00, 0x00, 0x00, // stack, reset vector
    0x4F, 0xF0, 0x40, 0x20,                         // mov.w r0, #0x40004000
    0x10, 0x21, 0x01, 0x61,                         // movs r1, #16; str r1, [r0, #16]
    0x03, 0x21, 0x81, 0x60,                         // movs r1, #3; str r1, [r0, #8]
    0x42, 0x68, 0x93, 0x07, 0xFC, 0xD5,             // ldr r2, [r0, #4]; lsls r3, r2, #30; bpl
    0x01, 0x68,                                     // ldr r1, [r0]
    0x42, 0x68, 0xD3, 0x07, 0xFC, 0xD4,             // ldr r2, [r0, #4]; lsls r3, r2, #31; bmi
    0x01, 0x60,                                     // str r1, [r0]
    0x04, 0x29, 0xF5, 0xD1,                         // cmp r1, #4; bne
    0x01, 0x48, 0x02, 0x49, 0x01, 0x60, 0xFE, 0xE7, // *AIRCR = SYSRESETREQ; b .
    0x0C, 0xED, 0x00, 0xE0, 0x04, 0x00, 0xFA, 0x05,
};

class QemuLinkTest : public testing::Test {
protected:
    QemuLinkTest() {
        test::write_file(folder_ / "echo.bin", echo_firmware);
        board_ = {.name = "echo",
                  .command = "qemu-system-arm -M mps2-an386",
                  .image = folder_ / "echo.bin"};
    }

    /// What opening the board and waiting for a byte throws.
    [[nodiscard]] std::string refusal() const {
        try {
            QemuLink link(board_);
            std::array<std::uint8_t, 8> chunk{};
            static_cast<void>(link.read(chunk, 20s));
        } catch (const HostError& error) {
            return std::to_string(error.exit_code()) + ": " + error.what();
        }
        return {};
    }

    test::TestFolder folder_;
    QemuBoard board_;
};

Bytes receive(ByteLink& link, std::size_t size) {
    Bytes all;
    std::array<std::uint8_t, 4096> chunk{};
    const auto deadline = std::chrono::steady_clock::now() + 60s;
    while (all.size() < size && !link.ended() && std::chrono::steady_clock::now() < deadline) {
        const std::size_t count = link.read(chunk, 100ms);
        all.insert(all.end(), chunk.begin(), chunk.begin() + static_cast<std::ptrdiff_t>(count));
    }
    return all;
}

/// Every byte value but END OF TRANSMISSION.
Bytes piece_of_512(std::uint8_t round) {
    Bytes piece(512);
    for (std::size_t index = 0; index < piece.size(); ++index) {
        const auto value = static_cast<std::uint8_t>(index * 7 + index / 256 + round);
        piece[index] = value == end_of_transmission ? 0 : value;
    }
    return piece;
}

bool has_children() {
    return ::waitpid(-1, nullptr, WNOHANG) != -1 || errno != ECHILD;
}

TEST_F(QemuLinkTest, PassesEveryByteAndEndsWithTheFirmware) {
    for (const bool counted_time : {false, true}) {
        board_.counted_time = counted_time;
        QemuLink link(board_);
        for (std::uint8_t round = 0; round < 32; ++round) {
            const Bytes piece = piece_of_512(round);
            link.write(piece);
            ASSERT_EQ(receive(link, piece.size()), piece);
        }
        link.write(Bytes{end_of_transmission});
        EXPECT_EQ(receive(link, 2), Bytes{end_of_transmission});
        EXPECT_TRUE(link.ended());
        EXPECT_FALSE(has_children());
    }
}

TEST_F(QemuLinkTest, LeavesNoProcessBehind) {
    {
        QemuLink link(board_);
        link.write(Bytes{1});
        EXPECT_EQ(receive(link, 1), Bytes{1});
        EXPECT_TRUE(has_children());
    }
    EXPECT_FALSE(has_children());
}

TEST_F(QemuLinkTest, LeavesNoProcessBehindWhenThisOneIsKilled) {
    std::array<int, 2> pipe{};
    ASSERT_EQ(::pipe(pipe.data()), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        // QEMU inherits the pipe's writing end, so that its end can be seen.
        QemuLink link(board_);
        link.write(Bytes{1});
        static_cast<void>(receive(link, 1));
        ::raise(SIGKILL);
    }
    ::close(pipe[1]);
    ASSERT_EQ(::waitpid(child, nullptr, 0), child);
    pollfd last_holder_gone{pipe[0], POLLIN, 0};
    EXPECT_EQ(::poll(&last_holder_gone, 1, 20'000), 1);
    EXPECT_EQ(last_holder_gone.revents & (POLLIN | POLLHUP), POLLHUP);
    ::close(pipe[0]);
}

TEST_F(QemuLinkTest, SaysWhyQemuCannotBeStarted) {
    board_.command = "no-such-emulator -M x";
    EXPECT_EQ(refusal(),
              "4: qemu:echo: no-such-emulator is not installed; on Debian: apt-get install "
              "qemu-system-misc");
}

TEST_F(QemuLinkTest, PassesOnWhatQemuComplainsAbout) {
    board_.command = "qemu-system-arm -M no-such-machine";
    EXPECT_EQ(refusal(), "4: qemu:echo: QEMU ended with status 1: qemu-system-arm: unsupported "
                         "machine type");
}

TEST_F(QemuLinkTest, NamesAMissingImage) {
    board_.image = folder_ / "absent.elf";
    EXPECT_EQ(refusal(), "4: qemu:echo: " + board_.image.string() + ": No such file or directory");
}

} // namespace
} // namespace tinymf::host
