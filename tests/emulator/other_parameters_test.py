#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Mean-field runs whose parameters differ in the last bit are told apart before they are compared."""
import os
import pathlib
import subprocess
import tempfile
import unittest

TINYMF = os.environ["TINYMF"]

EXPERIMENT = """schema = 1
[model]
kind = "mean_field"
activation = "linear"
gain = 0.5
noise = 1.0
dt = 0.1
[mean_field]
method = "linear"
points = 20
"""


def run(*words):
    return subprocess.run([TINYMF, *map(str, words)], text=True, timeout=60,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)


class OtherParameters(unittest.TestCase):
    def test_another_experiment_is_told_apart(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            experiment, one, other = (folder / part for part in ("run.toml", "one.tmf", "other.tmf"))
            experiment.write_text(EXPERIMENT)
            self.assertEqual(run("emulate", experiment, "-o", one).returncode, 0)
            self.assertEqual(run("emulate", experiment, "--set", "model.gain=0.5000001", "-o",
                                 other).returncode, 0)
            refused = run("compare", one, "--against", other)
            self.assertEqual(refused.returncode, 2)
            self.assertIn("runs of different parameters", refused.stderr)


if __name__ == "__main__":
    unittest.main()
