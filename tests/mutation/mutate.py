#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Mutation testing of our own sources; `toolchain/dev mutate` runs it.

Every chosen mutant is compiled into one copy of the project as a switch that is read at run time.
A recording run notes which test cases reach which mutants; then each mutant meets the cases that
reach it, shortest first, until one fails. Exit code 1 when a folder's score is below the limit.
"""

import argparse
import concurrent.futures
import dataclasses
import hashlib
import os
import pathlib
import pickle
import re
import subprocess
import sys
import time

import mutable_source
import mutant_draw
import mutation_points
import results_page
from mutant_runs import UNCOMPILABLE, Case, Judges, list_cases
from mutated_copy import MutatedCopy

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "toolchain"))
from measured_commit import measured_commit  # noqa: E402

CORE = "sim_core/include/tinymf"
# Folders by the names of the table. Theory is what decides pass or fail against it.
FOLDERS = {
    "stream": [f"{CORE}/stream"],
    "checkpoint": [f"{CORE}/checkpoint"],
    "experiment": [f"{CORE}/experiment"],
    "network": [f"{CORE}/network"],
    "observe": [f"{CORE}/observe"],
    "firmware/app": ["firmware/app"],
    "capture": ["host_tools/capture"],
    "recording": ["host_tools/recording"],
    "compare": ["host_tools/compare"],
    "session": [f"host_tools/device/{name}" for name in (
        "frame_receiver", "live_control", "received_frames", "recorded_run", "session", "stop_plan", "stops")],
    "theory": ["host_tools/statistics", "host_tools/equations", *(f"host_tools/recording/{name}" for name in (
        "covariance_spectrum", "covariance_spread", "observed_means", "observed_settling", "observed_statistics"))],
}
INCLUDE_FOLDERS = ("sim_core/include", "firmware", "host_tools", "tests")
TEST_FOLDERS = ("unit", "property", "golden", "emulator")
DIGESTS = "tests/golden/host_digests.cpp"  # a program whose output is committed
PAGE = "tests/mutation/RESULTS.md"
LOWEST_SCORE = 0.9
MUTANTS = 80  # of a folder, at least, for the table


def is_in(paths, name):
    return any(name.startswith((path + "/", path + ".")) for path in paths)


@dataclasses.dataclass
class Project:
    root: pathlib.Path
    build: pathlib.Path        # of the mutated copy
    folders: dict              # name -> folders, and files without their ending
    include_folders: tuple
    compiler_options: tuple    # for reading the sources
    configure: tuple           # options of cmake
    tests: list                # paths of test sources
    environment: dict          # of the tests, beside their folders
    # Tests that are no GoogleTest: source -> (target, command).
    commands: dict = dataclasses.field(default_factory=dict)

    def files(self):
        """As git knows them, and what is not committed yet."""
        listing = subprocess.run(
            ["git", "-C", self.root, "ls-files", "-z", "--cached", "--others",
             "--exclude-standard"], check=True, capture_output=True, text=True).stdout
        return [name for name in listing.split("\0") if name and (self.root / name).is_file()]

    def sources(self, folder):
        found = [name for name in self.files()
                 if name.endswith((".hpp", ".cpp")) and not name.endswith("main.cpp")
                 and is_in(self.folders[folder], name)]
        if not found:
            sys.exit(f"mutate: {folder} holds no sources")
        return found

    def target_of(self, test):
        """tests/unit/name_test.cpp is built as unit_name_test."""
        if test in self.commands:
            return self.commands[test][0]
        path = pathlib.PurePath(test)
        return f"{path.parent.name}_{path.stem}"

    def cases_of(self, test, tree):
        program = tree / "bin" / self.target_of(test)
        if test in self.commands:
            return [Case(program, "", self.commands[test][1])]
        return list_cases(program)

    def includes_of(self, name):
        """Paths of the project's headers that a file includes, directly or not, itself too."""
        found, todo = set(), [name]
        while todo:
            file = todo.pop()
            if file in found:
                continue
            found.add(file)
            text = (self.root / file).read_text()
            for header in re.findall(r'^#include "([^"]+)"', text, re.MULTILINE):
                for folder in (os.path.dirname(file), *self.include_folders):
                    path = os.path.normpath(os.path.join(folder, header))
                    if (self.root / path).is_file():
                        todo.append(path)
                        break
        return found

    def tests_of(self, folder):
        """Sources of the tests that include something of the folder. Code of the device is judged
        by the tests of the device: those of the host are slow and far away."""
        paths = self.folders[folder]
        of_host = any(path.startswith("host_tools") for path in paths)
        chosen = []
        for test in self.tests:
            includes = self.includes_of(test)
            uses_host = any(name.startswith("host_tools/") for name in includes)
            if uses_host == of_host and any(is_in(paths, name) for name in includes):
                chosen.append(test)
        return chosen


