#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The bytes that `tinymf boards` prints are those of the linked image.

An image announces sizeof of each profile as its own compiler laid it out; the host's table takes
them from the board's profiles.hpp, before any image exists. The application's memory in the image
must hold the largest profile.
"""
import json
import os
import struct
import subprocess
import sys

from emulated_board import board_under_test
from wire_frames import read_frame

HELLO, PROFILE = 0x01, 0x02
ENTRY = 19  # bytes of a profile in a PROFILE frame; the last four are its size


def announced_profiles(board):
    """Bytes of every profile, from the PROFILE frames an image sends when it starts."""
    process = subprocess.Popen(board.command("tinymf-firmware"), stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    expected, sizes = None, []
    try:
        while expected is None or len(sizes) < expected:
            kind, payload = read_frame(process.stdout)
            if kind == HELLO:
                expected = payload[-1]
            elif kind == PROFILE:
                entries = [payload[i:i + ENTRY] for i in range(1, len(payload), ENTRY)]
                sizes += [struct.unpack_from("<I", entry, ENTRY - 4)[0] for entry in entries]
    finally:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()
    return sizes


def main():
    board = board_under_test()
    output = subprocess.run([os.environ["TINYMF"], "boards", "--json"], check=True, text=True,
                            stdout=subprocess.PIPE).stdout
    entry = next(one for one in json.loads(output)["boards"] if one["name"] == board.name)
    printed = [profile["bytes"] for profile in entry["profiles"]]
    announced = announced_profiles(board)
    memory = [size for name, _, size in board.sized_symbols("tinymf-firmware")
              if "application_memory" in name]
    print(f"{board.name}: printed {printed}, in the image {announced}, memory {memory}")
    return 0 if printed == announced and len(memory) == 1 and memory[0] >= max(announced) else 1


if __name__ == "__main__":
    sys.exit(main())
