#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The UF2 writer, and the readers that hold every image's files against each other: right files pass,
and each seeded damage is found."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

SOURCE = pathlib.Path(os.environ["TINYMF_SOURCE_DIR"])
sys.path.insert(0, str(SOURCE / "tests/flash/each_board"))
from image_bytes import hex_bytes, uf2_bytes  # noqa: E402

FAMILY = 0xE48BFF56
# 16 bytes across the end of a 64 KiB segment, then 4 far away.
HEX = """\
:020000041000EA
:08FFF8000102030405060708DD
:020000041001E9
:0800000009000A0B0C0D0E0FA4
:04020000DEADBEEFC2
:00000001FF
"""
CONTENT = {0x1000FFF8 + i: byte
           for i, byte in enumerate(bytes.fromhex("010203040506070809000a0b0c0d0e0f"))}
CONTENT |= {0x10010200 + i: byte for i, byte in enumerate(bytes.fromhex("deadbeef"))}


def uf2(text):
    """The finished process, and the file it wrote, if any."""
    with tempfile.TemporaryDirectory() as name:
        source, target = pathlib.Path(name) / "image.hex", pathlib.Path(name) / "image.uf2"
        source.write_text(text)
        done = subprocess.run([SOURCE / "toolchain/uf2.py", "--family", hex(FAMILY), "--hex", source,
                               "-o", target], text=True, capture_output=True)
        return done, target.read_bytes() if target.exists() else b""


class HexReader(unittest.TestCase):
    def test_reads_records_across_segments(self):
        self.assertEqual(hex_bytes(HEX), CONTENT)

    def test_finds_each_damage(self):
        lines = HEX.splitlines()
        damaged = {
            "wrong checksum": HEX.replace("DEADBEEF", "DEADBEEE"),
            "another length": HEX.replace(":04020000", ":05020000"),
            "no end record": "\n".join(lines[:-1]),
            "follows the end": HEX + lines[0],
            "writes bytes again": "\n".join([*lines[:-1], lines[-2], lines[-1]]),
            "is no record": HEX.replace(":04", "04"),
        }
        for words, text in damaged.items():
            with self.subTest(damage=words), self.assertRaisesRegex(AssertionError, words):
                hex_bytes(text)


class Uf2Writer(unittest.TestCase):
    def test_fills_pages_and_leaves_gaps_out(self):
        done, content = uf2(HEX)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        image = uf2_bytes(content, FAMILY)
        self.assertEqual({address: image[address] for address in CONTENT}, CONTENT)
        self.assertEqual({address // 256 for address in image}, {0x1000FF, 0x100100, 0x100102})
        self.assertEqual({image[address] for address in image.keys() - CONTENT.keys()}, {0xFF})

    def test_refuses_a_damaged_hex_file(self):
        done, content = uf2(HEX.replace("DEADBEEF", "DEADBEEE"))
        self.assertEqual((done.returncode, content), (1, b""))
        self.assertIn("no sound record", done.stderr)

    def test_the_reader_finds_each_damage(self):
        _, content = uf2(HEX)
        uf2_bytes(content, FAMILY)
        for offset, meaning in {0: "magic", 4: "second magic", 8: "flags", 12: "address",
                                16: "size", 20: "number", 24: "count", 28: "family",
                                508: "last magic"}.items():
            damaged = bytearray(content)
            damaged[offset] ^= 1
            with self.subTest(damage=meaning), self.assertRaises(AssertionError):
                uf2_bytes(bytes(damaged), FAMILY)
        with self.assertRaises(AssertionError):
            uf2_bytes(content[:-512], FAMILY)


class DriveCopier(unittest.TestCase):
    def test_says_what_to_do_when_there_is_no_drive(self):
        done = subprocess.run([SOURCE / "toolchain/copy_to_drive", "NO-SUCH-DRIVE", __file__],
                              text=True, capture_output=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn("no mounted drive is labelled NO-SUCH-DRIVE", done.stderr)


if __name__ == "__main__":
    unittest.main()
