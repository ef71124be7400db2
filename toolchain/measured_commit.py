#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints the commit that the figures of a table are of: measured_commit.py TABLE

It ends in -dirty where any other tracked file differs from it. The table itself does not count: it is
written a row at a time, and the first row would make the others dirty.
"""

import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]


def git(*words):
    """What git says of these sources, whatever repository the environment names."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return subprocess.run(["git", "-C", ROOT, *words], env=environment, capture_output=True,
                          text=True).stdout.strip()


def measured_commit(table):
    """Twelve digits, or "unversioned" where the sources are no repository of their own; `table`: its
    path from their root."""
    top_level = git("rev-parse", "--show-toplevel")
    commit = git("rev-parse", "--short=12", "HEAD")
    if not commit or not ROOT.samefile(top_level):
        return "unversioned"
    changed = git("status", "--porcelain", "--untracked-files=no", "--", ".", f":(exclude){table}")
    return commit + ("-dirty" if changed else "")


if __name__ == "__main__":
    print(measured_commit(sys.argv[1]))
