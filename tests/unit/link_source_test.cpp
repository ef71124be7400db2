// SPDX-License-Identifier: Apache-2.0
#include "device/link_source.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "base/host_error.hpp"
#include "device/open_link.hpp"

namespace tinymf::host {
namespace {

TEST(LinkSource, ReadsEveryKind) {
    EXPECT_EQ(parse_link_source("serial:/dev/ttyACM0@115200"),
              (LinkSource{SerialSource{"/dev/ttyACM0", 115200}}));
    EXPECT_EQ(parse_link_source("serial:/dev/a@b@9600"),
              (LinkSource{SerialSource{"/dev/a@b", 9600}}));
    EXPECT_EQ(parse_link_source("pty:/dev/pts/3"), (LinkSource{PtySource{"/dev/pts/3"}}));
    EXPECT_EQ(parse_link_source("tcp:localhost:4000"),
              (LinkSource{TcpSource{"localhost", "4000"}}));
    EXPECT_EQ(parse_link_source("tcp:[::1]:65535"), (LinkSource{TcpSource{"::1", "65535"}}));
    EXPECT_EQ(parse_link_source("tcp:::1:1"), (LinkSource{TcpSource{"::1", "1"}}));
    EXPECT_EQ(parse_link_source("file:a:b@c.tmf"), (LinkSource{FileSource{"a:b@c.tmf"}}));
    EXPECT_EQ(parse_link_source("qemu:microbit"), (LinkSource{QemuSource{"microbit"}}));
}

struct BadSource {
    std::string_view text;
    int exit_code;
    std::string_view part_of_message;
};

class BadSources : public testing::TestWithParam<BadSource> {};

TEST_P(BadSources, AreRefusedInOneLine) {
    try {
        static_cast<void>(open_link(GetParam().text));
        FAIL() << "was opened";
    } catch (const HostError& error) {
        const std::string message = error.what();
        EXPECT_EQ(error.exit_code(), GetParam().exit_code);
        EXPECT_NE(message.find(GetParam().part_of_message), std::string::npos) << message;
        EXPECT_EQ(message.find('\n'), std::string::npos);
    }
}

constexpr std::string_view kinds =
    "expected serial:DEV@BAUD, pty:PATH, tcp:HOST:PORT, file:PATH or qemu:BOARD";

INSTANTIATE_TEST_SUITE_P(
    Link, BadSources,
    testing::Values(
        BadSource{"", 2, kinds}, BadSource{":", 2, kinds}, BadSource{"serial", 2, "expected"},
        BadSource{"usb:/dev/ttyACM0", 2, kinds}, BadSource{"Serial:/dev/ttyACM0@9600", 2, kinds},
        BadSource{"/dev/ttyACM0", 2, kinds}, BadSource{" tcp:a:1", 2, kinds},
        BadSource{"serial:", 2, "expected serial:DEV@BAUD"},
        BadSource{"serial:/dev/ttyACM0", 2, "expected serial:DEV@BAUD"},
        BadSource{"serial:@9600", 2, "expected serial:DEV@BAUD"},
        BadSource{"serial:/dev/ttyACM0@", 2, "baud rate must be one of 9600"},
        BadSource{"serial:/dev/ttyACM0@12345", 2, "baud rate must be one of 9600"},
        BadSource{"serial:/dev/ttyACM0@115200x", 2, "baud rate must be one of 9600"},
        BadSource{"serial:/dev/ttyACM0@-9600", 2, "baud rate must be one of 9600"},
        BadSource{"serial:/dev/ttyACM0@99999999999999", 2, "baud rate must be one of 9600"},
        BadSource{"serial:/dev/absent@9600", 4, "serial:/dev/absent: No such file or directory"},
        BadSource{"serial:/dev/null@9600", 4, "not a terminal device"},
        BadSource{"pty:", 2, "the path is missing"},
        BadSource{"pty:/dev/absent", 4, "pty:/dev/absent: No such file or directory"},
        BadSource{"pty:/dev/zero", 4, "not a terminal device"},
        BadSource{"tcp:", 2, "expected tcp:HOST:PORT"},
        BadSource{"tcp:localhost", 2, "expected tcp:HOST:PORT"},
        BadSource{"tcp::4000", 2, "expected tcp:HOST:PORT"},
        BadSource{"tcp:[]:4000", 2, "the host is missing"},
        BadSource{"tcp:localhost:", 2, "port must be a number from 1 to 65535"},
        BadSource{"tcp:localhost:0", 2, "port must be a number from 1 to 65535"},
        BadSource{"tcp:localhost:65536", 2, "port must be a number from 1 to 65535"},
        BadSource{"tcp:localhost:http", 2, "port must be a number from 1 to 65535"},
        BadSource{"tcp:127.0.0.1:1", 4, "tcp:127.0.0.1:1: Connection refused"},
        BadSource{"file:", 2, "the path is missing"},
        BadSource{"file:/absent/run.tmf", 2, "/absent/run.tmf: No such file or directory"},
        BadSource{"file:/tmp", 2, "/tmp: not a regular file"},
        BadSource{"file:/dev/zero", 2, "/dev/zero: not a regular file"},
        BadSource{"qemu:", 2, "the board is missing"},
        BadSource{"qemu:no-such-board", 2, "boards with an emulator are "},
        BadSource{"qemu:../microbit", 2, "boards with an emulator are "},
        BadSource{std::string_view("pty:/dev/pts\0/1", 15), 2, "a zero byte"}));

TEST(OpenLink, SaysWhereTheImageShouldBe) {
    try {
        static_cast<void>(open_link("qemu:microbit", {.image = "/absent/firmware.elf"}));
        FAIL() << "was opened";
    } catch (const HostError& error) {
        EXPECT_EQ(error.exit_code(), 4);
        EXPECT_STREQ(error.what(),
                     "qemu:microbit: /absent/firmware.elf: No such file or directory");
    }
}

} // namespace
} // namespace tinymf::host
