#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The whole golden matrix: every build of the model that the project promises equal bits for, and
every one that must differ, into tests/golden/RESULTS.md. `toolchain/dev golden` runs it.

Each finished row is kept with the hash of its program, so that an interrupted run goes on where it
was, and a row is run anew when its program or the committed digests have changed. Arguments: the
boards; option --jobs.
"""

import argparse
import hashlib
import json
import os
import pathlib
import subprocess
import sys
import time

import digests

SOURCE = pathlib.Path(os.environ["TINYMF_SOURCE_DIR"])
BUILD = pathlib.Path(os.environ["TINYMF_BINARY_DIR"])
sys.path[:0] = [str(SOURCE / path) for path in ("tests/emulator/each_board", "toolchain")]
import digests_test as emulated  # noqa: E402
from emulated_board import EmulatedBoard  # noqa: E402
from measured_commit import measured_commit  # noqa: E402

TREES = BUILD.parent / "golden"
KEPT = TREES / "rows.json"
RESULTS = SOURCE / "tests/golden/RESULTS.md"
LIMIT_S = 3600
BOARD_LEVELS = ("Os", "O2", "O3")
# Without a float unit, with one, and of another architecture's version.
BY_CLANG = ("mps2-an385", "mps2-an386", "mps2-an505")
CLANG_OPTIONS = (f"-DCMAKE_CXX_COMPILER_LAUNCHER=/usr/bin/python3;{SOURCE}/tests/golden/by_clang.py",
                 # A freestanding main has no C name there.
                 "-DCMAKE_EXE_LINKER_FLAGS=-Wl,--defsym=main=_Z4mainv -Wl,-z,noexecstack")


def board_row(name, level):
    tree = TREES / f"{name}-{level}"
    program = tree / "bin/tinymf-golden.elf"
    board = EmulatedBoard(name)
    command = (*board.emulator, "-nographic", "-monitor", "none", "-serial", "stdio",
               "-no-reboot", "-kernel", program)
    return digests.Row(f"{name}-{level}", program, command, board=True)


def build_board(name, level, jobs):
    tree = TREES / f"{name}-{level}"
    compiler, _, optimisation = level.rpartition("-")
    for command in (["cmake", "--preset", name, "-B", tree,
                     f"-DCMAKE_CXX_FLAGS_RELEASE=-{optimisation}",
                     f"-DCMAKE_C_FLAGS_RELEASE=-{optimisation}",
                     *(CLANG_OPTIONS if compiler == "clang" else ())],
                    ["cmake", "--build", tree, "-j", str(jobs), "--target", "tinymf-golden"]):
        done = subprocess.run(command, cwd=SOURCE, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"{name} -{level}:\n{done.stdout[-4000:]}{done.stderr[-4000:]}")


def printed(row):
    if row.board:
        emulated.LIMIT_S = LIMIT_S  # slower builds than the shipped one are among them
        return emulated.printed_row(list(map(str, row.command)))
    return digests.parse(subprocess.run(row.command, check=True, text=True, timeout=LIMIT_S,
                                        stdout=subprocess.PIPE).stdout)


def result_of(row, golden, kept):
    """{digests, scenarios, differing, program}; from `kept` where nothing has changed."""
    content = row.program.read_bytes() + digests.COMMITTED.read_bytes()
    fingerprint = hashlib.sha256(content).hexdigest()
    if kept.get(row.name, {}).get("program") == fingerprint:
        return kept[row.name]
    begin = time.monotonic()
    found = printed(row)
    return {"program": fingerprint, "digests": len(found),
            "scenarios": len({name for name, _ in found}),
            "differing": len(digests.differences(found, golden)),
            "seconds": round(time.monotonic() - begin)}


def is_good(row, result, golden):
    whole = row.board and result["digests"] >= emulated.FEWEST or result["digests"] == len(golden)
    return whole and (result["differing"] > 0) == row.must_differ


def tool_line(*command):
    return subprocess.run(command, check=True, capture_output=True,
                          text=True).stdout.splitlines()[0].strip()


def table(rows, results, golden, verdict):
    commit = measured_commit(RESULTS.relative_to(SOURCE))
    lines = ["# The golden matrix\n", f"Written by toolchain/dev golden at {commit}: every row is "
             "the same program from the same sources, in another build.",
             "A board runs the scenarios that fit its memory; under QEMU, never on silicon.\n",
             verdict + "\n"]
    lines += [f"- {tool_line(*command)}" for command in (
        ("g++", "--version"), ("clang++", "--version"), ("arm-none-eabi-g++", "--version"),
        ("riscv64-unknown-elf-g++", "--version"), ("qemu-system-arm", "--version"),
        ("node", "--version"))]
    lines += ["", "| build | scenarios | digests | differing |", "| --- | ---: | ---: | ---: |"]
    for row in rows:
        result = results[row.name]
        lines.append(f"| {row.name} | {result['scenarios']} | {result['digests']} | "
                     f"{result['differing']} |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("boards", nargs="+")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    golden = digests.committed()
    kept = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    TREES.mkdir(exist_ok=True)
    builds = [(board, level) for board in options.boards for level in BOARD_LEVELS]
    builds += [(board, "clang-O2") for board in options.boards if board in BY_CLANG]
    rows = digests.host_rows(BUILD) + [board_row(*build) for build in builds]
    results, wrong = {}, []
    boards_of = dict(zip((row.name for row in rows if row.board), builds))
    for number, row in enumerate(rows, 1):
        if row.board:
            build_board(*boards_of[row.name], options.jobs)
        results[row.name] = result = result_of(row, golden, kept)
        kept[row.name] = result
        KEPT.write_text(json.dumps(kept, indent=1))
        good = is_good(row, result, golden)
        wrong += [] if good else [row.name]
        print(f"{number:3}/{len(rows)} {'ok  ' if good else 'FAIL'} {row.name:28} "
              f"{result['scenarios']:3} scenarios, {result['digests']:4} digests, "
              f"{result['differing']:4} differ", flush=True)
    equal = [row for row in rows if not row.must_differ]
    must_fail = [row for row in rows if row.must_differ]
    scenarios = len({name for name, _ in golden})
    verdict = (f"{len(equal)} builds × up to {scenarios} scenarios: "
               f"{sum(results[row.name]['digests'] for row in equal)} digests, "
               f"{sum(results[row.name]['differing'] for row in equal)} differ; "
               f"{sum(results[row.name]['differing'] > 0 for row in must_fail)} of "
               f"{len(must_fail)} must-fail rows differ.")
    print(verdict)
    if wrong:
        sys.exit("failed: " + ", ".join(wrong))
    RESULTS.write_text(table(rows, results, golden, verdict))
    print(RESULTS.relative_to(SOURCE))


if __name__ == "__main__":
    main()
