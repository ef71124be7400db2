// SPDX-License-Identifier: Apache-2.0
// Links against real pseudo-terminals, sockets and files, vanishing peers included.
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <thread>

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/file_descriptor.hpp"
#include "base/host_error.hpp"
#include "capture/capture_writer.hpp"
#include "capture_files.hpp"
#include "device/descriptor_link.hpp"
#include "device/open_link.hpp"

namespace tinymf::host {
namespace {

using namespace std::chrono_literals;
using test::Bytes;

constexpr auto patience = 10s;

/// Every byte value, in an order without period.
Bytes sample_bytes(std::size_t size) {
    Bytes bytes(size);
    std::uint32_t state = 1;
    for (std::uint8_t& byte : bytes) {
        state = state * 1664525U + 1013904223U;
        byte = static_cast<std::uint8_t>(state >> 24U);
    }
    return bytes;
}

/// Reads until `size` bytes came, the line ended or the patience did.
Bytes receive(ByteLink& link, std::size_t size) {
    Bytes all;
    std::array<std::uint8_t, 4096> chunk{};
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (all.size() < size && !link.ended() && std::chrono::steady_clock::now() < deadline) {
        const std::size_t count = link.read(chunk, 100ms);
        all.insert(all.end(), chunk.begin(), chunk.begin() + static_cast<std::ptrdiff_t>(count));
    }
    return all;
}

/// "exit code: message" of what the action throws; empty when it throws nothing.
template <class Action>
std::string refusal_of(Action&& action) {
    try {
        action();
    } catch (const HostError& error) {
        return std::to_string(error.exit_code()) + ": " + error.what();
    }
    return {};
}

/// The device's side of a pseudo-terminal.
class PtyDevice {
public:
    PtyDevice() : line_(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)) {
        EXPECT_TRUE(line_.open());
        EXPECT_EQ(::grantpt(line_.number()), 0);
        EXPECT_EQ(::unlockpt(line_.number()), 0);
        path_ = ::ptsname(line_.number());
    }
    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] const FileDescriptor& line() const { return line_; }
    void vanish() { line_.reset(); }

private:
    FileDescriptor line_;
    std::string path_;
};

/// Listens on a free port of this machine.
class TcpDevice {
public:
    TcpDevice() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof(address);
        auto* const any = reinterpret_cast<sockaddr*>(&address);
        EXPECT_EQ(::bind(listener_.number(), any, size), 0);
        EXPECT_EQ(::listen(listener_.number(), 1), 0);
        EXPECT_EQ(::getsockname(listener_.number(), any, &size), 0);
        port_ = ntohs(address.sin_port);
    }
    [[nodiscard]] std::string source() const { return "tcp:127.0.0.1:" + std::to_string(port_); }
    [[nodiscard]] FileDescriptor accept() const {
        return FileDescriptor(::accept(listener_.number(), nullptr, nullptr));
    }

private:
    FileDescriptor listener_;
    std::uint16_t port_ = 0;
};

TEST(PtyLink, PassesEveryByteUnchangedInBothDirections) {
    PtyDevice device;
    const auto link = open_link("pty:" + device.path());
    const Bytes sent = sample_bytes(2000);
    write_fully(device.line(), sent, "device", 4);
    EXPECT_EQ(receive(*link, sent.size()), sent);
    link->write(sent);
    Bytes received(sent.size());
    EXPECT_EQ(read_fully(device.line(), received, "device", 4), sent.size());
    EXPECT_EQ(received, sent);
}

TEST(PtyLink, ReturnsWhenTheTimeIsUp) {
    PtyDevice device;
    const auto link = open_link("pty:" + device.path());
    std::array<std::uint8_t, 8> chunk{};
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(link->read(chunk, 50ms), 0U);
    EXPECT_GE(std::chrono::steady_clock::now() - start, 50ms);
    EXPECT_FALSE(link->ended());
    EXPECT_EQ(link->read(chunk, 0ms), 0U);
}

TEST(PtyLink, EndsWhenTheDeviceGoesAndFailsToWrite) {
    PtyDevice device;
    const auto link = open_link("pty:" + device.path());
    device.vanish();
    std::array<std::uint8_t, 8> chunk{};
    EXPECT_EQ(link->read(chunk, patience), 0U);
    EXPECT_TRUE(link->ended());
    EXPECT_EQ(refusal_of([&link] { link->write(Bytes{1}); }),
              "4: pty:" + device.path() + ": Input/output error");
}

