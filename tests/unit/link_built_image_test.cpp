// SPDX-License-Identifier: Apache-2.0
#include "device/open_link.hpp"

#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "base/host_error.hpp"
#include "unit/capture_files.hpp"

namespace tinymf::host {
namespace {

TEST(BuiltImage, OneThatIsMissingIsNamedWithTheCommandThatMakesIt) {
    const test::TestFolder builds;
    try {
        static_cast<void>(open_link("qemu:mps2-an386", {.image = {}, .builds = builds / ""}));
        FAIL() << "there is no image";
    } catch (const HostError& error) {
        EXPECT_EQ(error.exit_code(), 4);
        EXPECT_EQ(
            std::string(error.what()),
            "qemu:mps2-an386: no firmware image " + std::string(builds / "") +
                "mps2-an386/bin/tinymf-firmware.elf; toolchain/dev build mps2-an386 makes it");
    }
}

TEST(BuiltImage, IsThatOfItsBoard) {
    const test::TestFolder builds;
    const std::filesystem::path folder = builds / "microbit/bin";
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "tinymf-firmware.elf") << "an image";
    EXPECT_EQ(built_image(builds / "", "microbit"), folder / "tinymf-firmware.elf");
    EXPECT_THROW(static_cast<void>(built_image(builds / "", "mps2-an386")), HostError);
}

} // namespace
} // namespace tinymf::host
