#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The conformance test reaches a board over a serial device, too: here QEMU's end of a terminal pair
stands for the board, and starts talking when the other end is open, as a board does after its reset."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

SOURCE = os.environ["TINYMF_SOURCE_DIR"]
sys.path.insert(0, os.path.join(SOURCE, "tests/emulator/each_board"))
from emulated_board import SKIPPED, EmulatedBoard  # noqa: E402

BOARD = "mps2-an386"
TEST = os.path.join(SOURCE, "tests/emulator/each_board/conformance_test.py")
NOTICED_S = 2  # QEMU looks once a second whether the other end is open
OPENED_S = 60


def paused_emulator(board):
    """Its process, whose standard input takes the monitor's commands, and the name of the device."""
    command = [*board.emulator, "-S", "-display", "none", "-monitor", "stdio", "-serial", "pty",
               "-icount", "shift=0,sleep=off", "-kernel", str(board.image("tinymf-conformance"))]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                               stderr=subprocess.STDOUT)
    for line in process.stdout:
        if found := re.search(r"char device redirected to (\S+)", line):
            return process, found.group(1)
    raise AssertionError("QEMU names no device")


def wait_until_open(process, device):
    """Returns when the process has the device open, and QEMU has noticed."""
    descriptors = pathlib.Path(f"/proc/{process.pid}/fd")
    deadline = time.monotonic() + OPENED_S
    while not any(os.path.realpath(entry) == device for entry in descriptors.iterdir()):
        assert time.monotonic() < deadline, f"{device} is not opened"
        time.sleep(0.05)
    time.sleep(NOTICED_S)


def main():
    board = EmulatedBoard(BOARD)
    if not shutil.which(board.emulator[0]):
        print(f"skipped: {board.emulator[0]} not installed")
        return SKIPPED
    emulator, device = paused_emulator(board)
    try:
        test = subprocess.Popen([sys.executable, TEST, BOARD, device], text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        wait_until_open(test, device)
        emulator.stdin.write("cont\n")
        emulator.stdin.flush()
        output, _ = test.communicate(timeout=150)
    finally:
        emulator.kill()
        emulator.wait()
    print(output)
    assert "CONFORMANCE" in output, "the image did not come to its end"
    return test.returncode


if __name__ == "__main__":
    sys.exit(main())
