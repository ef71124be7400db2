#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""P-bit: host rows of the golden matrix print the committed digests; must-fail rows do not.

Rows are programs in the build tree, some of those that `toolchain/dev golden` runs; the boards' rows
are tests of their own, in tests/emulator/each_board. Argument: --write replaces the committed file by the gcc-O2 row.
"""
import os
import pathlib
import subprocess
import sys

import digests

BUILD = pathlib.Path(os.environ["TINYMF_BINARY_DIR"])
LIMIT_S = 300


def host_row(*command):
    return digests.parse(subprocess.run(command, check=True, text=True, timeout=LIMIT_S,
                                        stdout=subprocess.PIPE).stdout)


def main():
    rows = BUILD / "tests/golden"
    if "--write" in sys.argv:
        text = subprocess.run([rows / "gcc-O2"], check=True, text=True, stdout=subprocess.PIPE)
        digests.COMMITTED.write_text(text.stdout)
        return 0
    golden = digests.committed()
    failures = 0

    def verdict(row):
        nonlocal failures
        found = host_row(*row.command)
        wrong = digests.differences(found, golden)
        good = found.keys() == golden.keys() and bool(wrong) == row.must_differ
        failures += not good
        print(f"{'ok  ' if good else 'FAIL'} {row.name:28} {len(found):4} digests, {len(wrong):4} differ"
              + (f", first {wrong[0]}" if wrong and not row.must_differ else ""), flush=True)

    built = (rows / "built_by_tests.txt").read_text().split()
    for row in digests.host_rows(BUILD):
        if str(row.program) in built:
            verdict(row)
    print(f"{len({name for name, _ in golden})} scenarios, {failures} rows failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
