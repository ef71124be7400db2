#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""P-bit on a board: the scenarios of the golden matrix that it holds print the committed digests."""

import subprocess
import sys
import threading

from emulated_board import SOURCE, board_under_test

sys.path.insert(0, str(SOURCE / "tests/golden"))
import digests  # noqa: E402

FEWEST = 200  # the smallest board holds the 66 combinations and a dozen scenarios more
LIMIT_S = 600


def printed_row(command):
    """What the image prints until it says it is done; the emulator, which may never end by itself,
    is stopped then."""
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, text=True)
    deadline = threading.Timer(LIMIT_S, process.kill)
    deadline.start()
    lines = []
    try:
        for line in process.stdout:
            lines.append(line.rstrip("\n"))
            if lines[-1] == "done":
                break
    finally:
        deadline.cancel()
        process.kill()
        process.wait()
    return digests.parse("\n".join(lines))


def main():
    board = board_under_test()
    row = printed_row(board.command("tinymf-golden", "-no-reboot"))
    golden = digests.committed()
    wrong = digests.differences(row, golden)
    print(f"{board.name}: {len(row)} of {len(golden)} digests, {len(wrong)} differ"
          + (f", first {wrong[0]}" if wrong else ""))
    return 1 if wrong or len(row) < FEWEST else 0


if __name__ == "__main__":
    sys.exit(main())
