#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A run that goes from the host to the board under QEMU, through a loss of power, and back, equals the
run that stayed on the host."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

from emulated_board import board_under_test

TINYMF = os.environ["TINYMF"]
LIMIT_S = 300

EXPERIMENT = """schema = 1
[model]
gain = 2.0
noise = 0.5
steps = 80
[network]
neurons = 16
[stream]
state_every = 5
digest_every = 1
"""


def run(words, output):
    done = subprocess.run([TINYMF, *map(str, words), "-o", output, "--json"], text=True,
                          timeout=LIMIT_S, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
    return json.loads(done.stdout)


def main():
    board = board_under_test()
    board.image("tinymf-firmware")
    on_board = ["capture", "--from", f"qemu:{board.name}"]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        experiment = folder / "run.toml"
        experiment.write_text(EXPERIMENT)
        expected = run(["emulate", experiment], folder / "whole.tmf")
        source = [experiment]
        for place, stop in ((["emulate"], 20), (on_board, 40), (on_board, 60), (["emulate"], None)):
            part = folder / f"part_{stop}.tmf"
            told = run([*place, *source, *(["--stop-at", stop] if stop else [])], part)
            source = ["--resume", part]
    print(f"{board.name}: host, board, board, host: {told['digest']}, "
          f"in one run {expected['digest']}")
    return 0 if told["digest"] == expected["digest"] else 1


if __name__ == "__main__":
    sys.exit(main())
