#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What networks observe of themselves, from the experiment file to the verdict of `tinymf compare`:
an ensemble against the theory of large N, one linear network against the exact statistics of its own
couplings, on the host emulation; and the same estimates, bit for bit, from emulated boards.

A verdict allows |z| <= 4.5: the errors come from the scatter of 8 networks, or of 40 blocks, and for
large N from 1/N. With Student's t of 7 degrees of freedom one number in 360 would fail by chance if 1/N
were not added; the seeds are fixed. Sampling alone is checked by the exact case: t of 39 degrees."""

import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import numpy

TINYMF = os.environ["TINYMF"]
SOURCE = Path(os.environ["TINYMF_SOURCE_DIR"])
BINARY = Path(os.environ["TINYMF_BINARY_DIR"])
OBSERVED = SOURCE / "host_tools/experiments/observed.toml"
SPECTRUM = SOURCE / "host_tools/experiments/covariance_spectrum.toml"

STATIC = """
schema = 1
name = "static"
[model]
activation = "power_law"
exponent = 0.75
gain = 0.7
noise = 1.0
noise_kind = "static"
noise_hold = 60
dt = 0.7
steps = 30000
[network]
neurons = 128
replicas = 2
[stream]
state_every = 0
observe = ["moments", "participation", "settling"]
observe_every = 60
observe_block = 250
"""


def tinymf(*arguments, code=0):
    run = subprocess.run([TINYMF, *map(str, arguments)], capture_output=True, text=True)
    assert run.returncode == code, (arguments, run.returncode, run.stdout, run.stderr)
    return run.stdout


def board_is_built(board):
    return (BINARY.parent / board / "bin").exists() or any((BINARY.parent / board).glob("**/tinymf-firmware.elf"))


class ObservedTheory(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def capture(self, experiment, name, *settings):
        path = Path(self.folder.name, f"{name}.tmf")
        tinymf("emulate", experiment, *(part for s in settings for part in ("--set", s)), "-o", path)
        return path

    def verdict(self, captures, *arguments, code=0):
        found = json.loads(tinymf("compare", *captures, *arguments, "--json", code=code))
        for row in found["theory"]:
            print(f"{row['name']:20} {row['observed']:9.5f} {row['predicted']:9.5f} +- {row['standard_error']:.5f}  z {row['z']:+.2f}")
        return found

    def test_networks_meet_the_theory_of_large_n(self):
        for name, experiment, settings in [
            ("white", OBSERVED, ["network.neurons=128", "model.steps=20500", "stream.state_every=0"]),
            ("static", self.static(), []),
        ]:
            captures = [self.capture(experiment, f"{name}{seed}", f"model.seed={seed}", *settings) for seed in range(1, 9)]
            found = self.verdict(captures, "--against", "theory")
            self.assertEqual(found["verdict"], "pass")
            rows = {row["name"]: row for row in found["theory"]}
            self.assertGreater(len(rows), 6)
            for key in ("participation_input", "participation_output"):
                self.assertLess(abs(rows[key]["observed"] / rows[key]["predicted"] - 1), 0.05)

    def test_one_linear_network_meets_its_own_exact_statistics(self):
        linear = ["model.activation=linear", "model.gain=0.5", "model.reciprocity=0.5"]
        capture = self.capture(OBSERVED, "linear", *linear)
        found = self.verdict([capture], "--against", "reference")
        self.assertEqual(found["verdict"], "pass")
        self.assertGreaterEqual(len(found["theory"]), 10)

    def test_theory_of_other_parameters_fails(self):
        """A network of gain 1.2 is not taken for one of gain 1.35: the comparison has teeth."""
        captures = [self.capture(OBSERVED, f"g{gain}", f"model.gain={gain}", "network.neurons=256", "stream.state_every=0")
                    for gain in (1.2, 1.35)]
        rows = [{row["name"]: row for row in self.verdict([c], "--against", "theory")["theory"]} for c in captures]
        one, other = (r["N_var_input"] for r in rows)
        self.assertGreater(abs(one["observed"] - other["predicted"]) / other["standard_error"], 4.5)

    def test_the_spectrum_of_neurons_without_couplings(self):
        """Exponential Euler at g = 0: C(k) = e^(-k dt)/2, so that on lags 0.2 tau apart
        S(omega) = 0.1 (1 - q^2)/(1 - 2 q cos(0.2 omega) + q^2), q = e^-0.2. 60 lags: e^-12 is left."""
        capture = self.capture(OBSERVED, "spectrum", "model.activation=linear", "model.gain=0.0", "model.integrator=exponential_euler",
                               'stream.observe=["autocorrelation"]', "stream.observe_every=2", "stream.observe_lags=60",
                               "stream.state_every=0", "model.steps=30500")
        arrays = capture.with_suffix(".npz")
        tinymf("export", capture, "-o", arrays)
        with numpy.load(arrays) as found:
            omega, observed, error = found["omega"], found["Sx"], found["Sx_se"]
        q = numpy.exp(-0.2)
        expected = 0.1 * (1 - q * q) / (1 - 2 * q * numpy.cos(0.2 * omega) + q * q)
        z = (observed - expected) / error
        print(f"{len(omega)} frequencies, S(0) = {observed[0]:.4f} of {expected[0]:.4f}, largest |z| {abs(z).max():.2f}")
        self.assertLess(abs(z).max(), 5.0)

    def test_long_windows_see_the_covariance_at_frequency_zero(self):
        """A linear network: (1 - g^2)^2 on any scheme. Windows of 200 tau leave a bias of some 1 %, below
        the error of finite N and sampling."""
        capture = self.capture(OBSERVED, "window", "model.activation=linear", "model.gain=0.5", "network.neurons=128",
                               'stream.observe=["participation"]', "stream.observe_window=400", "stream.observe_block=16000",
                               "stream.state_every=0", "stream.digest_every=0", "model.steps=800500")
        found = self.verdict([capture], "--against", "theory")
        self.assertEqual(found["verdict"], "pass")
        row = found["theory"][0]
        self.assertEqual(row["name"], "participation_long_window")
        self.assertAlmostEqual(row["predicted"], 0.5625, places=6)

    def test_the_spectrum_of_the_covariance(self):
        """Draws of static noise are independent: their eigenvalues, for large N between the edges
        of Hu & Sompolinsky (2022), are blurred as Marchenko & Pastur describe, which leaves the mean and adds (N/T) mean^2
        to the mean square. Both are held to 4.5 standard errors, from the scatter of 16 blocks; the shift is larger."""
        capture = self.capture(SPECTRUM, "eigenvalues", "model.gain=0.2", "model.steps=20480", "stream.observe_block=32")
        arrays = capture.with_suffix(".npz")
        tinymf("export", capture, "-o", arrays)
        with numpy.load(arrays) as found:
            eigenvalues, matrix = found["covariance_eigenvalues_input"], found["covariance_input"]
        self.assertLess(abs(eigenvalues - numpy.linalg.eigvalsh(matrix)).max(), 1e-12 * eigenvalues[-1])
        rows = {row["name"]: row for row in self.verdict([capture], "--against", "reference")["theory"]}
        mean, dimension = rows["Cx(0) by moments"], rows["participation_input"]
        self.assertLess(abs(eigenvalues.mean() - mean["predicted"]), 4.5 * mean["standard_error"])
        shift = mean["predicted"] ** 2 / 8
        square = mean["predicted"] ** 2 / dimension["predicted"] + shift
        found_square = (eigenvalues ** 2).mean()
        error = square * (2 * mean["standard_error"] / mean["predicted"] + dimension["standard_error"] / dimension["predicted"])
        print(f"mean square {found_square:.4f}, expected {square:.4f} +- {error:.4f}, {square - shift:.4f} without sampling")
        self.assertLess(abs(found_square - square), 4.5 * error)
        self.assertLess(4.5 * error, shift)
        page = Path(self.folder.name, "page.html")
        tinymf("report", capture, "-o", page)
        self.assertIn("<h3>Spectrum of the covariance</h3>", page.read_text())

    def test_windows_of_one_linear_network_meet_their_exact_covariance(self):
        capture = self.capture(SPECTRUM, "windows", "model.noise_kind=white", "model.noise_hold=0", "model.dt=0.1",
                               "network.neurons=64", "stream.observe_every=2", "stream.observe_window=50",
                               "stream.observe_block=3200", "model.steps=128000")
        rows = {row["name"]: row for row in self.verdict([capture], "--against", "reference")["theory"]}
        self.assertEqual(rows.keys(), {"Cx(0) by moments", "participation_input, windows of 50", "N_var_input, windows of 50"})

    def test_the_exponent_changes_its_sign_at_the_onset_of_chaos(self):
        """Without noise at g = 1; a network of 256 neurons blurs that by some 10 %. The scatter of the
        blocks judges the sign, 4.5 standard errors away from zero."""
        for gain, sign in ((0.8, -1), (2.0, 1)):
            capture = self.capture(OBSERVED, f"onset{gain}", f"model.gain={gain}", "model.noise=0.0", "network.neurons=256",
                                   "network.replicas=1", "model.steps=20500", 'stream.observe=["lyapunov"]')
            arrays = capture.with_suffix(".npz")
            tinymf("export", capture, "-o", arrays)
            with numpy.load(arrays) as found:
                exponent, error = found["lyapunov"][0], found["lyapunov_se"][0]
            print(f"g = {gain}: lambda {exponent:+.4f} +- {error:.4f}")
            self.assertGreater(sign * exponent, 4.5 * error)

    def test_boards_estimate_the_same_bits(self):
        checked = 0
        for board in ("mps2-an386", "netduinoplus2", "virt-rv32imafc"):
            if not board_is_built(board):
                continue
            path = Path(self.folder.name, f"{board}.tmf")
            tinymf("capture", OBSERVED, "--from", f"qemu:{board}", "--set", "model.steps=1500", "--set", "stream.observe_block=100",
                   "--set", 'stream.observe=["moments","autocorrelation","response","participation","covariance","lyapunov","settling"]',
                   "-o", path)
            found = json.loads(tinymf("compare", path, "--against", "host", "--json"))
            self.assertEqual(found["verdict"], "pass")
            self.assertIsNone(found["bit_exact"]["first_difference"])
            print(f"{board}: {found['bit_exact']['steps_checked']} steps equal")
            checked += 1
        self.assertGreater(checked, 0, "no emulated board is built")

    def static(self):
        path = Path(self.folder.name, "static.toml")
        path.write_text(STATIC)
        return path


if __name__ == "__main__":
    sys.exit(unittest.main())
