#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Captures and checkpoints go from a big-endian machine to this one and back: `toolchain/dev golden`
builds the program for s390x, too, runs it under qemu-user, and calls this.

Arguments: the two programs, this machine's first. Each emulates every experiment of the list. Both
captures must hold the same data frames, each program must verify the other's and find it equal to
its own engine, both must export the same arrays, and each must go on from the other's checkpoint.
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import zipfile

SOURCE = pathlib.Path(os.environ["TINYMF_SOURCE_DIR"])
GALLERY = SOURCE / "host_tools/experiments"
# Both scalars, each method, every kind of frame; short, for an interpreted processor.
EXPERIMENTS = {
    "chaos": ("chaos.toml", "model.steps=400", "stream.observe=[]"),
    "chaos-float64": ("chaos.toml", "model.steps=200", 'network.scalar="float64"',
                      "stream.observe=[]"),
    "observed": ("observed.toml",),
    "stimulated": ("stimulated.toml", "model.steps=200"),
    "forward": ("mean_field.toml",),
    "two-time": ("two_time.toml",),
    "stationary": ("stationary.toml",),
}
CHECKPOINT_AFTER = 50


class Program:
    def __init__(self, path, runner=()):
        self.words = (*runner, str(path))

    def run(self, *arguments):
        done = subprocess.run((*self.words, *map(str, arguments)), capture_output=True, text=True,
                              timeout=1800, check=False)
        if done.returncode != 0:
            sys.exit(f"{' '.join(map(str, (*self.words, *arguments)))}: exit {done.returncode}\n"
                     f"{done.stdout}{done.stderr}")
        return done.stdout


def members(path):
    """The files of an npz by name, without what speaks of the program and its speed."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()
                if name != "metadata.npy" and not name.startswith("timing_")}


def differing(ours, theirs):
    return [name for name in sorted(ours | theirs) if ours.get(name) != theirs.get(name)]


def exchange(name, words, little, big, folder):
    """One experiment; what differs."""
    file, *overrides = words
    programs = {"little": little, "big": big}
    captures = {order: folder / f"{name}-{order}.tmf" for order in programs}
    for order, program in programs.items():
        program.run("emulate", GALLERY / file, *(f"--set={key}" for key in overrides),
                    "--snapshot-every", CHECKPOINT_AFTER, "-o", captures[order])
    wrong, arrays, texts = [], {}, {}
    for by, program in programs.items():
        program.run("compare", captures["little"], "--against", captures["big"])
        for order, capture in captures.items():
            program.run("verify", capture)
            program.run("compare", capture, "--against", "host")
            table = folder / f"{name}-{order}-by-{by}.npz"
            program.run("export", capture, "-o", table)
            arrays[by, order] = members(table)
            program.run("export", capture, "-o", table.with_suffix(".csv"))
            texts[by, order] = table.with_suffix(".csv").read_bytes()
    first = next(iter(arrays))
    for key, found in arrays.items():
        wrong += [f"{name}: {array} of the {key[1]}-endian capture by the {key[0]}-endian program"
                  for array in differing(arrays[first], found)]
        wrong += [f"{name}: CSV of {key}"] if texts[key] != texts[first] else []
    for by, program, order in (("little", little, "big"), ("big", big, "little")):
        resumed = folder / f"{name}-resumed-{by}.tmf"
        program.run("emulate", "--resume", captures[order], "-o", resumed)
        program.run("compare", resumed, "--against", "host")
    return wrong


def main():
    little = Program(sys.argv[1])
    big = Program(sys.argv[2], ("qemu-s390x",))
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        for name, words in EXPERIMENTS.items():
            found = exchange(name, words, little, big, pathlib.Path(folder))
            print(f"{name:14} {'ok' if not found else 'FAIL'}", flush=True)
            wrong += found
    if wrong:
        sys.exit("\n".join(wrong))
    print(f"{len(EXPERIMENTS)} experiments exchanged between byte orders, nothing differs")


if __name__ == "__main__":
    main()
