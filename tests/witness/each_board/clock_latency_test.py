#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""With the serial line full both ways the interrupt of the board's clock waits no longer, and is served
no later, than docs/embedded.md says, nor much earlier. The shortest tick that the board takes leaves at
least half of its instructions to the loop and the line."""

import os
import pathlib
import sys

SOURCE = pathlib.Path(os.environ["TINYMF_SOURCE_DIR"])
sys.path[:0] = [str(SOURCE / "tests/witness"), str(SOURCE / "tests/emulator/each_board")]
from witness_packages import require_unicorn  # noqa: E402

require_unicorn()
import clock_latency  # noqa: E402
from emulated_board import board_under_test  # noqa: E402

# Of the bytes that the line carries: an nRF51 takes the next one only when the last has been sent, and
# between the two lies a service of its interrupt, which costs it 5 %.
FULL = 0.9
# Another commit's name shifts when ticks and bytes meet, and the rarest lock may not be among those seen.
FEW, LEAST_SHARE = 10, 0.75


def agrees(found, stated):
    return LEAST_SHARE * stated <= found <= stated + FEW


def main():
    board = board_under_test()
    found = clock_latency.measured(board.name)
    waits, takes = clock_latency.rows(clock_latency.PAGE.read_text())[board.name]
    print(f"{board.name}: {found}; stated: waits {waits}, takes {takes}")
    assert found.ticks >= clock_latency.TICKS - 1, found
    assert found.locks > 20 and found.seen <= found.served, found
    assert min(found.out, found.into) > FULL, "the line was not full"
    assert found.least >= 2 * found.takes, "the shortest tick leaves less than half to the loop"
    assert agrees(found.waits, waits) and agrees(found.takes, takes), \
        f"toolchain/dev latency {board.name} writes the row anew"


if __name__ == "__main__":
    sys.exit(main())