def tinymf():
    root = pathlib.Path(os.environ["TINYMF_SOURCE_DIR"])
    build = pathlib.Path(os.environ["TINYMF_BINARY_DIR"])
    tests = sorted(str(path.relative_to(root)) for folder in TEST_FOLDERS
                   for path in (root / "tests" / folder).glob("*_test.cpp")) + [DIGESTS]
    options = ("-std=c++20", *(f"-I{root / folder}" for folder in INCLUDE_FOLDERS),
               "-isystem/usr/include/eigen3")
    # Without warnings: a switch between constants is not one. Bounds are checked, as by the
    # sanitizers of `dev test`: reading one element past an array often goes well.
    flags = ("-w", "-Wno-narrowing", "-fsanitize=bounds", "-fno-sanitize-recover=all",
             "-D_GLIBCXX_ASSERTIONS")
    row = "gcc-O2"
    configure = ("-GNinja", "-DCMAKE_BUILD_TYPE=Release", "-DCMAKE_CXX_COMPILER=g++",
                 "-DCMAKE_CXX_FLAGS_RELEASE=-O1", f"-DCMAKE_CXX_FLAGS={' '.join(flags)}",
                 f"-Dgolden_before_{row}={';'.join(flags)}",
                 "-DTINYMF_BENCHMARKS=OFF", "-DTINYMF_TESTS=ON")
    digests = f"'{build}/tree/tests/golden/{row}' | cmp - '{root}/tests/golden/digests.txt'"
    commands = {DIGESTS: (f"tests/golden/{row}", ("sh", "-c", digests))}
    environment = {"TINYMF": str(build / "tree/bin/tinymf"),
                   "TINYMF_SOURCE_DIR": str(build / "source"),
                   "TINYMF_BINARY_DIR": str(build / "tree")}
    return Project(root, build, FOLDERS, INCLUDE_FOLDERS, options, configure, tests, environment,
                   commands)


def say(text):
    print(f"== {text}", file=sys.stderr, flush=True)


def points_of(project, name):
    """Kept beside the build until the file, what it includes or this tool changes: reading a source
    of the host takes seconds."""
    hashed = hashlib.sha256()
    for module in (mutation_points, mutable_source):
        hashed.update(pathlib.Path(module.__file__).read_bytes())
    for part in sorted(project.includes_of(name)):
        hashed.update(part.encode() + (project.root / part).read_bytes())
    kept = project.build / "points" / f"{hashed.hexdigest()}.pickle"
    if not kept.is_file():
        found = mutation_points.points_of(project.root, name, project.compiler_options)
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(pickle.dumps(found))
    return pickle.loads(kept.read_bytes())


def choose(project, folder, most, jobs):
    sources = project.sources(folder)
    with concurrent.futures.ProcessPoolExecutor(jobs) as pool:
        found = list(pool.map(points_of, [project] * len(sources), sources))
    points = mutant_draw.drawn([point for points in found for point in points], most)
    return sorted(points, key=lambda point: (point.file, point.begin, point.mutated))


def judge(project, folders, most, jobs):
    """A Result for each folder."""
    say("Reading the sources")
    chosen = {folder: choose(project, folder, most, jobs) for folder in folders}
    points = [point for folder in folders for point in chosen[folder]]
    tests = sorted({test for folder in folders for test in project.tests_of(folder)})
    if not tests:
        sys.exit(f"mutate: no test includes anything of {', '.join(folders)}")
    say(f"Building {len(points)} mutants into {len(tests)} tests")
    copy = MutatedCopy(project.build, project.root, project.files(), points, project.configure)
    copy.build([project.target_of(test) for test in tests], jobs)
    say("Recording which tests reach them")
    cases = [case for test in tests for case in project.cases_of(test, copy.tree)]
    judges = Judges(cases, len(points), project.environment, jobs)
    for case in judges.failing:
        print(f"fails without a mutant, so judges none: {case.program.name} {case.name}",
              file=sys.stderr)
    if not judges.cases:
        sys.exit("mutate: no test passes without a mutant")
    say(f"Judging by {len(judges.cases)} test cases")
    verdicts = judges.judge_all([number for number in copy.points
                                 if number not in copy.uncompilable])
    number, results = 0, []
    for folder in folders:
        judged = []
        for point in chosen[folder]:
            number += 1
            judged.append((point, verdicts.get(number, UNCOMPILABLE)))
        results.append(results_page.Result(folder, judged))
    return results


def main():
    parser = argparse.ArgumentParser(prog="toolchain/dev mutate")
    parser.add_argument("folders", nargs="*", metavar="FOLDER", help=", ".join(FOLDERS))
    parser.add_argument("--mutants", type=int, default=MUTANTS, help="at most so many a folder, "
                        "default %(default)s; fewer leave the table as it is")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    project = tinymf()
    unknown = [name for name in options.folders if name not in project.folders]
    if unknown:
        parser.error(f"no folder '{unknown[0]}'; folders: {', '.join(project.folders)}")
    begin = time.monotonic()
    folders = options.folders or list(project.folders)
    results = judge(project, folders, options.mutants, options.jobs)
    reasons = results_page.read_reasons(project.root / "tests/mutation/survivors.toml")
    commit = measured_commit(PAGE)
    for result in results:
        print(results_page.row(result, commit))
        print("\n".join(results_page.survivors(result, reasons)))
    if options.mutants >= MUTANTS:
        results_page.rewrite(project.root / PAGE, results, commit, reasons, list(project.folders))
    say(f"Took {(time.monotonic() - begin) / 60:.0f} minutes")
    low = [result.folder for result in results if result.score < LOWEST_SCORE]
    if low:
        print(f"below {100 * LOWEST_SCORE:.0f} %: {', '.join(low)}", file=sys.stderr)
    return 1 if low else 0


if __name__ == "__main__":
    sys.exit(main())
