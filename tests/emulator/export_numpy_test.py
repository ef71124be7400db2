# SPDX-License-Identifier: Apache-2.0
"""NumPy opens what `tinymf export` and `tinymf reference` write, and finds what was promised."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

try:
    import numpy
except ImportError:
    print("skipped: this Python has no NumPy (Debian: apt-get install python3-numpy)")
    sys.exit(77)

EXPERIMENT = """
schema = 1
name = "exported"
[model]
gain = 0.9
noise = 0.2
dt = 0.05
steps = 200
[network]
neurons = 32
replicas = 2
[stream]
state_every = 10
digest_every = 50
"""


def tinymf(*arguments):
    subprocess.run([os.environ["TINYMF"], *map(str, arguments)], check=True)


def check(condition, what):
    if not condition:
        sys.exit(f"FAILED: {what}")


with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    experiment = folder / "experiment.toml"
    experiment.write_text(EXPERIMENT)
    tinymf("emulate", experiment, "-o", folder / "run.tmf")
    tinymf("export", folder / "run.tmf", "-o", folder / "run.npz")
    tinymf("export", folder / "run.tmf", "-o", folder / "run.csv")
    tinymf("reference", experiment, "-o", folder / "reference.npz")

    run = numpy.load(folder / "run.npz")
    check(run["x"].shape == (21, 32) and run["x"].dtype == numpy.float32, "x of the run")
    check(run["x_replica_1"].shape == (21, 32), "the second replica")
    check(not numpy.array_equal(run["x"], run["x_replica_1"]), "replicas differ")
    check(numpy.array_equal(run["step"], numpy.arange(0, 201, 10)), "step")
    check(numpy.allclose(run["t"], 0.05 * numpy.arange(0, 201, 10), rtol=0, atol=1e-14), "t")
    metadata = json.loads(str(run["metadata"]))
    check(metadata["units"]["t"] == "tau", "units")
    check('name = "exported"' in metadata["experiment"], "experiment text")

    reference = numpy.load(folder / "reference.npz")
    check(reference["x"].shape == (21, 32) and reference["x"].dtype == numpy.float64, "reference x")
    check(numpy.allclose(run["x"], reference["x"], rtol=0, atol=1e-4), "run follows the reference")

    table = numpy.loadtxt(folder / "run.csv", delimiter=",", skiprows=1)
    check(table.shape == (42, 35), "one line for each state and replica")
    check(numpy.array_equal(table[:21, 3:].astype(numpy.float32), run["x"]), "csv has the same bits")
