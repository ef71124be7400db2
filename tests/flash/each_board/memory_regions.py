# SPDX-License-Identifier: Apache-2.0
"""The two regions of a board's memory.ld, as numbers."""

import re

from emulated_board import SOURCE

UNITS = {"": 1, "K": 1024, "M": 1024 * 1024}


class Region:
    def __init__(self, begin, size):
        self.begin = begin
        self.size = size

    @property
    def end(self):
        return self.begin + self.size

    def holds(self, address):
        return self.begin <= address < self.end

    def __str__(self):
        return f"{self.begin:#010x}..{self.end:#010x}"


def size_of(text):
    """Bytes of the linker's sums and differences such as 4M - 64K."""
    terms = re.findall(r"([-+]?)\s*(\d+)([KM]?)", text)
    return sum((-1 if sign == "-" else 1) * int(count) * UNITS[unit]
               for sign, count, unit in terms)


def memory_regions(board):
    """{"FLASH": ..., "RAM": ...}"""
    text = (SOURCE / "firmware/boards" / board.name / "memory.ld").read_text()
    found = re.findall(r"(\w+) +\(\w+\) *: ORIGIN = (\w+), LENGTH = ([^\n]*)", text)
    return {name: Region(int(begin, 0), size_of(size)) for name, begin, size in found}
