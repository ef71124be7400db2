#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A run in which an estimate or a row overflows ends in order on the board, with the FAULT and the
digests of the host."""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from emulated_board import board_under_test

TINYMF = os.environ["TINYMF"]
LIMIT_S = 300
FAILED_RUN = 1

NETWORK = """schema = 1
[model]
activation = "linear"
gain = 5.0
dt = 0.5
steps = 400
[network]
neurons = {neurons}
[stream]
state_every = 1
digest_every = 100
observe = ["moments"]
observe_every = 1
observe_block = 4
observe_lags = 4
"""
MEAN_FIELD = """schema = 1
[model]
kind = "mean_field"
activation = "linear"
gain = 90.0
dt = 1.0
[mean_field]
method = "linear"
points = {points}
"""


def failed_run(experiment, capture, *command):
    """The summary and the line on standard error of a run that must fail."""
    run = subprocess.run([TINYMF, *command, experiment, "-o", capture, "--json"],
                         capture_output=True, text=True, timeout=LIMIT_S)
    assert run.returncode == FAILED_RUN, run
    summary = json.loads(run.stdout)
    assert summary["end"] == "non_finite", summary
    return summary, run.stderr


def experiments(board):
    """What the board can run, with words of the failure; a network only where it observes."""
    observing = re.findall(r"ObservedNetwork<[^;]*?Network<float, (\d+), "
                           r"model::CouplingKind::gaussian", board.profiles)
    if observing:
        yield NETWORK.format(neurons=min(map(int, observing))), "estimate moments, element "
    for points in re.findall(r"LinearClosure<float, (\d+)>", board.profiles)[:1]:
        yield MEAN_FIELD.format(points=min(60, int(points))), "the row of Cx, column "


def main():
    board = board_under_test()
    board.image("tinymf-firmware")
    checked = 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for text, words in experiments(board):
            experiment = folder / "overflow.toml"
            experiment.write_text(text)
            host, host_words = failed_run(experiment, folder / "host.tmf", "emulate")
            here, board_words = failed_run(experiment, folder / "board.tmf", "capture",
                                           "--from", f"qemu:{board.name}")
            print(f"{board.name}: {board_words.strip()}", flush=True)
            assert words in board_words, board_words
            assert board_words == host_words, (board_words, host_words)
            for fact in ("steps", "digest", "couplings_digest"):
                assert here[fact] == host[fact], (fact, here, host)
            checked += 1
    if checked == 0:
        print(f"{board.name} has neither an observing network nor a linear mean field")
        return 77
    return 0


if __name__ == "__main__":
    sys.exit(main())
