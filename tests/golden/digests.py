# SPDX-License-Identifier: Apache-2.0
"""The committed digests, and the builds whose digests are held against them."""

import dataclasses
import os
import pathlib

COMMITTED = pathlib.Path(os.environ["TINYMF_SOURCE_DIR"]) / "tests/golden/digests.txt"


@dataclasses.dataclass(frozen=True)
class Row:
    name: str
    program: pathlib.Path
    command: tuple
    board: bool = False  # prints what fits, and its emulator may not end by itself

    @property
    def must_differ(self):
        return self.name.startswith("must-fail")


def host_rows(build):
    """Those of the build tree, as golden/rows.cmake lists them."""
    rows = []
    for line in (build / "tests/golden/rows.txt").read_text().splitlines():
        name, program, runner, arguments = line.split("\t")
        rows.append(Row(name, pathlib.Path(program), (*runner.split(), program, *arguments.split())))
    return rows


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
