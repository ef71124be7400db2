#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Sixteen networks of 1024 neurons agree with the mean field of the same experiment.

False alarms: seeds are fixed, so the outcome is too; for fresh seeds the twelve |z| < 4.5 fail by
chance with a probability of at most 12 P(|t| > 4.5) = 0.5 % (Student, 15 degrees of freedom).
"""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

TINYMF = os.environ["TINYMF"]
LIMIT_S = 120
NETWORKS = 16

EXPERIMENT = """schema = 1
[model]
kind = "{kind}"
activation = "tanh"
gain = {gain}
reciprocity = {reciprocity}
noise = 1.0
dt = 0.1
steps = {steps}
[network]
neurons = 1024
[mean_field]
trajectories = 4000
populations = 16
[stream]
state_every = 1
"""


def run(*words):
    return subprocess.run([TINYMF, *map(str, words)], text=True, timeout=LIMIT_S,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)


class Ensemble(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def emulate(self, name, seed=1, **values):
        experiment = self.folder / f"{name}.toml"
        experiment.write_text(EXPERIMENT.format(**values))
        capture = self.folder / f"{name}.tmf"
        command = run("emulate", experiment, "--set", f"model.seed={seed}", "-o", capture)
        self.assertEqual(command.returncode, 0, command.stderr)
        return capture

    def ensemble(self, count=NETWORKS, **values):
        return [self.emulate(f"network_{seed}", seed, kind="network", **values)
                for seed in range(1, count + 1)]

    def compare(self, networks, mean_field):
        command = run("compare", *networks, "--against", mean_field, "--json")
        self.assertIn(command.returncode, (0, 1), command.stderr)
        return command.returncode, json.loads(command.stdout)

    def test_networks_agree_with_the_mean_field(self):
        for gain, reciprocity, steps in ((1.0, 0.5, 49), (0.8, 1.0, 99)):
            values = {"gain": gain, "reciprocity": reciprocity, "steps": steps}
            mean_field = self.emulate("mean_field", kind="mean_field", **values)
            status, result = self.compare(self.ensemble(**values), mean_field)
            print(f"g = {gain}, eta = {reciprocity}")
            for row in result["theory"]:
                print("  {name:16} {observed:.5f} {predicted:.5f} +- {standard_error:.5f} "
                      "z = {z:.2f}".format(**row))
            self.assertEqual(status, 0)
            self.assertEqual(len(result["theory"]), 12)

    def test_a_mean_field_of_another_gain_is_refused_or_fails(self):
        values = {"gain": 1.0, "reciprocity": 0.5, "steps": 49}
        networks = self.ensemble(**values)
        other = self.emulate("mean_field", kind="mean_field", **{**values, "gain": 1.3})
        refused = run("compare", *networks, "--against", other)
        self.assertEqual(refused.returncode, 2)
        self.assertIn("is not a network of the experiment", refused.stderr)

    def test_one_network_or_a_repeated_seed_is_no_ensemble(self):
        values = {"gain": 1.0, "reciprocity": 0.5, "steps": 20}
        mean_field = self.emulate("mean_field", kind="mean_field", **values)
        network = self.ensemble(1, **values)
        for captures, message in ((network * 2, "was given before"),
                                  (network, "one network has no scatter")):
            refused = run("compare", *captures, "--against", mean_field)
            self.assertEqual(refused.returncode, 2)
            self.assertIn(message, refused.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
