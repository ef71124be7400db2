# SPDX-License-Identifier: Apache-2.0
"""Runs one fuzzer for a while: campaign.py TARGET SECONDS [--seeded]

With --seeded, as a test: always the same random numbers, from the repository's seeds on, nothing
kept. Without, random ones, and what was found to be worth keeping waits for the next campaign in
the build tree; 900 seconds or more put a row into RESULTS.md. An input that fails is kept in the
build tree; it becomes a seed, and a unit test of what was wrong.
"""

import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(os.environ["TINYMF_SOURCE_DIR"])
BINARIES = pathlib.Path(os.environ["TINYMF_BINARY_DIR"])
HERE = ROOT / "tests/fuzz"
TABLE = HERE / "RESULTS.md"
LONG = 900
SKIPPED = 77

# What the repository has anyway.
OTHER_SEEDS = {"experiment": [ROOT / "host_tools/experiments"],
               "sweep": [ROOT / "host_tools/experiments/sweeps"]}
# Bytes; where nothing is said, 4096.
LONGEST = {"frame_decoder": 8192, "experiment": 16384}

HEADING = """# Fuzzing

Written by toolchain/dev fuzz: each target at least a quarter of an hour on one core, with address
and undefined-behaviour sanitizers. Coverage is counted in edges of the control flow that the
target can reach, first by the seeds in the repository alone, then by all inputs found.

| target | seconds | executions | edges by seeds | edges at the end | findings open | commit |
| --- | --- | --- | --- | --- | --- | --- |
"""


def targets() -> list[str]:
    return sorted(path.name.removesuffix("_fuzzer.cpp") for path in HERE.glob("*_fuzzer.cpp"))


def environment(scratch: pathlib.Path) -> dict[str, str]:
    """A small quarantine, or fuzzers would spend their time in it; files in memory, if possible."""
    return {**os.environ, "TMPDIR": str(scratch),
            "ASAN_OPTIONS": "quarantine_size_mb=8:detect_leaks=1:abort_on_error=1",
            "UBSAN_OPTIONS": "print_stacktrace=1:abort_on_error=1"}


def command(target: str, seconds: int, corpus: pathlib.Path, artifacts: pathlib.Path) -> list[str]:
    dictionary = HERE / f"seeds/{target}.dict"
    return [str(BINARIES / "bin" / f"fuzz_{target}"), f"-max_total_time={seconds}", "-timeout=25",
            "-print_final_stats=1", "-len_control=0", "-rss_limit_mb=2560", f"-max_len={LONGEST.get(target, 4096)}",
            f"-artifact_prefix={artifacts}/",
            *([f"-dict={dictionary}"] if dictionary.exists() else []), str(corpus),
            *(str(folder) for folder in [HERE / "seeds" / target, *OTHER_SEEDS.get(target, [])]
              if folder.is_dir())]


def number(pattern: str, output: str) -> int:
    found = re.findall(pattern, output)
    return int(found[-1]) if found else 0


def row(target: str, seconds: int, output: str) -> str:
    commit = subprocess.run(["git", "-C", ROOT, "rev-parse", "--short", "HEAD"],
                            capture_output=True, text=True).stdout.strip() or "unknown"
    executions = number(r"stat::number_of_executed_units: (\d+)", output)
    seeds = number(r"INITED cov: (\d+)", output)
    end = number(r"cov: (\d+)", output)
    return (f"| {target} | {seconds} | {executions:,} | {seeds} | {end} | 0 | {commit} |")


def update_table(target: str, new: str) -> None:
    old = TABLE.read_text().splitlines() if TABLE.exists() else []
    rows = {line.split("|")[1].strip(): line for line in old[HEADING.count("\n"):]}
    rows[target] = new
    lines = [rows[name] for name in targets() if name in rows]
    TABLE.write_text(HEADING + "\n".join(lines) + "\n")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", choices=targets())
    parser.add_argument("seconds", type=int)
    parser.add_argument("--seeded", action="store_true")
    given = parser.parse_args()
    if not (BINARIES / "bin" / f"fuzz_{given.target}").exists():
        print("the fuzzer is not built; its runtime is in Debian's libclang-rt-14-dev")
        return SKIPPED
    artifacts = BINARIES / "fuzz" / "findings" / given.target
    artifacts.mkdir(parents=True, exist_ok=True)
    memory = pathlib.Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as folder:
        scratch = pathlib.Path(folder)
        corpus = BINARIES / "fuzz" / "corpus" / given.target
        if given.seeded:
            corpus = scratch / "corpus"
        corpus.mkdir(parents=True, exist_ok=True)
        (scratch / "files").mkdir()
        run = subprocess.run([*command(given.target, given.seconds, corpus, artifacts),
                              *(["-seed=20230514"] if given.seeded else [])],
                             env=environment(scratch / "files"), capture_output=True, text=True,
                             errors="replace")
    if run.returncode != 0:
        sys.stdout.write(run.stdout + run.stderr[-20000:])
        print(f"fuzz_{given.target} failed with exit code {run.returncode}")
        return 1
    result = row(given.target, given.seconds, run.stderr)
    print(result)
    if given.seconds >= LONG and not given.seeded:
        update_table(given.target, result)
    return 0


if __name__ == "__main__":
    sys.exit(main())
