#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""docs/wiring.md is what the boards' files say, and they say what the image does: the same pins and
serial line as the schematic's that the strict model of the board checks, at the address and the rate
that board.hpp sets."""

import os
import pathlib
import re
import sys
import unittest

SOURCE = pathlib.Path(os.environ["TINYMF_SOURCE_DIR"])
sys.path[:0] = [str(SOURCE / "tests/witness"), str(SOURCE / "toolchain")]
import wiring  # noqa: E402
from strict import registers  # noqa: E402
from strict.boards import BOARDS  # noqa: E402
from strict.chip import BAUD  # noqa: E402

PAGE = SOURCE / "docs/wiring.md"
# These families have one serial line, at one rate, and so name neither in board.hpp.
ADDRESS_IN_FAMILY = {"microbit": "nrf5", "microbit-v2": "nrf5", "hifive1-revb": "sifive"}


def number(text):
    return int(text.replace("'", ""), 0)


def problems(name, facts, header):
    """Where a board's facts differ from its model and its header."""
    line, send, receive = BOARDS[name].wiring
    found = []
    for key, expected in (("UART", line), ("SENDS_ON", send), ("RECEIVES_ON", receive)):
        if not re.match(rf"{re.escape(expected)}( \(|$)", facts[key]):
            found.append(f"{key} is {facts[key]}, wired is {expected}")
    table = registers.load(BOARDS[name].table).values()
    address = next(register.block.address for register in table if register.block.name == line)
    used = [number(text) for text in re.findall(r"0x[0-9a-f']{9,}", header)]
    if address not in used:
        found.append(f"{line} is at {address:#x}, the header names {[hex(place) for place in used]}")
    rates = {number(text) for text in re.findall(r"\b115'?\d{3}\b", header)}
    if rates != {BAUD}:
        found.append(f"rates {rates}")
    for key in wiring.FACTS:
        if not facts[key]:
            found.append(f"no {key}")
    return found


def header_of(name):
    text = (wiring.BOARDS / name / "board.hpp").read_text()
    if name in ADDRESS_IN_FAMILY:
        text += (SOURCE / "firmware/families" / ADDRESS_IN_FAMILY[name] / "uart.hpp").read_text()
    return text.replace("115,200", "115'200").replace("baud_115200", "115'200")


class Wiring(unittest.TestCase):
    def test_the_page_is_what_the_boards_say(self):
        self.assertEqual(PAGE.read_text(), wiring.page())

    def test_every_board_outside_of_emulators_is_wired(self):
        flashed = {path.parent.name for path in wiring.BOARDS.glob("*/board.cmake")
                   if "TINYMF_BOARD_OPENOCD" in path.read_text()}
        self.assertEqual(set(wiring.wired_boards()), flashed)
        self.assertEqual(set(BOARDS), flashed)

    def test_boards_say_what_their_images_do(self):
        for name, facts in wiring.wired_boards().items():
            with self.subTest(board=name):
                self.assertEqual(problems(name, facts, header_of(name)), [])

    def test_each_difference_is_noticed(self):
        for name, facts in wiring.wired_boards().items():
            header = header_of(name)
            for key in wiring.FACTS:
                self.assertTrue(problems(name, {**facts, key: ""}, header), (name, key))
            for key in ("UART", "SENDS_ON", "RECEIVES_ON"):
                other = facts[key].split(" (")[0] + "1"
                self.assertTrue(problems(name, {**facts, key: other}, header), (name, key))
            self.assertTrue(problems(name, facts, header.replace("115'200", "115'201")), name)
            self.assertTrue(problems(name, facts, re.sub(r"0x([45])", r"0x7", header)
                                     .replace("0x1001", "0x7001")), name)


if __name__ == "__main__":
    unittest.main()
