#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Counts the models' instructions on each board under QEMU and holds the Cortex-M4F to its limits.

With -icount shift=0 an instruction takes one nanosecond of the emulated clock, so the figures
repeat exactly. They are instructions, never cycles of silicon.
"""

import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import threading

SOURCE = pathlib.Path(os.environ.get("TINYMF_SOURCE_DIR", pathlib.Path(__file__).parents[2]))
TIME_LIMIT = 300

# Instructions a term, a value or a whole run, in the build that is shipped.
LIMITS = {"mps2-an386": {"gaussian_term": 3.3, "tanh": 40.0, "forward_run": 15e6,
                         "reciprocal_run": 15e6}}
# What they took when they were last looked at; more than 2 % above is a regression.
MEASURED = {"mps2-an386": {"gaussian_term": 2.384, "sign_term": 8.752, "forward_run": 7.43e6,
                           "reciprocal_run": 13.26e6}}
TANH_INPUTS = ["tanh", "tanh_zero", "tanh_saturated", "tanh_subnormal", "tanh_nan"]


def emulator_of(board):
    text = (SOURCE / "firmware/boards" / board / "board.cmake").read_text()
    command = re.search(r"set\(TINYMF_BOARD_QEMU\s+(.*?)\)", text, re.DOTALL)
    return shlex.split(command.group(1))


def lines_of(board, image):
    """What the image prints up to its last line."""
    command = [*emulator_of(board), "-icount", "shift=0,sleep=off", "-display", "none",
               "-monitor", "none", "-serial", "stdio", "-kernel", str(image)]
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
    raise AssertionError(f"{board}: the image ended early, or took over {TIME_LIMIT} s")


def figures_of(board, image):
    """name -> instructions a unit."""
    figures = {}
    instructions_per_count = 0.0
    for word, *rest in lines_of(board, image):
        if word == "COUNTS_PER_SECOND":
            instructions_per_count = 1e9 / int(rest[0])
        elif word == "NEURONS":
            print(f"  {rest[0]} neurons, float32")
        elif word == "COUNT":
            figures[rest[0]] = int(rest[1]) * instructions_per_count / int(rest[2])
            print(f"  {rest[0]:16} {figures[rest[0]]:12.3f} instructions")
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


def images():
    """board -> image, from the arguments BOARD=IMAGE or from build/<board>."""
    if len(sys.argv) > 1:
        return {board: pathlib.Path(image)
                for board, image in (argument.split("=", 1) for argument in sys.argv[1:])}
    return {folder.parent.name:
            SOURCE / "build" / folder.parent.name / "bin/tinymf-instruction-count.elf"
            for folder in sorted(SOURCE.glob("firmware/boards/*/board.cmake"))}


def main():
    if not shutil.which("qemu-system-arm"):
        print("skipped: qemu-system-arm is not installed")
        return 77
    skipped = False
    for board, image in images().items():
        print(board)
        if image.exists():
            check(board, figures_of(board, image))
        else:
            print(f"  skipped: no {image}; toolchain/dev build {board} makes it")
            skipped = True
    return 77 if skipped else 0


if __name__ == "__main__":
    sys.exit(main())
