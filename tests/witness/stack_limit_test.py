#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every image of an ARMv8-M core sets the limit of the stack pointer in its first function, to the
lowest address of the stack; images of other cores cannot."""

import os
import pathlib
import re
import subprocess
import sys
import unittest

SOURCE = pathlib.Path(os.environ["TINYMF_SOURCE_DIR"])
sys.path[:0] = [str(SOURCE / "tests/witness"), str(SOURCE / "tests/emulator/each_board")]
from emulated_board import EmulatedBoard  # noqa: E402
from witness_packages import skip_without_compiler  # noqa: E402

LIMITED, UNLIMITED = ("mps2-an505", "mps3-an547"), "mps2-an386"
IMAGE = "tinymf-firmware"


def reset_function(board):
    """Its instructions and constants, as the disassembler prints them."""
    return subprocess.run([f"{board.tools}objdump", "-d", "--disassemble=reset", board.image(IMAGE)],
                          check=True, capture_output=True, text=True).stdout


def stack_bottom(board):
    symbols = subprocess.run([f"{board.tools}nm", board.image(IMAGE)], check=True,
                             capture_output=True, text=True).stdout
    return re.search(r"^([0-9a-f]{8}) \w tinymf_stack_bottom$", symbols, re.MULTILINE).group(1)


class StackLimit(unittest.TestCase):
    def test_is_set_where_the_core_has_one(self):
        for name in LIMITED:
            with self.subTest(board=name):
                board = EmulatedBoard(name)
                skip_without_compiler(self, board)
                code = reset_function(board)
                self.assertRegex(code, r"msr\s+MSPLIM, r\d")
                self.assertIn(f"0x{stack_bottom(board)}", code)

    def test_older_cores_do_without(self):
        board = EmulatedBoard(UNLIMITED)
        skip_without_compiler(self, board)
        self.assertNotIn("MSPLIM", reset_function(board))


if __name__ == "__main__":
    unittest.main()
