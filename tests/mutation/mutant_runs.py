# SPDX-License-Identifier: Apache-2.0
"""Which tests reach which mutants, and which mutants they kill."""

import concurrent.futures
import dataclasses
import os
import pathlib
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time

KILLED, SURVIVED, UNREACHED, UNCOMPILABLE = "killed", "survived", "unreached", "does not compile"
# A test that takes this many times as long as without the mutant counts as one that never ends.
ENDLESS = 10
START_S = 1.0  # added to the limit: starting a program on a busy machine
SHORT_S = 0.2  # tests up to this run together, longer ones alone and later
BUDGET_S = 10.0  # tests that a mutant meets at most, by their time without it, but one program's
MEMORY = 8 << 30


@dataclasses.dataclass
class Case:
    """One test case of one executable; `command` where that is no GoogleTest."""
    program: pathlib.Path
    name: str
    command: tuple = ()
    seconds: float = 0.0    # by the clock
    processor: float = 0.0  # of the processor, which a busy machine does not change
    reaches: frozenset = frozenset()


class Progress:
    """One line on a terminal, nothing elsewhere."""

    def __init__(self, what, total):
        self.what, self.total, self.done, self.begin = what, total, 0, time.monotonic()
        self.lock = threading.Lock()

    def step(self):
        with self.lock:
            self.done += 1
        if sys.stderr.isatty():
            left = (time.monotonic() - self.begin) / self.done * (self.total - self.done)
            end = "\n" if self.done == self.total else ""
            print(f"\r{self.what} {self.done}/{self.total}, {left:.0f} s left \033[K", end=end,
                  file=sys.stderr, flush=True)


def limit_memory():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def kill_group(process):
    try:
        os.killpg(process, signal.SIGKILL)
    except ProcessLookupError:
        pass


def run(command, environment, limit_s):
    """The exit code, or None when the limit passed, and the processor time; everything it started
    ends with it."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, **environment, "TMPDIR": folder, "TEST_TMPDIR": folder,
                       "RC_PARAMS": "seed=1"}
        process = subprocess.Popen(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                   start_new_session=True, preexec_fn=limit_memory)
        late = threading.Event()

        def end():
            late.set()
            kill_group(process.pid)

        timer = threading.Timer(limit_s, end)
        timer.start()
        _, status, usage = os.wait4(process.pid, 0)
        timer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        kill_group(process.pid)
        code = None if late.is_set() else process.returncode
        return code, usage.ru_utime + usage.ru_stime


def list_cases(program):
    listing = subprocess.run([program, "--gtest_list_tests"], check=True, capture_output=True,
                             text=True, timeout=60).stdout
    cases, suite = [], ""
    for line in listing.splitlines():
        word = line.split("#")[0].rstrip()
        if word.startswith("  "):
            cases.append(Case(program, suite + word.strip()))
        elif word.endswith("."):
            suite = word
    return [case for case in cases if "DISABLED_" not in case.name]


def command_of(cases):
    """Runs cases of one program until the first fails."""
    if cases[0].command:
        return cases[0].command
    return [cases[0].program, "--gtest_filter=" + ":".join(case.name for case in cases),
            "--gtest_fail_fast"]


def processor_time(cases):
    return sum(case.processor for case in cases)


class Judges:
    """The test cases of a mutated copy."""

    def __init__(self, cases, mutants, environment, jobs):
        self.environment, self.jobs = environment, jobs
        self.progress = Progress("recording", len(cases))
        with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
            passed = list(pool.map(lambda case: self._record(case, mutants), cases))
        self.cases = [case for case, good in zip(cases, passed) if good]
        self.failing = [case for case, good in zip(cases, passed) if not good]

    def _record(self, case, mutants):
        with tempfile.NamedTemporaryFile() as reached:
            reached.write(bytes(mutants + 1))
            reached.flush()
            begin = time.monotonic()
            code, case.processor = run(
                command_of([case]),
                {**self.environment, "TINYMF_MUTANTS_REACHED": reached.name}, 600)
            case.seconds = time.monotonic() - begin
            marks = pathlib.Path(reached.name).read_bytes()
        case.reaches = frozenset(number for number, mark in enumerate(marks) if mark)
        self.progress.step()
        return code == 0

    def rounds_for(self, mutant):
        """Lists of cases of one program each: short ones together, then long ones one by one, as
        far as the budget goes. So a score is a lower bound."""
        reaching = [case for case in self.cases if mutant in case.reaches]
        short = {}
        for case in reaching:
            if case.processor <= SHORT_S:
                short.setdefault(case.program, []).append(case)
        together = sorted(short.values(), key=processor_time)
        alone = sorted(([c] for c in reaching if c.processor > SHORT_S), key=processor_time)
        rounds, spent = [], 0.0
        for cases in together + alone:
            spent += processor_time(cases)
            if rounds and spent > BUDGET_S:
                break
            rounds.append(cases)
        return rounds

    def judge(self, mutant):
        rounds = self.rounds_for(mutant)
        for cases in rounds:
            if self._fails(mutant, cases) and self._fails(mutant, cases):  # not by chance
                return KILLED
        return SURVIVED if rounds else UNREACHED

    def _fails(self, mutant, cases):
        limit_s = START_S + ENDLESS * sum(case.seconds for case in cases)
        environment = {**self.environment, "TINYMF_MUTANT": str(mutant)}
        return run(command_of(cases), environment, limit_s)[0] != 0

    def judge_all(self, mutants):
        progress = Progress("judging", len(mutants))

        def one(mutant):
            verdict = self.judge(mutant)
            progress.step()
            return verdict

        with concurrent.futures.ThreadPoolExecutor(self.jobs) as pool:
            return dict(zip(mutants, pool.map(one, mutants)))
