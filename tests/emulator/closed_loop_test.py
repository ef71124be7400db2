#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A host program feeds an input at every one of 10,000 ticks to a chaotic network on Cortex-M4F under
QEMU; the capture, replayed on the host, gives the same digests."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

import numpy

TINYMF = os.environ["TINYMF"]
LIMIT_S = 400
INPUTS = 10_000
TICK_MS = 4

EXPERIMENT = f"""schema = 1
name = "closed loop"
[model]
gain = 3.0
steps = {INPUTS + 1}
[stimulus]
kind = "live"
[network]
neurons = 16
[stream]
state_every = 1
digest_every = 100
"""

CONTROLLER = """import sys
for line in sys.stdin:
    step, *x = map(float, line.split())
    print(-0.25 * sum(x) / len(x) + 0.5 * (int(step) % 200 < 100), flush=True)
"""


def tinymf(*words):
    run = subprocess.run([TINYMF, *map(str, words)], text=True, timeout=LIMIT_S,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def main():
    if not shutil.which("qemu-system-arm"):
        print("skipped: qemu-system-arm not installed; toolchain/dev setup arm installs it")
        return 77
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        experiment, program = folder / "loop.toml", folder / "controller.py"
        capture, arrays = folder / "loop.tmf", folder / "loop.npz"
        experiment.write_text(EXPERIMENT)
        program.write_text(CONTROLLER)
        begin = time.monotonic()
        run = json.loads(tinymf("capture", experiment, "--from", "qemu:mps2-an386", "--tick-ms",
                                TICK_MS, "--controller", f"{sys.executable} {program}", "-o",
                                capture, "--json"))
        seconds = time.monotonic() - begin
        tinymf("export", capture, "-o", arrays)
        steps = numpy.load(arrays)["input_step"]
        bits = json.loads(tinymf("compare", capture, "--against", "host", "--json"))["bit_exact"]
        print(f"{len(steps)} inputs in {seconds:.1f} s, ticks {run['ticks']}; "
              f"{bits['steps_checked']} steps and {bits['digests_checked']} digests equal")
        # The answer to the state of step s comes before or after the tick that releases the next;
        # the last one may come too late.
        assert len(steps) >= INPUTS, len(steps)
        delays = steps.astype(int) - numpy.arange(len(steps))
        assert set(delays) <= {0, 1}, numpy.unique(delays)
        assert bits["passed"] and bits["steps_checked"] == INPUTS + 2, bits
        assert bits["digests_checked"] > INPUTS // 100, bits
    return 0


if __name__ == "__main__":
    sys.exit(main())
