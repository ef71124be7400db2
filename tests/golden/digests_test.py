#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""P-bit: every row of the golden matrix prints the committed digests; must-fail rows do not.

Host rows are programs in the build tree; board rows are images run by QEMU, looked for in the
build trees beside this one. Arguments: --write replaces the committed file by the gcc-O2 row.
"""
import os
import pathlib
import re
import subprocess
import sys
import time

SOURCE = pathlib.Path(os.environ["TINYMF_SOURCE_DIR"])
BUILD = pathlib.Path(os.environ["TINYMF_BINARY_DIR"])
GOLDEN = SOURCE / "tests/golden/digests.txt"
BOARDS = {"mps2-an386": "Cortex-M4F", "microbit": "Cortex-M0"}
HOST_LIMIT_S = 300
BOARD_LIMIT_S = 600


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


def host_row(program, *arguments):
    return parse(subprocess.run([program, *arguments], check=True, text=True, timeout=HOST_LIMIT_S,
                                stdout=subprocess.PIPE).stdout)


def board_command(board, image):
    facts = (SOURCE / "firmware/boards" / board / "board.cmake").read_text()
    machine = re.search(r"TINYMF_BOARD_QEMU ([^)]*)\)", facts).group(1).split()
    return [*machine, "-nographic", "-monitor", "none", "-no-reboot", "-serial", "stdio",
            "-kernel", str(image)]


def board_row(board, image):
    """Runs until the image says it is done; QEMU is then stopped, if it has not ended itself."""
    process = subprocess.Popen(board_command(board, image), stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    deadline = time.monotonic() + BOARD_LIMIT_S
    lines = []
    try:
        for line in process.stdout:
            lines.append(line.rstrip("\n"))
            if lines[-1] == "done" or time.monotonic() > deadline:
                break
    finally:
        process.kill()
        process.wait()
    return parse("\n".join(lines))


def differences(row, golden):
    return sorted(key for key in row if row[key] != golden.get(key))


def main():
    rows = BUILD / "tests/golden"
    if "--write" in sys.argv:
        text = subprocess.run([rows / "gcc-O2"], check=True, text=True, stdout=subprocess.PIPE)
        GOLDEN.write_text(text.stdout)
        return 0
    golden = parse(GOLDEN.read_text())
    scenarios = len({name for name, _ in golden})
    failures = 0

    def verdict(name, row, must_differ, everything):
        nonlocal failures
        wrong = differences(row, golden)
        complete = not everything or row.keys() == golden.keys()
        good = bool(wrong) if must_differ else not wrong and complete
        failures += not good
        print(f"{'ok  ' if good else 'FAIL'} {name:28} {len(row):4} digests, {len(wrong):4} differ"
              + (f", first {wrong[0]}" if wrong and not must_differ else ""), flush=True)

    for compiler in ("gcc", "clang"):
        for level in ("O0", "O2", "O3-native"):
            name = f"{compiler}-{level}"
            verdict(name, host_row(rows / name), False, True)
    verdict("gcc-debug", host_row(rows / "gcc-debug"), False, True)
    for board, core in BOARDS.items():
        image = BUILD.parent / board / "bin/tinymf-golden.elf"
        if not image.exists():
            print(f"FAIL {board}: no image at {image}; build it with: toolchain/dev build {board}")
            failures += 1
            continue
        verdict(f"{board} ({core})", board_row(board, image), False, False)

    for name in ("contraction", "fast-math", "reordered-sum"):
        verdict(f"must-fail-{name}", host_row(rows / f"must-fail-{name}"), True, True)
    verdict("must-fail-flipped-bit", host_row(rows / "gcc-O2", "flip"), True, True)
    print(f"{scenarios} scenarios, {failures} rows failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
