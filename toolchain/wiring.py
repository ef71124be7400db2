#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints docs/wiring.md: what firmware/boards says of serial lines, pins, ports and power."""

import pathlib
import re

SOURCE = pathlib.Path(__file__).resolve().parents[1]
BOARDS = SOURCE / "firmware/boards"
FACTS = ("UART", "SENDS_ON", "RECEIVES_ON", "APPEARS_AS", "POWERED_BY")
HEAD = """<!-- SPDX-License-Identifier: Apache-2.0 -->
# Wiring

*Which two pins to connect, which port appears, and where the power comes from.*

Written by `toolchain/wiring.py` out of `firmware/boards`; do not edit. Every board sends and receives
at 115,200 baud, 8 bits, no parity, one stop bit, no flow control, with levels of 0 and 3.3 V. A serial
adapter takes three wires: its receiver to the pin that sends, its sender to the pin that receives, and
ground.

| board | serial line | sends on | receives on | appears as | powered by |
| --- | --- | --- | --- | --- | --- |
"""
TAIL = """
The pins lead to the interface chip inside the board unless a header is named; where an adapter is asked
for, the board shows no port of its own. The other boards exist in QEMU only.
"""


def fact(text, name):
    found = re.search(rf'set\(TINYMF_BOARD_{name} (?:"([^"]*)"|([^\s")]+))\)', text)
    return (found.group(1) or found.group(2)) if found else ""


def wired_boards():
    """{board: its facts}, of the boards that have a serial line outside of an emulator."""
    texts = {path.parent.name: path.read_text() for path in sorted(BOARDS.glob("*/board.cmake"))}
    return {name: {key: fact(text, key) for key in FACTS} for name, text in texts.items()
            if fact(text, "UART")}


def page():
    rows = "".join(f"| {name} | {' | '.join(facts[key] for key in FACTS)} |\n"
                   for name, facts in wired_boards().items())
    return HEAD + rows + TAIL


if __name__ == "__main__":
    print(page(), end="")
