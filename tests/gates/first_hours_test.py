# SPDX-License-Identifier: Apache-2.0
"""What a newcomer types without having read a page: no -o, standard input, help, and settings that
cannot give what was asked for."""

import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

TINYMF = os.environ["TINYMF"]
PASSED, USAGE, LINK = 0, 2, 4

GOOD = """schema = 1
name = "a first/run"
[model]
steps = 20
[network]
neurons = 16
[stream]
state_every = 5
"""
SWEEP = 'schema = 1\nname = "grid"\nexperiment = "good.toml"\n[collect]\nrun = ["digest", "observed.Cx0"]\n'


class FirstHours(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)
        (self.folder / "good.toml").write_text(GOOD)

    def tinymf(self, *words, **more):
        return subprocess.run([TINYMF, *words], cwd=self.folder, capture_output=True, text=True, check=False,
                              timeout=120, **more)

    def passes(self, *words, **more):
        run = self.tinymf(*words, **more)
        self.assertEqual((run.returncode, run.stderr), (PASSED, ""), words)
        return run.stdout

    def test_every_file_has_a_name_of_its_own_under_out_and_is_said(self):
        for words, name in ((["emulate", "good.toml"], "a-first-run.tmf"),
                            (["capture", "good.toml", "--from", "file:out/a-first-run.tmf"], "a-first-run-file.tmf"),
                            (["reference", "good.toml"], "a-first-run-reference.npz"),
                            (["export", "out/a-first-run.tmf"], "a-first-run.npz"),
                            (["report", "out/a-first-run.tmf"], "a-first-run.html")):
            self.assertIn(f"out/{name}", self.passes(*words))
            self.assertGreater((self.folder / "out" / name).stat().st_size, 100)
        self.assertEqual(json.loads(self.passes("emulate", "good.toml", "--json"))["capture"], "out/a-first-run.tmf")
        self.passes("emulate", "good.toml", "--stop-at", "10")
        self.assertIn("out/a-first-run-resumed.tmf", self.passes("emulate", "--resume", "out/a-first-run.tmf"))
        # Nothing escapes from the folder.
        self.passes("emulate", "good.toml", "--set", 'name="../.."')
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["good.toml", "out"])

    def test_a_place_that_cannot_be_made_is_said(self):
        (self.folder / "out").write_text("precious")
        run = self.tinymf("emulate", "good.toml")
        self.assertEqual(run.returncode, USAGE)
        self.assertRegex(run.stderr, r"^out[^\n]*\n$")
        self.assertEqual((self.folder / "out").read_text(), "precious")

    def test_a_dash_is_standard_input(self):
        self.passes("emulate", "good.toml", "-o", "file.tmf")
        self.passes("emulate", "-", "-o", "input.tmf", input=GOOD)
        self.assertEqual((self.folder / "file.tmf").read_bytes(), (self.folder / "input.tmf").read_bytes())
        run = self.tinymf("emulate", "-", "-o", "input.tmf", input="schema = 1\n[model]\ngian = 1\n")
        self.assertEqual(run.stderr, "standard input:3:1: model.gian: unknown key; nearest is model.gain\n")
        self.assertIn("completed", self.passes("emulate", "good.toml", "--set", "stimulus.kind=live", "--input", "-",
                                               "-o", "input.tmf", input="step,value\n3,0.5\n"))
        run = self.tinymf("emulate", "good.toml", "--set", "stimulus.kind=live", "--input", "-", "-o", "input.tmf",
                          input="step,value\n3,x\n")
        self.assertRegex(run.stderr, r"^standard input:2: value = x: must be between ")
        run = self.tinymf("emulate", "-", "-o", "input.tmf", input="x" * (1 << 21))
        self.assertEqual(run.stderr, "standard input: larger than 1 MiB, which no experiment file is\n")

    def test_help_is_a_command_and_boards_are_filtered(self):
        self.assertEqual(self.passes("help"), self.passes("--help"))
        self.assertEqual(self.passes("help", "emulate"), self.passes("emulate", "--help"))
        names = [board["name"] for board in json.loads(self.passes("boards", "--json"))["boards"]]
        self.assertGreater(len(names), 10)
        for part in ("mps2", "riscv", "rv32", "cortex-m0", "register-strict", "qemu-system-arm"):
            found = json.loads(self.passes("boards", part, "--json"))["boards"]
            self.assertLess(len(found), len(names), part)
            for board in found:
                self.assertIn(part, " ".join((board["name"], board["core"], board["label"], board["qemu"])))
        self.assertRegex(self.passes("boards", "host"), r"^host  this program")

    def test_an_observation_that_tells_nothing_is_said_before_the_run(self):
        few = ("--set", 'stream.observe=["moments"]', "--set", "stream.observe_every=2")
        note = "stream.observe: nothing will be sent, for the run takes 10 samples and its first block needs 11"
        run = self.tinymf("emulate", "good.toml", *few, "--set", "stream.observe_block=11", "-o", "run.tmf")
        self.assertEqual(run.returncode, PASSED)
        self.assertRegex(run.stderr, rf"^note: good\.toml: {note}; [^\n]+\n$")
        self.passes("emulate", "good.toml", *few, "--set", "stream.observe_block=10", "-o", "run.tmf")
        (self.folder / "grid.toml").write_text(SWEEP)
        run = self.tinymf("sweep", "grid.toml", *few, "--set", "stream.observe_block=11")
        self.assertEqual(run.returncode, PASSED)
        self.assertRegex(run.stderr, rf"^note: grid\.toml: {note}")
        self.assertTrue((self.folder / "out/grid/points.csv").exists())

    def test_a_run_too_short_for_an_exponent_is_said_to_be(self):
        for steps, measured in ((31, False), (32, True)):
            self.passes("emulate", "good.toml", "--set", f"model.steps={steps}", "--set", "stream.state_every=1",
                        "-o", "run.tmf")
            text = self.passes("compare", "run.tmf")
            part = json.loads(self.passes("compare", "run.tmf", "--json"))["reference"]["lyapunov"]
            if measured:
                self.assertRegex(text, r"Lyapunov +-?\d[\d.]* \+- \d")
                self.assertGreater(part["standard_error"], 0)
            else:
                self.assertRegex(text, r"Lyapunov +not measured: the run is too short, it has fewer than 32 steps\n")
                self.assertIsNone(part["exponent"])

    def test_settling_is_shown_by_its_readers(self):
        self.passes("emulate", "good.toml", "--set", "model.noise=1.0", "--set", "model.noise_kind=static",
                    "--set", 'stream.observe=["settling"]', "--set", "stream.observe_every=2",
                    "--set", "stream.observe_block=5", "-o", "run.tmf")
        line = r"largest \|dx/dt\| at a sample [\d.e+-]+ per tau, \d+ states not settled"
        self.assertRegex(self.tinymf("compare", "run.tmf").stdout, rf"settling +{line}")
        settling = json.loads(self.tinymf("compare", "run.tmf", "--json").stdout)["settling"]
        self.assertGreater(settling["worst_residual"], 0)
        self.passes("report", "run.tmf", "-o", "page.html")
        self.assertRegex((self.folder / "page.html").read_text(), line)
        self.passes("export", "run.tmf", "-o", "run.npz")
        for name in (b"settling_worst_residual.npy", b"settling_unsettled.npy"):
            self.assertIn(name, (self.folder / "run.npz").read_bytes())

    def test_an_emulator_that_is_missing_is_named_with_its_package(self):
        (self.folder / "image.elf").write_text("no image")
        for board, program, package in (("mps2-an386", "qemu-system-arm", "qemu-system-arm"),
                                        ("virt-rv32imac", "qemu-system-riscv32", "qemu-system-misc")):
            run = self.tinymf("capture", "good.toml", "--from", f"qemu:{board}", "--image", "image.elf",
                              env={**os.environ, "PATH": str(self.folder)})
            self.assertEqual(run.returncode, LINK)
            self.assertEqual(run.stderr, f"qemu:{board}: {program} is not installed; on Debian: apt-get install "
                                         f"{package}\n")


if __name__ == "__main__":
    unittest.main()
