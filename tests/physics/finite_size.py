#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Networks of growing size, observed while they run on the host emulation, against the theory of
N -> infinity on the same scheme: each observable is fitted as a + b/N, and a is compared with theory.
Prints a table in Markdown. Takes about ten minutes on two cores; toolchain/dev physics runs it."""

import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy

TINYMF = os.environ["TINYMF"]

STATIC = """
schema = 1
[model]
noise = 1.0
noise_kind = "static"
noise_hold = 60
dt = 0.7
steps = 30000
integrator = "euler"
{model}
[network]
neurons = {neurons}
replicas = 2
[stream]
state_every = 0
digest_every = 0
observe = ["moments", "participation", "settling"]
observe_every = 60
observe_block = 250
"""

WHITE = """
schema = 1
[model]
noise = 1.0
dt = 0.1
steps = 20500
integrator = "exponential_euler"
{model}
[network]
neurons = {neurons}
replicas = 2
[stream]
state_every = 0
digest_every = 0
observe = ["moments", "participation"]
observe_every = 10
observe_after = 500
observe_block = 250
"""

CHAOS = """
schema = 1
[model]
noise = 0.0
dt = 0.1
steps = 12500
integrator = "euler"
{model}
[network]
neurons = {neurons}
[stream]
state_every = 0
digest_every = 0
observe = ["moments", "lyapunov"]
observe_every = 10
observe_after = 2500
observe_block = 250
"""

COVARIANCES = {"participation_input": ("participation_input", "participation", "input"),
               "participation_output": ("participation_output", "participation", "output"),
               "N_var_input": ("N_var_input", "covariance", "N_var_input"),
               "N_var_output": ("N_var_output", "covariance", "N_var_output")}
EXPONENT = {"lyapunov": ("lyapunov", "lyapunov", "max")}

# Name, experiment, model, observables, sizes with their number of networks.
SIZES = {64: 64, 128: 32, 256: 16, 512: 8, 1024: 4}
# Small networks are cheap, and tell the coefficient of 1/N.
MANY_SMALL = {64: 512, 128: 128, 256: 32, 512: 8, 1024: 4}
CASES = [
    ("linear static g=.5", STATIC, 'activation = "linear"\ngain = 0.5', COVARIANCES, MANY_SMALL),
    ("tanh static g=1", STATIC, 'activation = "tanh"\ngain = 1.0', COVARIANCES, SIZES),
    ("power law .75 static g=.7", STATIC, 'activation = "power_law"\nexponent = 0.75\ngain = 0.7', COVARIANCES, SIZES),
    ("Pade [1/2] static g=1", STATIC, 'activation = "pade"\ngain = 1.0', COVARIANCES, SIZES),
    ("linear white g=.5", WHITE, 'activation = "linear"\ngain = 0.5', COVARIANCES, MANY_SMALL),
    ("tanh white g=1.2", WHITE, 'activation = "tanh"\ngain = 1.2', COVARIANCES, SIZES),
    ("power law .75 white g=.8", WHITE, 'activation = "power_law"\nexponent = 0.75\ngain = 0.8', COVARIANCES, SIZES),
    ("Pade [1/2] white g=1", WHITE, 'activation = "pade"\ngain = 1.0', COVARIANCES, SIZES),
    ("tanh chaos g=1.5", CHAOS, 'activation = "tanh"\ngain = 1.5', EXPONENT, {256: 32, 512: 16, 1024: 8}),
    ("tanh chaos g=2", CHAOS, 'activation = "tanh"\ngain = 2.0', EXPONENT, {256: 32, 512: 16, 1024: 8}),
]

# J_ii = 0, x = g^2 = 1/4, drawn with variance 1/N: coefficients of 1/N (Mato, Rigatuso & Torroba 2025,
# expansion of the exact covariance of one J): static D x(2 - 9x - 2x^2); white, Euler in the limit of
# small dt, +.109.
KNOWN_SLOPES = {("linear static g=.5", "participation_input"): 0.25 * (2 - 9 * 0.25 - 2 * 0.0625)}


def run(arguments):
    return subprocess.run([TINYMF, *arguments], capture_output=True, text=True, check=True).stdout


def observe(folder, text, seed):
    """The arrays that one network exports."""
    experiment = folder / f"{seed}.toml"
    experiment.write_text(text)
    capture = experiment.with_suffix(".tmf")
    run(["emulate", str(experiment), "--set", f"model.seed={seed}", "-o", str(capture)])
    arrays = capture.with_suffix(".npz")
    run(["export", str(capture), "-o", str(arrays)])
    with numpy.load(arrays) as loaded:
        found = {name: loaded[name] for name in loaded.files}
    capture.unlink()
    arrays.unlink()
    return found


def ensemble(text, networks, first_seed, workers):
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(workers) as pool:
        seeds = range(first_seed, first_seed + networks)
        return list(pool.map(lambda seed: observe(Path(folder), text, seed), seeds))


def predicted(text):
    with tempfile.TemporaryDirectory() as folder:
        experiment = Path(folder, "theory.toml")
        experiment.write_text(text)
        return json.loads(run(["theory", str(experiment), "--discrete", "--json"]))


def fit(sizes, means, errors):
    """a and b of a + b/N by weighted least squares, with their standard errors."""
    weights = 1.0 / numpy.asarray(errors) ** 2
    x = 1.0 / numpy.asarray(sizes, dtype=float)
    design = numpy.stack([numpy.ones_like(x), x], axis=1)
    covariance = numpy.linalg.inv(design.T @ (weights[:, None] * design))
    values = covariance @ (design.T @ (weights * numpy.asarray(means)))
    return values, numpy.sqrt(numpy.diag(covariance))


def main():
    chosen = sys.argv[1:]
    workers = os.cpu_count() or 1
    print("<!-- SPDX-License-Identifier: Apache-2.0 -->\n# Networks of growing size against theory\n\nWritten by toolchain/dev physics. Errors are those of sampling "
          "and of the scatter between\nnetworks; theory is that of the experiment's own scheme and dt.\n")
    print("| experiment | observable | theory | " + "largest N | at that N | z there | a of a + b/N | z of a | b |")
    print("| - | - | - | - | - | - | - | - | - |")
    failures = 0
    for name, experiment, model, observables, sizes in CASES:
        if chosen and not any(word in name for word in chosen):
            continue
        theory = predicted(experiment.format(model=model, neurons=64))
        samples = {n: ensemble(experiment.format(model=model, neurons=n), networks, 1000 * n, workers)
                   for n, networks in sizes.items()}
        for label, (array, group, key) in observables.items():
            means, errors = [], []
            for arrays in samples.values():
                values = numpy.array([a[array][0] for a in arrays])
                means.append(values.mean())
                errors.append(values.std(ddof=1) / numpy.sqrt(len(values)))
            expected = theory[group][key]
            (a, b), (error_a, error_b) = fit(list(sizes), means, errors)
            z = (a - expected) / error_a
            failures += abs(z) > 4.5
            slope = f"{b:+.3f} ± {error_b:.3f}"
            if (name, label) in KNOWN_SLOPES:
                known = KNOWN_SLOPES[name, label]
                slope += f" (known {known:+.3f})"
                failures += abs(b - known) > 4.5 * error_b
            print(f"| {name} | {label} | {expected:.5f} | {max(sizes)} | {means[-1]:.5f} ± {errors[-1]:.5f} "
                  f"| {(means[-1] - expected) / errors[-1]:+.1f} | {a:.5f} ± {error_a:.5f} | {z:+.1f} | {slope} |", flush=True)
    print(f"\n{failures} extrapolated values or known slopes more than 4.5 standard errors off")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
