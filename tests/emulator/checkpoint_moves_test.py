#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A run that is moved from Cortex-M4F to the host and on to Cortex-M0, and one whose board loses power
every 25 steps, equal the uninterrupted run."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

TINYMF = os.environ["TINYMF"]
BUILD = pathlib.Path(os.environ["TINYMF_BINARY_DIR"]).parent
SKIPPED = 77
M4F, M0, HOST = "mps2-an386", "microbit", "host"
LIMIT_S = 120

NETWORK = """schema = 1
[model]
gain = 2.0
reciprocity = 0.5
noise = 0.5
noise_kind = "colored"
integrator = "heun"
steps = {steps}
[network]
neurons = 16
replicas = 2
[stream]
state_every = 5
digest_every = 1
"""
SIGNS = NETWORK.replace("neurons = 16", 'neurons = 64\ncoupling = "sign"')
FED = NETWORK + "[stimulus]\nkind = \"live\"\n"
INPUTS = "step,value\n0,0.5\n40,-1.25\n60,0.75\n61,0.5\n95,2\n"
MEAN_FIELD = """schema = 1
[model]
kind = "mean_field"
activation = "{activation}"
gain = 0.5
reciprocity = {reciprocity}
noise = 1.0
dt = 0.1
[mean_field]
method = "{method}"
points = 40
"""
RUNS = {
    "network": NETWORK.format(steps=120),
    "signs": SIGNS.format(steps=120),
    "fed": FED.format(steps=120),
    "linear": MEAN_FIELD.format(activation="linear", reciprocity=0.5, method="linear"),
    "closure": MEAN_FIELD.format(activation="tanh", reciprocity=0.0, method="gaussian_closure"),
    "stationary": MEAN_FIELD.format(activation="erf", reciprocity=0.0, method="stationary"),
}


def tinymf(*words):
    run = subprocess.run([TINYMF, *map(str, words)], text=True, timeout=LIMIT_S,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert run.returncode == 0, f"{words}: {run.stdout}{run.stderr}"
    return run.stdout


def run_on(board, output, *words):
    command = ["emulate"] if board == HOST else ["capture", "--from", f"qemu:{board}"]
    return json.loads(tinymf(*command, *words, "-o", output, "--json"))


def compare(capture, against):
    return json.loads(tinymf("compare", capture, "--against", against, "--json"))["bit_exact"]


def moved_run(folder, name, boards, stops):
    """Runs the first part on boards[0] up to stops[0], and so on; the last part to the end."""
    experiment, inputs = folder / f"{name}.toml", folder / "inputs.csv"
    experiment.write_text(RUNS[name])
    inputs.write_text(INPUTS)
    fed = ["--input", inputs] if name == "fed" else []
    whole = folder / f"{name}_whole.tmf"
    expected = run_on(HOST, whole, experiment, *fed)
    source, checkpoints = [experiment], 0
    for board, stop in zip(boards, [*stops, None]):
        part = folder / f"{name}_{stop or 'end'}.tmf"
        limit = ["--stop-at", stop] if stop else []
        told = run_on(board, part, *source, *fed, *limit)
        tinymf("verify", part)
        twin = compare(part, "host")
        checkpoints += twin["checkpoints_checked"]
        assert compare(part, whole)["states_checked"] > 0, part
        source = ["--resume", part]
    assert told["digest"] == expected["digest"], (told, expected)
    assert checkpoints == len(stops), checkpoints
    print(f"{name}: {' -> '.join(boards)}, moved at {stops}: {told['digest']}, "
          f"{twin['steps_checked']} steps equal", flush=True)


def power_cycled_run(folder):
    """Each part begins with a cold start of the emulated board."""
    experiment, whole = folder / "network.toml", folder / "whole.tmf"
    experiment.write_text(NETWORK.format(steps=500))
    expected = run_on(M4F, whole, experiment)
    source = [experiment]
    for stop in [*range(25, 500, 25), None]:
        part = folder / f"part_{stop or 500}.tmf"
        told = run_on(M4F, part, *source, *(["--stop-at", stop] if stop else []))
        assert compare(part, whole)["digests_checked"] > 0
        source = ["--resume", part]
    assert told["digest"] == expected["digest"], (told, expected)
    print(f"{M4F}: 500 steps with 19 losses of power: {told['digest']}")


def main():
    if not shutil.which("qemu-system-arm"):
        print("skipped: qemu-system-arm is not installed; toolchain/dev setup arm installs it")
        return SKIPPED
    for board in (M4F, M0):
        image = BUILD / board / "bin/tinymf-firmware.elf"
        assert image.exists(), f"no {image}; toolchain/dev build {board} makes it"
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for run in RUNS:
            stops = [13, 26] if "mean_field" in RUNS[run] else [40, 80]
            moved_run(folder, run, [M4F, HOST, M0], stops)
        power_cycled_run(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
