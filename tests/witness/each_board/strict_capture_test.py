#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The board's unchanged image on a strict model of its chip finishes a capture with the host's numbers
and without a finding: after power-on, after a boot loader, with a crystal that is slow, and, where the
internal oscillator is exact enough for the serial line, with a dead one. Its tick is the nearest to the
one asked for that its clock can make."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(os.environ["TINYMF_SOURCE_DIR"])
sys.path[:0] = [str(SOURCE / "tests/witness"), str(SOURCE / "tests/emulator/each_board")]
from witness_packages import require_unicorn  # noqa: E402

require_unicorn()
from emulated_board import board_under_test  # noqa: E402
from short_capture import EXPERIMENT, LIMIT_S, TINYMF, bits_against_host  # noqa: E402
from strict_board import strict_run  # noqa: E402

CONDITIONS = {"power-on": (), "after a boot loader": ("--start", "loader"),
              "slow crystal": ("--crystal", "slow"), "dead crystal": ("--crystal", "dead")}
NEEDS_ITS_CRYSTAL = ("raspberry-pi-pico", "lm3s6965evb", "hifive1-revb")


def check_tick(tick):
    """A millisecond in whole counts of the board's clock, and what that is in microseconds."""
    rate = tick["counts_per_second"]
    assert tick["counts"] == int(rate / 1000 + 0.5), tick
    assert abs(tick["true_us"] - tick["counts"] * 1e6 / rate) < 1e-9, tick
    print(f"a tick of {tick['true_us']} us; ", end="", flush=True)


def check_capture(board, folder, options):
    experiment, capture = folder / "run.toml", folder / "run.tmf"
    experiment.write_text(EXPERIMENT)
    with strict_run(board, *options) as run:
        captured = subprocess.run([TINYMF, "capture", experiment, "--from", f"tcp:127.0.0.1:{run.port}",
                                   "--tick-ms", "1", "-o", capture, "--json"],
                                  text=True, timeout=LIMIT_S, capture_output=True)
        findings, summary = run.findings()
    print("\n".join(["", *findings, summary]), flush=True)
    assert captured.returncode == 0, captured.stderr
    check_tick(json.loads(captured.stdout)["tick"])
    bits = bits_against_host(capture)
    print(f"{bits['steps_checked']} steps, {bits['states_checked']} states equal", flush=True)
    assert not findings, findings


def main():
    board = board_under_test()
    with tempfile.TemporaryDirectory() as name:
        for condition, options in CONDITIONS.items():
            if condition == "dead crystal" and board.name in NEEDS_ITS_CRYSTAL:
                continue
            print(f"{board.name}, {condition}: ", end="", flush=True)
            check_capture(board, pathlib.Path(name), options)


if __name__ == "__main__":
    sys.exit(main())
