#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs on the board under QEMU, a network of each kind and a mean field of each method that it
carries, are the host's bit for bit."""
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
ARRAYS = 5  # of a mean field

EXPERIMENT = """schema = 1
[model]
kind = "{kind}"
gain = 1.0
noise = 1.0
dt = 0.1
[mean_field]
"""
LINEAR = ["model.activation=linear", "model.gain=0.5", "model.reciprocity=0.5"]


def networks(board):
    """The largest profile of up to 64 neurons of every storage of couplings."""
    largest = {}
    for neurons, storage in re.findall(r"Network<float, (\d+), model::CouplingKind::(\w+)>",
                                       board.profiles):
        if int(neurons) <= 64:
            largest[storage] = max(int(neurons), largest.get(storage, 0))
    return [["model.steps=100", "stream.state_every=10", "model.reciprocity=0.5",
             f"network.neurons={neurons}", f"network.coupling={storage}"]
            for storage, neurons in largest.items()]


def forward(points, paths):
    return ["mean_field.method=forward", f"mean_field.points={points}", "model.reciprocity=0.5",
            "mean_field.storage=fixed16", f"mean_field.trajectories={paths}",
            "mean_field.populations=2"]


def mean_fields(board):
    runs = []
    for points in re.findall(r"LinearClosure<float, (\d+)>", board.profiles):
        runs.append(["mean_field.method=linear", f"mean_field.points={min(100, int(points))}",
                     *LINEAR])
    for points in re.findall(r"GaussianClosure<float, (\d+)>", board.profiles):
        runs.append(["mean_field.method=gaussian_closure",
                     f"mean_field.points={min(100, int(points))}"])
    if "StationaryRun<float>" in board.profiles:
        # The second state fluctuates, and so takes long to find: that must not be a step's work.
        for gain, noise in ((1.0, 1.0), (1.5, 0.5)):
            runs.append(["mean_field.method=stationary", "mean_field.points=30",
                         "model.activation=erf", f"model.gain={gain}", f"model.noise={noise}"])
    samplers = re.findall(r"ForwardSampler<float, (\d+), (\d+), std::int16_t>", board.profiles)
    # Without a float unit the larger ones take a minute each.
    runs += [forward(*sampler) for sampler in samplers[:None if board.has_float_unit else 1]]
    return runs


def tinymf(*words):
    return subprocess.run([TINYMF, *map(str, words)], text=True, timeout=LIMIT_S,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def checked_run(board, folder, kind, assignments):
    """Captures a run, compares it with its host twin, and returns how much was equal."""
    experiment, capture = folder / f"{kind}.toml", folder / "run.tmf"
    experiment.write_text(EXPERIMENT.format(kind=kind))
    overrides = [word for assignment in assignments for word in ("--set", assignment)]
    captured = tinymf("capture", experiment, *overrides, "--from", f"qemu:{board.name}",
                      "-o", capture)
    assert captured.returncode == 0, captured.stderr
    compared = tinymf("compare", capture, "--against", "host", "--json")
    assert compared.returncode == 0, compared.stdout + compared.stderr
    result = json.loads(compared.stdout)
    bits = result["bit_exact"]
    print(f"{board.name}: {result['profile']}: {bits['steps_checked']} steps, "
          f"{bits['states_checked']} states or rows equal", flush=True)
    return bits


def main():
    board = board_under_test()
    board.image("tinymf-firmware")
    runs = networks(board)
    assert runs, "the board carries no network"
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for assignments in runs:
            bits = checked_run(board, folder, "network", assignments)
            assert bits["states_checked"] >= 10, bits
        for assignments in mean_fields(board):
            bits = checked_run(board, folder, "mean_field", assignments)
            # The responses of the first row are empty, and so never told.
            assert bits["states_checked"] > (ARRAYS - 1) * bits["steps_checked"] - 5, bits


if __name__ == "__main__":
    sys.exit(main())
