#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every method of the mean field on every emulated board that carries it: each row is the host's,
bit for bit."""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

TINYMF = os.environ["TINYMF"]
LIMIT_S = 120
ARRAYS = 5

EXPERIMENT = """schema = 1
[model]
kind = "mean_field"
gain = 1.0
noise = 1.0
dt = 0.1
[mean_field]
"""


def settings(method, points, *more):
    return [f"mean_field.method={method}", f"mean_field.points={points}", *more]


def forward(points, paths):
    return settings("forward", points, "model.reciprocity=0.5", "mean_field.storage=fixed16",
                    f"mean_field.trajectories={paths}")


LINEAR = ["model.activation=linear", "model.gain=0.5", "model.reciprocity=0.5"]
RUNS = {
    "mps2-an386": [settings("linear", 100, *LINEAR), settings("gaussian_closure", 100),
                   settings("stationary", 30, "model.activation=erf"), forward(60, 128),
                   forward(100, 400) + ["mean_field.populations=2"]],
    "microbit": [settings("linear", 48, *LINEAR), settings("gaussian_closure", 80),
                 settings("stationary", 20), forward(20, 32) + ["mean_field.populations=2"]],
}


def run(*words):
    return subprocess.run([TINYMF, *map(str, words)], text=True, timeout=LIMIT_S,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)


class MeanFieldCapture(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.experiment = self.folder / "mean_field.toml"
        self.experiment.write_text(EXPERIMENT)

    def capture(self, board, assignments):
        path = self.folder / f"{board}.tmf"
        overrides = [word for assignment in assignments for word in ("--set", assignment)]
        command = run("capture", self.experiment, *overrides, "--from", f"qemu:{board}", "-o", path)
        self.assertEqual(command.returncode, 0, command.stderr)
        return path

    def test_every_row_is_the_host_s(self):
        for board, runs in RUNS.items():
            for assignments in runs:
                with self.subTest(board=board, run=assignments):
                    path = self.capture(board, assignments)
                    compared = run("compare", path, "--against", "host", "--json")
                    result = json.loads(compared.stdout)
                    bits = result["bit_exact"]
                    print(f"{board}: {result['profile']}: {bits['steps_checked']} steps, "
                          f"{bits['states_checked']} rows equal")
                    self.assertEqual(compared.returncode, 0, compared.stdout)
                    # The responses of the first row are empty, and so never told.
                    self.assertGreater(bits["states_checked"], (ARRAYS - 1) * bits["steps_checked"] - 5)

    def test_another_experiment_is_told_apart(self):
        one = self.capture("microbit", settings("linear", 20, *LINEAR))
        other = self.folder / "other.tmf"
        assignments = settings("linear", 20, *LINEAR, "model.gain=0.5000001")
        overrides = [word for assignment in assignments for word in ("--set", assignment)]
        self.assertEqual(run("emulate", self.experiment, *overrides, "-o", other).returncode, 0)
        refused = run("compare", one, "--against", other)
        self.assertEqual(refused.returncode, 2)
        self.assertIn("runs of different parameters", refused.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
