# SPDX-License-Identifier: Apache-2.0
"""What commands take of memory: a run what it uses of the largest model, not all of it; `export` no
more for many states than for few, `compare` and `report` at most 1.5 times the states."""

import os
import subprocess
import tempfile
import unittest
from pathlib import Path

TINYMF = os.environ["TINYMF"]
NEURONS, STEPS = 1024, (200, 3200)
JUDGED_NEURONS, JUDGED_STEPS = 256, (2000, 26000)


def experiment(steps, neurons=NEURONS, gain=1.5):
    return (f"schema = 1\n[model]\nsteps = {steps}\ngain = {gain}\n[network]\nneurons = {neurons}\n"
            "[stream]\nstate_every = 1\n")


def bytes_of(states, neurons=NEURONS):
    return 4 * neurons * states


def peak_bytes(words, folder):
    """Of the child alone: a process of its own runs it and asks."""
    code = ("import resource, subprocess, sys\n"
            "subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)\n"
            "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\n")
    run = subprocess.run(["/usr/bin/python3", "-c", code, *words], cwd=folder, capture_output=True, text=True,
                         check=True, timeout=300)
    return 1024 * int(run.stdout)


class RunMemory(unittest.TestCase):
    def test_a_small_run_takes_what_the_program_takes(self):
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            (folder / "run.toml").write_text("schema = 1\n[model]\nsteps = 10\n[network]\nneurons = 16\n"
                                             "[stream]\nstate_every = 1\n")
            alone = peak_bytes([TINYMF, "--version"], folder)
            for words in (["emulate", "run.toml", "-o", "run.tmf"], ["compare", "run.tmf", "--against", "host"]):
                peak = peak_bytes([TINYMF, *words], folder)
                print(f"{words[0]} of 16 neurons: {peak >> 10} KiB, the program alone {alone >> 10} KiB")
                # Buffers of the line and the stream; the largest model takes some 45 MiB.
                self.assertLess(peak - alone, 8 << 20)


class ExportMemory(unittest.TestCase):
    def test_it_does_not_grow_with_the_states(self):
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            peaks = {"npz": [], "csv": []}
            for steps in STEPS:
                (folder / "run.toml").write_text(experiment(steps))
                subprocess.run([TINYMF, "emulate", "run.toml", "-o", "run.tmf"], cwd=folder, check=True,
                               capture_output=True, timeout=300)
                for kind, found in peaks.items():
                    found.append(peak_bytes([TINYMF, "export", "run.tmf", "--force", "-o", f"run.{kind}"], folder))
            data = bytes_of(STEPS[1] - STEPS[0])
            for kind, (few, many) in peaks.items():
                print(f"{kind}: {few >> 20} MiB for {STEPS[0]} states, {many >> 20} MiB for {STEPS[1]}, "
                      f"data {data >> 20} MiB")
                # The allocator's arenas vary by a few MiB; any copy of the states would be 11 MiB or more.
                self.assertLess(many - few, data // 4)


class JudgementMemory(unittest.TestCase):
    def test_it_grows_with_the_states_as_they_are_sent(self):
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            peaks = {"compare": [], "report": []}
            for steps in JUDGED_STEPS:
                (folder / "run.toml").write_text(experiment(steps, JUDGED_NEURONS, gain=4))
                subprocess.run([TINYMF, "emulate", "run.toml", "-o", "run.tmf"], cwd=folder, check=True,
                               capture_output=True, timeout=300)
                peaks["compare"].append(peak_bytes([TINYMF, "compare", "run.tmf"], folder))
                peaks["report"].append(peak_bytes([TINYMF, "report", "run.tmf", "-o", "run.html"], folder))
            data = bytes_of(JUDGED_STEPS[1] - JUDGED_STEPS[0], JUDGED_NEURONS)
            for kind, (few, many) in peaks.items():
                print(f"{kind}: {few >> 20} MiB for {JUDGED_STEPS[0]} states, {many >> 20} MiB for "
                      f"{JUDGED_STEPS[1]}, data {data >> 20} MiB")
                self.assertLess(many - few, 1.5 * data)


if __name__ == "__main__":
    unittest.main()
