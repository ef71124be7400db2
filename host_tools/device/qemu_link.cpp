// SPDX-License-Identifier: Apache-2.0
#include "device/qemu_link.hpp"

#include <array>
#include <cerrno>
#include <sstream>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/host_error.hpp"
#include "base/problem_list.hpp"

namespace tinymf::host {
namespace {

[[noreturn]] void fail(const std::string& name, std::string_view reason) {
    throw HostError(exit_link_failed, fmt::format("{}: {}", name, reason));
}

/// The serial line is standard input and output: no name in the file system to race for or clean
/// up.
std::vector<std::string> command_line(const QemuBoard& board) {
    std::vector<std::string> words;
    std::istringstream command(board.command);
    for (std::string word; command >> word;) {
        words.push_back(word);
    }
    for (const char* word : {"-nographic", "-monitor", "none", "-no-reboot", "-serial", "stdio"}) {
        words.emplace_back(word);
    }
    if (board.counted_time) {
        words.emplace_back("-icount");
        words.emplace_back("shift=0,sleep=off");
    }
    words.emplace_back("-kernel");
    words.push_back(board.image.string());
    return words;
}

FileDescriptor nameless_file(const std::string& name) {
    FileDescriptor file(::memfd_create("tinymf-qemu", MFD_CLOEXEC));
    if (!file.open()) {
        fail(name, with_reason("memory file", errno));
    }
    return file;
}

/// The Debian package that holds an emulator.
std::string_view package_of(std::string_view emulator) {
    return emulator == "qemu-system-arm" ? "qemu-system-arm" : "qemu-system-misc";
}

} // namespace

QemuLink::QemuLink(const QemuBoard& board)
    : name_("qemu:" + board.name), said_(nameless_file(name_)) {
    if (::access(board.image.c_str(), R_OK) != 0) {
        fail(name_, with_reason(board.image.string(), errno));
    }
    std::array<int, 2> commands{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, commands.data()) != 0) {
        fail(name_, with_reason("socket", errno));
    }
    const FileDescriptor input(commands[1]);
    to_board_ = std::make_unique<DescriptorLink>(FileDescriptor(commands[0]), name_, HangUp::ends);

    // A pipe, because boards send byte by byte: a socket is full after some 280 of them, and QEMU
    // raises no interrupt when a byte that it had to hold back leaves at last.
    std::array<int, 2> stream{};
    if (::pipe2(stream.data(), O_CLOEXEC) != 0) {
        fail(name_, with_reason("pipe", errno));
    }
    const FileDescriptor output(stream[1]);
    from_board_ = std::make_unique<DescriptorLink>(FileDescriptor(stream[0]), name_, HangUp::ends);
    start(board, input, output);
}

void QemuLink::start(const QemuBoard& board, const FileDescriptor& input,
                     const FileDescriptor& output) {
    ChildCommand command;
    command.words = command_line(board);
    command.input = input.number();
    command.output = output.number();
    command.errors = said_.number();
    try {
        process_.emplace(command);
    } catch (const std::system_error& error) {
        const std::string& emulator = command.words.front();
        if (error.code() == std::errc::no_such_file_or_directory) {
            fail(name_, fmt::format("{} is not installed; on Debian: apt-get install {}", emulator,
                                    package_of(emulator)));
        }
        fail(name_, fmt::format("{} cannot be started: {}", emulator, error.code().message()));
    }
}

std::size_t QemuLink::read(std::span<std::uint8_t> bytes, std::chrono::milliseconds limit) {
    const std::size_t count = from_board_->read(bytes, limit);
    if (count == 0 && from_board_->ended()) {
        expect_orderly_exit();
    }
    return count;
}

void QemuLink::write(std::span<const std::uint8_t> bytes) {
    try {
        to_board_->write(bytes);
    } catch (const HostError&) {
        constexpr std::chrono::milliseconds patience{500};
        if (process_->wait(patience)) {
            expect_orderly_exit(); // why the line broke
        }
        throw;
    }
}

void QemuLink::expect_orderly_exit() {
    constexpr std::chrono::milliseconds patience{2000};
    const auto status = process_->wait(patience);
    if (!status) {
        fail(name_, "QEMU closed the board's line and does not end");
    }
    if (*status != 0) {
        const std::string said = said_on_stderr();
        fail(name_,
             fmt::format("QEMU {}{}{}", wait_status_text(*status), said.empty() ? "" : ": ", said));
    }
}

/// The first line.
std::string QemuLink::said_on_stderr() const {
    std::array<char, 512> text{};
    const ssize_t count = ::pread(said_.number(), text.data(), text.size(), 0);
    const std::string_view all(text.data(), count > 0 ? static_cast<std::size_t>(count) : 0);
    return printable(all.substr(0, all.find('\n')), text.size());
}

} // namespace tinymf::host
