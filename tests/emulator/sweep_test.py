# SPDX-License-Identifier: Apache-2.0
"""A sweep gives the same bytes whoever computes them: one worker or two, without
interruption or killed again and again at random moments, and with records that were damaged."""

import csv
import json
import os
import random
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

TINYMF = os.environ["TINYMF"]
RESULTS = ("points.csv", "jobs.csv", "results.json")
GAINS = 50  # times four reciprocities
FEW_GAINS = 10
FEWEST_KILLS = 3

EXPERIMENT = """schema = 1
[model]
activation = "linear"
noise = 1.0
dt = 0.1
steps = 300
[network]
neurons = 16
replicas = 2
[stream]
state_every = 5
observe = ["moments", "participation"]
observe_every = 5
observe_after = 50
observe_block = 25
"""

SWEEP = """schema = 1
name = "all of it"
experiment = "base.toml"
seed = 7
[grid]
model.reciprocity = [-0.5, 0.0, 0.5, 1.0]
model.gain = {{ from = 0.01, to = 0.4, count = {gains} }}
[collect]
run = ["digest", "couplings_digest", "states.Cx0", "states.participation_output", "observed.Cx0", "observed.N_var_input"]
after = 5.0
theory = ["stationary.Cx0", "stationary.regime"]
discrete = true
"""

NARROW = """schema = 1
[model]
kind = "mean_field"
activation = "linear"
dt = 1.0
[mean_field]
points = 16
trajectories = 32
storage = "fixed16"
"""

SATURATING = """schema = 1
experiment = "base.toml"
[grid]
model.gain = [0.5, 100.0]
[collect]
run = ["rows.Cx0"]
"""


