#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Counts the models' instructions on the board under QEMU and holds the Cortex-M4F to its limits.

With -icount shift=0 an instruction takes one nanosecond of the emulated clock, so the figures
repeat exactly. They are instructions, never cycles of silicon.
"""

import subprocess
import threading

from emulated_board import board_under_test

TIME_LIMIT = 300

# Instructions a term, a value or a whole run, in the build that is shipped.
LIMITS = {"mps2-an386": {"gaussian_term": 3.3, "tanh": 40.0, "forward_run": 15e6,
                         "reciprocal_run": 15e6}}
# What they took when they were last looked at; more than 2 % above is a regression.
MEASURED = {"mps2-an386": {"gaussian_term": 2.384, "sign_term": 8.752, "forward_run": 7.43e6,
                           "reciprocal_run": 13.26e6, "observed_nothing": 48061.0,
                           "observed_participation": 115196.0, "observed_lyapunov": 68724.0,
                           "observed_everything": 155439.0}}
TANH_INPUTS = ["tanh", "tanh_zero", "tanh_saturated", "tanh_subnormal", "tanh_nan"]


def lines_of(board):
    """What the image prints up to its last line."""
    command = board.command("tinymf-instruction-count", "-icount", "shift=0,sleep=off")
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    deadline = threading.Timer(TIME_LIMIT, process.kill)
    deadline.start()
    try:
        for line in process.stdout:
            yield line.split()
            if line.startswith("COUNTED"):
                return
    finally:
        deadline.cancel()
        process.kill()
        process.wait()
    raise AssertionError(f"{board.name}: the image ended early, or took over {TIME_LIMIT} s")


def figures_of(board):
    """name -> instructions a unit; of euler_step the unit is one step of `neurons`."""
    figures = {}
    instructions_per_count = 0.0
    for word, *rest in lines_of(board):
        if word == "COUNTS_PER_SECOND":
            instructions_per_count = 1e9 / int(rest[0])
        elif word == "NEURONS":
            figures["neurons"] = int(rest[0])
            print(f"  {rest[0]} neurons, float32")
        elif word == "BYTES":
            print(f"  {rest[0]:24} {rest[1]} bytes")
        elif word == "SAMPLER":
            figures["sampler_points"], figures["sampler_paths"] = map(int, rest)
        elif word == "OBSERVED":
            figures["observed_neurons"], figures["observed_samples"] = map(int, rest)
        elif word == "COUNT":
            figures[rest[0]] = int(rest[1]) * instructions_per_count / int(rest[2])
            print(f"  {rest[0]:24} {figures[rest[0]]:12.3f} instructions")
    return figures


def check(board, figures):
    for name, limit in LIMITS.get(board, {}).items():
        assert figures[name] <= limit, f"{board}: {name} takes {figures[name]:.3f}, limit {limit}"
        assert figures[name] > 1, f"{board}: {name} takes {figures[name]:.3f}: nothing was counted"
    for name, measured in MEASURED.get(board, {}).items():
        assert figures[name] <= 1.02 * measured, \
            f"{board}: {name} takes {figures[name]:.3f}, took {measured}"
    if board in LIMITS:
        # One count of the clock is 40 instructions, spread over 64,000 values.
        spread = [figures[name] for name in TANH_INPUTS]
        assert max(spread) - min(spread) < 0.01, f"{board}: tanh's work depends on its input"


if __name__ == "__main__":
    tested = board_under_test()
    print(tested.name)
    check(tested.name, figures_of(tested))
