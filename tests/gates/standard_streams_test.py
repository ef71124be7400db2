# SPDX-License-Identifier: Apache-2.0
"""Standard streams that are closed, full or gone end a command with its exit code, never by an abort,
and no file takes their place; help, results and JSON alike."""

import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

TINYMF = os.environ["TINYMF"]
PASSED, USAGE, LINK = 0, 2, 4

GOOD = """schema = 1
[model]
steps = 20
[network]
neurons = 16
"""


class StandardStreams(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)
        (self.folder / "good.toml").write_text(GOOD)

    def shell(self, line):
        """The redirections are the shell's: a closed descriptor is closed when tinymf starts."""
        return subprocess.run(["bash", "-c", line.replace("tinymf", TINYMF)], cwd=self.folder,
                              stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=60)

    def test_a_result_that_cannot_be_written_is_exit_4_and_said(self):
        for words in ("--help", "--version", "emulate --help", "help plan", "boards", "boards --json",
                      "emulate good.toml -o run.tmf", "emulate good.toml -o run.tmf --json",
                      "theory good.toml --json"):
            for target in (">/dev/full", ">&-"):
                run = self.shell(f"tinymf {words} {target}")
                self.assertEqual(run.returncode, LINK, (words, target, run.stderr))
                self.assertRegex(run.stderr, rb"^tinymf: standard output cannot be written: [^\n]+\n$")

    def test_a_reader_that_leaves_is_exit_4(self):
        run = self.shell("{ tinymf boards; echo $? >&2; } | true")
        self.assertRegex(run.stderr, rb"(^|\n)(0|4)\n$")  # 0: the pipe took it all first
        run = self.shell("{ sleep 0.3; tinymf boards; echo $? >&2; } | true")
        self.assertRegex(run.stderr, rb"Broken pipe\n4\n$")

    def test_a_message_that_cannot_be_written_keeps_its_exit_code(self):
        for target in ("2>/dev/full", "2>&-", ">/dev/full 2>/dev/full", ">&- 2>&- <&-"):
            self.assertEqual(self.shell(f"tinymf verify none.tmf {target}").returncode, USAGE, target)
            self.assertEqual(self.shell(f"tinymf bards {target}").returncode, USAGE, target)
            self.assertEqual(self.shell(f"tinymf {target}").returncode, USAGE, target)

    def test_closed_streams_are_not_taken_by_files(self):
        whole = self.shell("tinymf emulate good.toml -o whole.tmf")
        self.assertEqual(whole.returncode, PASSED, whole.stderr)
        for target in (">&-", "2>&-", "<&-", "<&- >&- 2>&-"):
            run = self.shell(f"tinymf emulate good.toml -o run.tmf {target}")
            self.assertEqual(run.returncode, LINK if ">&-" in target.replace("2>&-", "") else PASSED)
            self.assertEqual((self.folder / "run.tmf").read_bytes(), (self.folder / "whole.tmf").read_bytes())

    def test_json_is_json_whatever_a_file_is_called(self):
        name = b"r\xffn\x1b[2J\xc2\x9b.tmf"
        run = subprocess.run([TINYMF, "emulate", "good.toml", "-o", name, "--json"], cwd=self.folder,
                             capture_output=True, check=False)
        self.assertEqual((run.returncode, run.stderr), (PASSED, b""))
        self.assertTrue(all(32 <= byte < 127 or byte == 10 for byte in run.stdout), run.stdout)
        self.assertEqual(json.loads(run.stdout)["end"], "completed")
        for words in (["verify"], ["compare"], ["compare", "--json"], ["verify", "--json"]):
            run = subprocess.run([TINYMF, words[0], name, *words[1:]], cwd=self.folder,
                                 capture_output=True, check=False)
            self.assertEqual((run.returncode, run.stderr), (PASSED, b""), words)
            self.assertTrue(all(byte >= 32 and byte != 127 or byte == 10 for byte in run.stdout), run.stdout)
            self.assertNotIn("\x9b", run.stdout.decode())
        json.loads(run.stdout)


if __name__ == "__main__":
    unittest.main()