class Sweep(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.root = Path(scratch.name)
        (self.root / "base.toml").write_text(EXPERIMENT)
        self.draw_up(FEW_GAINS)

    def draw_up(self, gains):
        self.points = 4 * gains
        (self.root / "sweep.toml").write_text(SWEEP.format(gains=gains))

    def command(self, folder, workers, *more):
        return [TINYMF, "sweep", "sweep.toml", "-o", folder, "--jobs", str(workers), *more]

    def run_whole(self, folder, workers=2, *more):
        run = subprocess.run(self.command(folder, workers, *more), cwd=self.root, capture_output=True, check=False)
        self.assertEqual((run.returncode, run.stderr), (0, b""))
        return {name: (self.root / folder / name).read_bytes() for name in RESULTS}

    def records(self, folder):
        return {path.name: path.stat().st_ino for path in (self.root / folder / "jobs").glob("*.json")}

    def run_and_kill(self, folder, workers, longest, rng):
        """Kills within `longest` seconds until an attempt ends by itself before. Returns the kills
        that hit unfinished work."""
        kills = 0
        while True:
            attempt = subprocess.Popen(
                self.command(folder, workers), cwd=self.root, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
            )
            time.sleep(rng.uniform(0.0, longest))
            attempt.send_signal(signal.SIGKILL)
            _, said = attempt.communicate()
            if attempt.returncode == 0:
                return kills
            self.assertEqual((attempt.returncode, said), (-signal.SIGKILL, b""))
            finished = self.records(folder) if (self.root / folder / "jobs").exists() else {}
            if kills > 0:
                self.assertLessEqual(before.items(), finished.items(), "a finished job was done again")
            before = finished
            kills += len(finished) < self.points

    def test_kills_and_workers_change_no_byte(self):
        self.draw_up(GAINS)
        begin = time.monotonic()
        whole = self.run_whole("whole", 1)
        longest = (time.monotonic() - begin) / 2  # a busy machine needs longer for everything
        self.assertEqual(whole["points.csv"].count(b"\n"), self.points + 1)
        self.assertEqual(len(set(whole["jobs.csv"].splitlines())), self.points + 1)
        rng = random.Random(1)
        for workers in (1, 2):
            folder = f"killed-{workers}"
            kills = 0
            while kills < FEWEST_KILLS:
                for path in (self.root / folder).rglob("*.json"):
                    path.unlink()
                kills = self.run_and_kill(folder, workers, longest, rng)
            print(f"{workers} workers: killed {kills} times before the end")
            self.assertEqual(self.run_whole(folder, workers), whole)
            self.assertEqual(list((self.root / folder / "jobs").glob("*.tmf")), [])
            self.assertEqual(list((self.root / folder / "jobs").glob("*partial*")), [])

    def test_damaged_and_foreign_records_are_redone(self):
        whole = self.run_whole("run")
        jobs = self.root / "run" / "jobs"
        half = (jobs / "000003.json").read_bytes()
        (jobs / "000003.json").write_bytes(half[: len(half) // 2])
        (jobs / "000004.json").write_bytes(b"")
        (jobs / "000005.json").write_bytes((jobs / "000006.json").read_bytes())
        (jobs / "000007.json").unlink()
        (jobs / ".tinymf-0123456789abcdef").write_bytes(b"half a rec")
        (jobs / "000007.tmf").write_bytes(b"half a capture")
        self.assertEqual(self.run_whole("run"), whole)
        self.assertFalse((jobs / ".tinymf-0123456789abcdef").exists())

    def test_altered_numbers_are_found_and_computed_again(self):
        whole = self.run_whole("run")
        record = self.root / "run" / "jobs" / "000002.json"
        good = record.read_bytes()
        number = json.loads(good)["outcomes"]["states.Cx0"]
        for altered in (repr(number * 2), repr(number)[:-1] + ("1" if repr(number)[-1] != "1" else "2")):
            bad = good.replace(repr(number).encode(), altered.encode())
            self.assertNotEqual(bad, good)
            record.write_bytes(bad)
            self.assertEqual(self.run_whole("run"), whole)
            self.assertEqual(record.read_bytes(), good)
        # Another job's outcomes under this job's identity.
        other = json.loads((self.root / "run" / "jobs" / "000003.json").read_bytes())
        mixed = {**json.loads(good), "outcomes": other["outcomes"], "crc32c": other["crc32c"]}
        record.write_text(json.dumps(mixed))
        self.assertEqual(self.run_whole("run"), whole)

    def test_a_folder_keeps_the_results_of_its_sweep(self):
        whole = self.run_whole("run")
        other = subprocess.run(self.command("run", 2, "--set", "model.steps=200"), cwd=self.root, capture_output=True,
                               check=False)
        self.assertEqual((other.returncode, other.stdout), (2, b""))
        self.assertEqual(other.stderr, b"run: holds the results of another sweep; give another folder, or --force "
                                       b"writes over them\n")
        self.assertEqual({name: (self.root / "run" / name).read_bytes() for name in RESULTS}, whole)
        shorter = self.run_whole("run", 2, "--set", "model.steps=200", "--force")
        self.assertNotEqual(shorter, whole)
        self.assertEqual(self.run_whole("fresh", 1, "--set", "model.steps=200"), shorter)
        self.assertEqual(self.run_whole("run", 2, "--force"), whole)
        # Comments and drawings make no other sweep; a folder of unknown origin is another's.
        with (self.root / "sweep.toml").open("a") as file:
            file.write('# a comment\n[[plot]]\nx = "model.gain"\ny = ["states.Cx0"]\n')
        self.assertEqual(self.run_whole("run"), whole)
        (self.root / "run" / "sweep.json").unlink()
        unknown = subprocess.run(self.command("run", 2), cwd=self.root, capture_output=True, check=False)
        self.assertEqual(unknown.returncode, 2)

    def test_a_run_that_failed_has_its_reason_and_no_numbers(self):
        (self.root / "base.toml").write_text(NARROW)
        (self.root / "sweep.toml").write_text(SATURATING)
        run = subprocess.run(self.command("run", 1), cwd=self.root, capture_output=True, text=True, check=False)
        self.assertEqual(run.returncode, 0)
        self.assertRegex(run.stderr, r"^note: 1 of 2 runs failed; jobs\.csv says why\n$")
        rows = list(csv.DictReader((self.root / "run" / "jobs.csv").read_text().splitlines()))
        self.assertEqual([row["rows.Cx0"] != "" for row in rows], [True, False])
        self.assertEqual(rows[0]["failure"], "")
        self.assertRegex(rows[1]["failure"], r"^\d+ numbers of 16-bit path histories saturated, the first at step 1;")

    def test_a_folder_takes_one_sweep_at_a_time(self):
        first = subprocess.Popen(self.command("run", 1), cwd=self.root, stdout=subprocess.DEVNULL)
        while not (self.root / "run" / "jobs").exists():
            self.assertIsNone(first.poll())
            time.sleep(0.01)
        second = subprocess.run(self.command("run", 1), cwd=self.root, capture_output=True, check=False)
        self.assertEqual(second.returncode, 2)
        self.assertEqual(second.stderr, b"run: another sweep is working in it\n")
        self.assertEqual(first.wait(), 0)


if __name__ == "__main__":
    unittest.main()
