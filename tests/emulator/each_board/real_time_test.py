#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Ticks on the board under QEMU with counted time: a rate that fits misses none, one that cannot fit
misses as many in every run, but for what the line's interrupts shift, and both compute the same
numbers."""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from emulated_board import SOURCE, board_under_test

TINYMF = os.environ["TINYMF"]
LIMIT_S = 120
STEPS = 300
FITS_MS, CANNOT_FIT_MS = 10, 0.02
FAILED_RUN = 1
EDGE_TICKS = 2
STEP_PHASES = ["mat_vec", "activation", "update", "observe", "pack", "send"]

EXPERIMENT = """schema = 1
[model]
gain = 1.5
noise = 0.5
steps = {steps}
[network]
neurons = {neurons}
[stream]
state_every = 0
digest_every = 100
"""


def tinymf(*words):
    return subprocess.run([TINYMF, *map(str, words)], text=True, timeout=LIMIT_S,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def captured(board, experiment, capture, tick_ms, *options):
    return tinymf("capture", experiment, "--from", f"qemu:{board.name}", "--icount", "--realtime",
                  "--tick-ms", tick_ms, *options, "-o", capture, "--json")


def run_of(board, experiment, capture, tick_ms):
    run = captured(board, experiment, capture, tick_ms)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def has_times(board):
    """The smallest board has no memory for them."""
    profiles = (SOURCE / "firmware/boards" / board.name / "profiles.hpp").read_text()
    return int(re.search(r"transmit_capacity = (\d+)", profiles).group(1)) >= 1536


def check_times(board, capture):
    compared = tinymf("compare", capture, "--against", "host", "--json")
    assert compared.returncode == 0, compared.stdout + compared.stderr
    timing = json.loads(compared.stdout)["timing"]
    if not has_times(board):
        assert timing is None, timing
        return
    assert timing["unit"] == "instructions", timing["unit"]
    assert [phase["phase"] for phase in timing["phases"]] == STEP_PHASES
    for phase in timing["phases"]:
        assert phase["samples"] == sum(phase["histogram"]) == STEPS, phase
        assert phase["least"] <= phase["mean"] <= phase["most"], phase
        print(f"  {phase['phase']:10} {phase['least']:9.0f} {phase['mean']:11.1f} "
              f"{phase['most']:9.0f} instructions")
    product = timing["phases"][0]
    assert product["least"] > 256, product  # at the least one instruction a coupling


def check_repeats(one, other):
    """The run begins somewhere within a count of the timer, unless that restarts with it, and the
    line's interrupts come when the host likes: each takes some hundred instructions, which is a few
    counts of lateness, and a tick at the edge. A tick lost or counted twice would shift the
    lateness by a whole period."""
    for name, value in one.items():
        tolerance = one["period"] // 4 if name == "worst_late" else EDGE_TICKS
        assert abs(other[name] - value) <= tolerance, (name, one, other)


def main():
    board = board_under_test()
    board.image("tinymf-firmware")
    neurons = max(int(n) for n in re.findall(r"Network<float, (\d+), model::CouplingKind::gaussian>",
                                             board.profiles) if int(n) <= 64)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        experiment, capture = folder / "ticks.toml", folder / "run.tmf"
        experiment.write_text(EXPERIMENT.format(steps=STEPS, neurons=neurons))

        fits = run_of(board, experiment, capture, FITS_MS)
        print(f"{board.name}: N={neurons}, {FITS_MS} ms: {fits['ticks']}", flush=True)
        assert fits["ticks"]["missed"] == 0, fits["ticks"]
        assert fits["ticks"]["last"] == STEPS, fits["ticks"]
        assert fits["ticks"]["worst_late"] * 10 < fits["ticks"]["period"], fits["ticks"]
        check_times(board, capture)

        late = [run_of(board, experiment, capture, CANNOT_FIT_MS) for _ in range(2)]
        ticks = late[0]["ticks"]
        print(f"{board.name}: N={neurons}, {CANNOT_FIT_MS} ms: {ticks}", flush=True)
        check_repeats(ticks, late[1]["ticks"])
        assert ticks["missed"] > 0 and ticks["last"] == STEPS + ticks["missed"], ticks
        assert 0 < ticks["first_missed"] <= ticks["last_missed"] < ticks["last"], ticks
        assert len({run["digest"] for run in [fits, *late]}) == 1, "lateness changed a number"

        stopped = captured(board, experiment, capture, CANNOT_FIT_MS, "--deadline", "stop")
        assert stopped.returncode == FAILED_RUN, stopped
        assert f"tick {ticks['first_missed']} passed without a step" in stopped.stderr, stopped
        left = json.loads(tinymf("verify", capture, "--json").stdout)
        assert left["verdict"] == "failed" and left["sound"], left
        assert left["ticks"]["missed"] > 0, left


if __name__ == "__main__":
    sys.exit(main())
