# SPDX-License-Identifier: Apache-2.0
"""Runs one fuzzer for a while: campaign.py TARGET SECONDS [--seeded]

SECONDS are of the fuzzer's processor time, so that a busy machine does not shorten a campaign.
With --seeded, as a test: always the same random numbers, from the repository's seeds on, nothing
kept. Without, random ones, and what was found to be worth keeping waits for the next campaign in
the build tree. Campaigns of one commit add up to a row of RESULTS.md, which takes the place of a
shorter one, and from a quarter of an hour on of any. An input that fails is kept in the build tree
and tried again by every campaign; it becomes a seed, and a unit test of what was wrong. SIGINT and
SIGTERM end a campaign before its time, and the row says how long it was.
"""

import argparse
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(os.environ["TINYMF_SOURCE_DIR"])
sys.path.insert(0, str(ROOT / "toolchain"))
from measured_commit import measured_commit  # noqa: E402

BINARIES = pathlib.Path(os.environ["TINYMF_BINARY_DIR"])
HERE = ROOT / "tests/fuzz"
TABLE = HERE / "RESULTS.md"
LONG = 900
SKIPPED = 77

# What the repository has anyway.
OTHER_SEEDS = {"experiment": [ROOT / "host_tools/experiments"],
               "sweep": [ROOT / "host_tools/experiments/sweeps"]}
# Bytes; where nothing is said, 4096.
LONGEST = {"capture": 16384, "experiment": 16384, "frame_decoder": 8192}
# Of the clock on the wall, for one execution that never ends; what an execution may take of the
# processor the fuzzers measure themselves.
HANGING_SECONDS = 200

HEADING = """# Fuzzing

Written by toolchain/dev fuzz: libFuzzer with address and undefined-behaviour sanitizers, where it has
had its time a quarter of an hour of the processor a target. Coverage is counted in edges of the
control flow that the target can reach, first by the seeds alone, then by all inputs found.

| target | processor minutes | executions | edges by seeds | edges at the end | findings open | commit |
| --- | --- | --- | --- | --- | --- | --- |
"""


def targets() -> list[str]:
    return sorted(path.name.removesuffix("_fuzzer.cpp") for path in HERE.glob("*_fuzzer.cpp"))


def environment(scratch: pathlib.Path) -> dict[str, str]:
    """A small quarantine, or fuzzers would spend their time in it; files in memory, if possible."""
    return {**os.environ, "TMPDIR": str(scratch),
            "ASAN_OPTIONS": "quarantine_size_mb=8:detect_leaks=1:abort_on_error=1",
            "UBSAN_OPTIONS": "print_stacktrace=1:abort_on_error=1"}


def command(target: str, corpus: pathlib.Path, artifacts: pathlib.Path) -> list[str]:
    dictionary = HERE / f"seeds/{target}.dict"
    return [str(BINARIES / "bin" / f"fuzz_{target}"), f"-timeout={HANGING_SECONDS}",
            "-print_final_stats=1", "-len_control=0", "-rss_limit_mb=2560",
            f"-max_len={LONGEST.get(target, 4096)}", f"-artifact_prefix={artifacts}/",
            *([f"-dict={dictionary}"] if dictionary.exists() else []), str(corpus), str(artifacts),
            *(str(folder) for folder in [HERE / "seeds" / target, *OTHER_SEEDS.get(target, [])]
              if folder.is_dir())]


