#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The bytes that `tinymf boards` prints are those of the linked images.

An image announces sizeof of each profile as its own compiler laid it out; the host's table takes
them from the board's profiles.hpp, before any image exists. The application's memory in the image
must hold the largest profile. A size stated wrongly stops the build and names the right one.
"""
import json
import os
import pathlib
import re
import struct
import subprocess
import unittest

SOURCE = pathlib.Path(os.environ["TINYMF_SOURCE_DIR"])
BUILD = pathlib.Path(os.environ["TINYMF_BINARY_DIR"])
HELLO, PROFILE = 0x01, 0x02


def cobs_decoded(data):
    result = bytearray()
    while data:
        code = data[0]
        result += data[1:code]
        data = data[code:]
        if code < 255 and data:
            result.append(0)
    return bytes(result)


def announced_profiles(qemu, image):
    """Bytes of every profile, from the PROFILE frames an image sends when it starts."""
    process = subprocess.Popen([*qemu.split(), "-nographic", "-monitor", "none", "-serial", "stdio",
                                "-kernel", str(image)], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    expected, sizes, frame = None, [], bytearray()
    try:
        while expected is None or len(sizes) < expected:
            byte = process.stdout.read(1)
            if not byte:
                raise SystemExit(f"{image} ended before it had announced its profiles")
            if byte != b"\0":
                frame += byte
                continue
            content = cobs_decoded(bytes(frame))
            frame.clear()
            kind, payload = content[0], content[6:-4]
            if kind == HELLO:
                expected = payload[-1]
            elif kind == PROFILE:
                entries = [payload[i:i + 16] for i in range(1, len(payload), 16)]
                sizes += [struct.unpack_from("<I", entry, 12)[0] for entry in entries]
    finally:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()
    return sizes


def symbol_bytes(image, symbol):
    lines = subprocess.run(["arm-none-eabi-nm", "-S", "-C", image], check=True, text=True,
                           stdout=subprocess.PIPE).stdout.splitlines()
    sizes = [int(line.split()[1], 16) for line in lines if line.endswith(symbol)]
    assert len(sizes) == 1, f"{symbol} occurs {len(sizes)} times in {image}"
    return sizes[0]


def build_complaints(profiles):
    """The board compiler's words about a list of profiles."""
    return subprocess.run(
        ["arm-none-eabi-g++", "-std=c++20", "-fsyntax-only", "-mcpu=cortex-m0", "-mthumb",
         "-ffreestanding", "-I", SOURCE / "firmware", "-I", SOURCE / "sim_core/include",
         "-isystem", "/usr/include/eigen3", "-x", "c++", "-"],
        input=profiles.replace("#pragma once", ""), capture_output=True, text=True).stderr


class ProfileBytes(unittest.TestCase):
    def test_boards_prints_what_the_images_hold(self):
        output = subprocess.run([os.environ["TINYMF"], "boards", "--json"], check=True, text=True,
                                stdout=subprocess.PIPE).stdout
        boards = [board for board in json.loads(output)["boards"] if board.get("qemu")]
        self.assertGreaterEqual(len(boards), 2)
        for board in boards:
            image = BUILD.parent / board["name"] / "bin/tinymf-firmware.elf"
            self.assertTrue(image.exists(), f"build it with: toolchain/dev build {board['name']}")
            printed = [profile["bytes"] for profile in board["profiles"]]
            announced = announced_profiles(board["qemu"], image)
            memory = symbol_bytes(image, "application_memory")
            print(f"{board['name']}: printed {printed}, in the image {announced}, memory {memory}")
            self.assertEqual(printed, announced)
            self.assertGreaterEqual(memory, max(announced))

    def test_a_size_stated_wrongly_stops_the_build(self):
        profiles = (SOURCE / "firmware/boards/microbit/profiles.hpp").read_text()
        self.assertEqual(build_complaints(profiles), "")
        right = re.search(r"Sized<.*, (\d+)>", profiles).group(1)
        wrong = str(int(right) + 4)
        complaints = build_complaints(profiles.replace(right, wrong, 1))
        self.assertIn(f"'({wrong} == {right})'", complaints)


if __name__ == "__main__":
    unittest.main()
