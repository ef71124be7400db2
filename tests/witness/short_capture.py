# SPDX-License-Identifier: Apache-2.0
"""A short run that an image makes on a model of its chip, and what it must be: the host's."""

import json
import os
import subprocess

TINYMF = os.environ["TINYMF"]
EXPERIMENT = """schema = 1
[model]
gain = 1.5
noise = 0.5
steps = 30
[network]
neurons = 16
[stream]
state_every = 1
digest_every = 10
"""
LIMIT_S = 300


def tinymf(*words):
    """What it prints; it must not fail."""
    run = subprocess.run([TINYMF, *map(str, words)], text=True, timeout=LIMIT_S, capture_output=True)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def bits_against_host(capture):
    """Of every state. Bits that agree are the host's, whichever commit the image was built from."""
    bits = json.loads(tinymf("compare", capture, "--against", "host", "--allow-other-build",
                             "--json"))["bit_exact"]
    assert bits["states_checked"] >= 30, bits
    return bits
