# SPDX-License-Identifier: Apache-2.0
"""What commands write over: files of their own kind, and others only with --force. A refusal comes
before any work and changes nothing."""

import os
import subprocess
import tempfile
import unittest
from pathlib import Path

TINYMF = os.environ["TINYMF"]
PASSED, USAGE = 0, 2

GOOD = """schema = 1
[model]
steps = 20
[network]
neurons = 16
[stream]
state_every = 5
"""
SWEEP = 'schema = 1\nexperiment = "good.toml"\n[collect]\nrun = ["digest"]\n'

# What each command writes last: its words, and the kinds it may write over.
WRITERS = {
    "report": (["report", "run.tmf", "-o"], {"page"}),
    "compare --report": (["compare", "run.tmf", "--report"], {"page"}),
    "cavity --report": (["cavity", "cavity.toml", "--networks", "4", "--added", "4", "--report"], {"page"}),
    "sweep --report": (["sweep", "sweep.toml", "-o", "results", "--report"], {"page"}),
    "reference": (["reference", "good.toml", "-o"], {"reference"}),
    "export": (["export", "run.tmf", "-o"], {"npz", "csv"}),
}
ENDING = {"reference": ".npz", "export": ".npz"}


class OutputFiles(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)
        (self.folder / "good.toml").write_text(GOOD)
        (self.folder / "cavity.toml").write_text(GOOD.replace("steps = 20", "steps = 400\nnoise = 1.0\ngain = 0.5"))
        (self.folder / "sweep.toml").write_text(SWEEP)
        self.passes("emulate", "good.toml", "-o", "run.tmf")
        self.passes("emulate", "good.toml", "-o", "kind.capture")
        self.passes("report", "run.tmf", "-o", "kind.page")
        self.passes("export", "run.tmf", "-o", "run.npz")
        self.passes("export", "run.tmf", "-o", "run.csv")
        self.passes("reference", "good.toml", "-o", "kind.reference")
        (self.folder / "run.npz").rename(self.folder / "kind.npz")
        (self.folder / "run.csv").rename(self.folder / "kind.csv")
        (self.folder / "kind.text").write_text("precious\n")
        (self.folder / "kind.html").write_text("<!DOCTYPE html>\n<title>mine</title>\n")
        (self.folder / "kind.empty").write_text("")

    def tinymf(self, *words):
        return subprocess.run([TINYMF, *words], cwd=self.folder, capture_output=True, check=False, timeout=120)

    def passes(self, *words):
        run = self.tinymf(*words)
        self.assertEqual((run.returncode, run.stderr), (PASSED, b""), words)

    def kinds(self):
        return {path.suffix[1:]: path.read_bytes() for path in self.folder.glob("kind.*")}

    def test_each_writer_replaces_its_own_kind_and_no_other(self):
        refused = written = 0
        for writer, (words, own) in WRITERS.items():
            target = f"out{ENDING.get(writer, '.html')}"
            for kind, content in self.kinds().items():
                (self.folder / target).write_bytes(content)
                run = self.tinymf(*words, target)
                now = (self.folder / target).read_bytes()
                if kind in own or kind == "empty":
                    self.assertIn(run.returncode, (0, 1), (writer, kind, run.stderr))  # 1: cavity's verdict
                    self.assertNotEqual(now, b"")
                    written += 1
                else:
                    self.assertEqual(run.returncode, USAGE, (writer, kind))
                    self.assertRegex(run.stderr, rb"^out\.\w+: holds [^\n]+, not [^\n]+; --force writes over it\n$")
                    self.assertEqual(now, content, (writer, kind))
                    self.assertEqual(run.stdout, b"")
                    refused += 1
            (self.folder / target).write_text("precious\n")
            forced = self.tinymf(*words, target, "--force")
            self.assertIn(forced.returncode, (0, 1), (writer, forced.stderr))
            self.assertNotEqual((self.folder / target).read_bytes(), b"precious\n")
            (self.folder / target).unlink()
        print(f"{written} files written over, {refused} left alone")
        self.assertGreater(refused, 30)
        self.assertEqual([path.name for path in self.folder.iterdir() if path.name.startswith(".")], [])

    def test_tables_beside_the_one_that_was_asked_for_replace_their_like_only(self):
        self.passes("export", "run.tmf", "-o", "side.csv")
        self.passes("export", "run.tmf", "-o", "side.csv")
        tables = {path.name: path.read_bytes() for path in self.folder.glob("side*.csv")}
        self.assertGreaterEqual(len(tables), 3)
        beside = self.folder / "side.digest.csv"
        for content in (b"precious\n", b"digest_step (steps)\r\n1\r\n", b"d"):
            for name in tables:
                (self.folder / name).unlink()
            beside.write_bytes(content)
            run = self.tinymf("export", "run.tmf", "-o", "side.csv")
            self.assertEqual(run.returncode, USAGE)
            self.assertRegex(run.stderr, rb"^side\.digest\.csv: holds something else than an older table of that "
                                         rb"name; --force writes over it\n$")
            self.assertEqual([path.name for path in self.folder.glob("side*.csv")], [beside.name], "all or none")
            self.assertEqual(beside.read_bytes(), content)
            self.passes("export", "run.tmf", "-o", "side.csv", "--force")
            self.assertEqual({path.name: path.read_bytes() for path in self.folder.glob("side*.csv")}, tables)
        run = self.tinymf("export", "run.tmf", "-o", "n" * 251 + ".csv")
        self.assertEqual(run.returncode, USAGE)
        self.assertRegex(run.stderr, rb"a name of more than 255 bytes, for a table beside the one that was asked for\n$")
        self.assertEqual(list(self.folder.glob("n*")), [])

    def test_a_capture_replaces_captures_only(self):
        for kind, content in self.kinds().items():
            (self.folder / "out.tmf").write_bytes(content)
            run = self.tinymf("emulate", "good.toml", "-o", "out.tmf")
            kept = kind not in ("capture", "empty")
            self.assertEqual(run.returncode, USAGE if kept else PASSED, (kind, run.stderr))
            if kept:
                self.assertEqual((self.folder / "out.tmf").read_bytes(), content)

    def test_names_of_every_legal_length_are_written(self):
        for length in (241, 242, 255):
            for words, ending in ((["report", "run.tmf", "-o"], ".html"), (["export", "run.tmf", "-o"], ".npz"),
                                  (["reference", "good.toml", "-o"], ".npz"), (["emulate", "good.toml", "-o"], ".tmf")):
                name = "n" * (length - len(ending)) + ending
                (self.folder / name).unlink(missing_ok=True)
                self.passes(*words, name)

    def test_a_name_that_no_file_can_have_is_refused_before_the_work(self):
        for words, ending in ((["report", "run.tmf", "-o"], ".html"), (["export", "run.tmf", "-o"], ".npz"),
                              (["compare", "run.tmf", "--report"], ".html"),
                              (["reference", "good.toml", "-o"], ".npz"), (["emulate", "good.toml", "-o"], ".tmf")):
            name = "n" * (256 - len(ending)) + ending
            run = self.tinymf(*words, name)
            self.assertEqual((run.returncode, run.stdout), (USAGE, b""), words)
            self.assertEqual(run.stderr, f"{name}: File name too long\n".encode(), words)

    def test_an_empty_name_is_no_default(self):
        for words, option in ((["emulate", "good.toml", "-o", ""], b"--output"), (["verify", ""], b"capture"),
                              (["compare", "run.tmf", "--against", ""], b"--against"),
                              (["compare", "run.tmf", ""], b"captures"), (["emulate", ""], b"experiment"),
                              (["emulate", "good.toml", "--controller", ""], b"--controller"),
                              (["export", "run.tmf", "-o", ""], b"--output")):
            run = self.tinymf(*words)
            self.assertEqual((run.returncode, run.stdout), (USAGE, b""), words)
            self.assertRegex(run.stderr, rb"^[^\n]*" + option + rb": must not be empty[^\n]*\n$", words)
        self.assertFalse((self.folder / "out").exists())

    def test_a_capture_from_a_pipe_is_not_exported(self):
        run = subprocess.run([TINYMF, "export", "/dev/stdin", "-o", "piped.npz"], cwd=self.folder,
                             input=(self.folder / "run.tmf").read_bytes(), capture_output=True, check=False)
        self.assertEqual(run.returncode, USAGE)
        self.assertEqual(run.stderr, b"/dev/stdin: is a pipe, which cannot be read twice; export a file\n")
        self.assertFalse((self.folder / "piped.npz").exists())

    def test_standard_output_takes_what_has_no_result_beside_it(self):
        run = self.tinymf("export", "run.tmf", "-o", "-")
        self.assertEqual((run.returncode, run.stderr), (PASSED, b""))
        self.assertEqual(run.stdout, (self.folder / "kind.csv").read_bytes())
        for words in (["emulate", "good.toml", "-o", "-"], ["reference", "good.toml", "-o", "-"],
                      ["report", "run.tmf", "-o", "-"], ["compare", "run.tmf", "--report", "-"]):
            run = self.tinymf(*words)
            self.assertEqual(run.returncode, USAGE, words)
            self.assertRegex(run.stderr, rb"^-: this cannot go to standard output; \./- is the file of that name\n$")
        self.assertFalse((self.folder / "-").exists())


if __name__ == "__main__":
    unittest.main()
