# SPDX-License-Identifier: Apache-2.0
"""The committed digests, and what to hold against them."""

import os
import pathlib

COMMITTED = pathlib.Path(os.environ["TINYMF_SOURCE_DIR"]) / "tests/golden/digests.txt"


def parse(text):
    """{(scenario, step): (digest, couplings)}; the row must have reached its last line."""
    lines = text.splitlines()
    if not lines or lines[-1] != "done":
        raise SystemExit("row ended early; last line: " + (lines[-1] if lines else "none"))
    result = {}
    for line in lines[:-1]:
        name, step, digest, couplings = line.split()
        result[name, int(step)] = digest, couplings
    return result


def committed():
    return parse(COMMITTED.read_text())


def differences(row, golden):
    return sorted(key for key in row if row[key] != golden.get(key))