TEST(PtyLink, GivesUpOnADeviceThatTakesNothing) {
    PtyDevice device;
    DescriptorLink link(FileDescriptor(::open(device.path().c_str(), O_RDWR | O_NOCTTY)),
                        "pty:full", HangUp::ends, 50ms);
    EXPECT_EQ(refusal_of([&link] { link.write(Bytes(1U << 20U, 1)); }),
              "4: pty:full: did not take all bytes in 50 ms");
}

TEST(SerialLink, PassesEveryByteUnchanged) {
    PtyDevice device;
    const auto link = open_link("serial:" + device.path() + "@115200");
    const Bytes sent = sample_bytes(2000);
    write_fully(device.line(), sent, "device", 4);
    EXPECT_EQ(receive(*link, sent.size()), sent);
}

TEST(SerialLink, AnUnpluggedDeviceIsAFailure) {
    PtyDevice device;
    const auto link = open_link("serial:" + device.path() + "@115200");
    device.vanish();
    std::array<std::uint8_t, 8> chunk{};
    EXPECT_EQ(refusal_of([&] { static_cast<void>(link->read(chunk, patience)); }),
              "4: serial:" + device.path() + ": the device is gone");
}

TEST(TcpLink, PassesEveryByteInBothDirectionsThenEnds) {
    TcpDevice device;
    const auto link = open_link(device.source());
    FileDescriptor peer = device.accept();
    const Bytes sent = sample_bytes(1U << 20U);
    std::thread sender([&] {
        write_fully(peer, sent, "device", 4);
        Bytes back(5);
        EXPECT_EQ(read_fully(peer, back, "device", 4), 5U);
        EXPECT_EQ(back, (Bytes{1, 0, 2, 0, 3}));
        peer.reset();
    });
    EXPECT_EQ(receive(*link, sent.size()), sent);
    link->write(Bytes{1, 0, 2, 0, 3});
    EXPECT_TRUE(receive(*link, 1).empty());
    EXPECT_TRUE(link->ended());
    sender.join();
}

TEST(TcpLink, AResetConnectionIsAFailureAndNoSignal) {
    TcpDevice device;
    const auto link = open_link(device.source());
    FileDescriptor peer = device.accept();
    const linger at_once{1, 0};
    ASSERT_EQ(::setsockopt(peer.number(), SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once)), 0);
    peer.reset();
    std::array<std::uint8_t, 8> chunk{};
    EXPECT_EQ(refusal_of([&] { static_cast<void>(link->read(chunk, patience)); }),
              "4: " + device.source() + ": Connection reset by peer");
    EXPECT_EQ(refusal_of([&] { link->write(Bytes{1}); }),
              "4: " + device.source() + ": Broken pipe");
}

TEST(RecordingLink, PlaysAFileThenEnds) {
    const test::TestFolder folder;
    const auto path = folder / "raw";
    const Bytes recorded = sample_bytes(10'000);
    test::write_file(path, recorded);
    const auto link = open_link("file:" + path.string());
    EXPECT_FALSE(link->takes_commands());
    link->write(Bytes{1, 2, 3});
    EXPECT_EQ(receive(*link, recorded.size() + 1), recorded);
    EXPECT_TRUE(link->ended());
    EXPECT_EQ(test::read_file(path), recorded);
}

TEST(RecordingLink, PassesOverACapturesHeader) {
    const test::TestFolder folder;
    const auto path = folder / "run.tmf";
    const Bytes stream = sample_bytes(100);
    CaptureWriter writer(path, {.experiment = "x", .source = "", .delivery = "", .host_tool = {}});
    writer.append(stream);
    writer.close();
    const auto link = open_link("file:" + path.string());
    EXPECT_EQ(receive(*link, stream.size() + 1), stream);
}

TEST(RecordingLink, RefusesADamagedCaptureHeader) {
    const test::TestFolder folder;
    const auto path = folder / "run.tmf";
    test::write_file(path, {'T', 'M', 'F', 'C', 'A', 'P', 1});
    EXPECT_EQ(refusal_of([&] { static_cast<void>(open_link("file:" + path.string())); }),
              "3: " + path.string() + ": capture header is cut short");
}

} // namespace
} // namespace tinymf::host