def processor_seconds(process: int) -> float:
    """Of a process, all its threads; its own and the kernel's for it."""
    fields = pathlib.Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Run:
    """One fuzzer, from its start to its end after so many seconds of processor time."""

    def __init__(self, words: list[str], variables: dict[str, str], log: pathlib.Path):
        with open(log, "wb") as output:
            # A session of its own: Ctrl-C is for this program, which ends the fuzzer in peace.
            self.process = subprocess.Popen(words, env=variables, stdout=output, stderr=output,
                                            start_new_session=True)
        self.log = log
        self.seconds = 0.0
        self.asked_to_end = False

    def end(self, *_: object) -> None:
        """libFuzzer finishes the execution that it is at, and says what it did."""
        if not self.asked_to_end:
            self.asked_to_end = True
            self.process.send_signal(signal.SIGUSR1)

    def wait(self, seconds: float) -> int:
        """Looks often enough to end within a few hundredths of `seconds`."""
        while True:
            # Not reaped before its times were read: the last look is at all it ever took.
            gone = os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            self.seconds = processor_seconds(self.process.pid)
            if gone is not None:
                return self.process.wait()
            if self.seconds >= seconds:
                self.end()
            time.sleep(min(1.0, max(0.02, 0.5 * (seconds - self.seconds))))


def number(pattern: str, output: str) -> int:
    found = re.findall(pattern, output)
    return int(found[-1]) if found else 0


class Row:
    """What campaigns of one target and commit came to."""

    def __init__(self, target: str, alone: bool):
        self.file = BINARIES / "fuzz/campaigns" / f"{target}.json"
        self.target = target
        self.sums = {"commit": measured_commit(TABLE.relative_to(ROOT)), "seconds": 0.0,
                     "executions": 0}
        if self.file.exists() and not alone and not self.sums["commit"].endswith("-dirty"):
            earlier = json.loads(self.file.read_text())
            if earlier["commit"] == self.sums["commit"]:
                self.sums = earlier

    def add(self, run: Run, output: str, failed: bool) -> None:
        # An execution that failed ends without its count; the last line of progress has one.
        self.sums["executions"] += max(number(r"stat::number_of_executed_units: (\d+)", output),
                                       number(r"(?m)^#(\d+)\t", output))
        self.sums["seconds"] += run.seconds
        self.sums.setdefault("edges_by_seeds", number(r"INITED cov: (\d+)", output))
        self.sums["edges"] = number(r"cov: (\d+)", output)
        self.sums["findings"] = int(failed)

    def keep(self) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text(json.dumps(self.sums))

    @property
    def seconds(self) -> float:
        return self.sums["seconds"]

    def __str__(self) -> str:
        sums = self.sums
        return (f"| {self.target} | {self.seconds / 60:.1f} | {sums['executions']:,} "
                f"| {sums['edges_by_seeds']} | {sums['edges']} | {sums['findings']} "
                f"| {sums['commit']} |")


def update_table(new: Row) -> None:
    old = TABLE.read_text().splitlines() if TABLE.exists() else []
    rows = {line.split("|")[1].strip(): line for line in old[HEADING.count("\n"):]}
    minutes = float(rows[new.target].split("|")[2]) if new.target in rows else 0.0
    if new.seconds < min(LONG, 60 * minutes):
        return
    rows[new.target] = str(new)
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
    row = Row(given.target, given.seeded)
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as folder:
        scratch = pathlib.Path(folder)
        corpus = BINARIES / "fuzz" / "corpus" / given.target
        if given.seeded:
            corpus = scratch / "corpus"
        corpus.mkdir(parents=True, exist_ok=True)
        (scratch / "files").mkdir()
        run = Run([*command(given.target, corpus, artifacts),
                   *(["-seed=20230514"] if given.seeded else [])],
                  environment(scratch / "files"), scratch / "log")
        for stop in (signal.SIGINT, signal.SIGTERM):
            signal.signal(stop, run.end)
        status = run.wait(given.seconds)
        output = run.log.read_text(errors="replace")
    if status != 0:
        sys.stdout.write(output[-10000:])
        print(f"fuzz_{given.target} failed with exit code {status}")
    row.add(run, output, status != 0)
    print(row, flush=True)
    if not given.seeded:
        row.keep()
        update_table(row)
    return int(status != 0)


if __name__ == "__main__":
    sys.exit(main())
