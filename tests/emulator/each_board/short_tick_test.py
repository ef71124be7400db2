#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A tick too short for the board is refused with the range, and the shortest that is not refused is
survived in the emulator's real time: the run ends, late as it may be."""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from emulated_board import board_under_test

TINYMF = os.environ["TINYMF"]
LIMIT_S = 120
BAD_INPUT = 2
STEPS = 40
EXPERIMENT = f"""schema = 1
[model]
steps = {STEPS}
[network]
neurons = 16
[stream]
state_every = 0
digest_every = {STEPS}
"""


def captured(board, folder, tick_ms):
    experiment = folder / "ticks.toml"
    experiment.write_text(EXPERIMENT)
    return subprocess.run([TINYMF, "capture", experiment, "--from", f"qemu:{board.name}",
                           "--realtime", "--tick-ms", str(tick_ms), "-o", folder / "run.tmf",
                           "--json"], text=True, timeout=LIMIT_S, capture_output=True)


def main():
    board = board_under_test()
    board.image("tinymf-firmware")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        refused = captured(board, folder, 0.001)
        assert refused.returncode == BAD_INPUT, refused
        least = re.search(rf"tick: refused by {board.name}: out of range; "
                          r"must be between (\d+) and 1000000", refused.stderr)
        assert least, refused.stderr
        microseconds = int(least.group(1))
        assert 10 <= microseconds <= 40, microseconds

        survived = captured(board, folder, microseconds / 1000)
        assert survived.returncode == 0, survived.stderr
        ticks = json.loads(survived.stdout)["ticks"]
        print(f"{board.name}: 1 us is refused, {microseconds} us is survived: {ticks}")
        assert ticks["last"] == STEPS + ticks["missed"], ticks


if __name__ == "__main__":
    sys.exit(main())
