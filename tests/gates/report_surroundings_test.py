# SPDX-License-Identifier: Apache-2.0
"""Pages are drawn the same whatever surrounds them: TMPDIR, the user's gnuplot settings, names that a
shell would take for commands; and what goes wrong in gnuplot is said, and leaves nothing behind."""

import os
import signal
import subprocess
import tempfile
import time
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


class ReportSurroundings(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)
        (self.folder / "good.toml").write_text(GOOD)
        self.assertEqual(self.tinymf("emulate", "good.toml", "-o", "run.tmf").returncode, PASSED)

    def tinymf(self, *words, **environment):
        return subprocess.run([TINYMF, *words], cwd=self.folder, capture_output=True, check=False, timeout=300,
                              env={**os.environ, **environment})

    def page(self, name="page.html", **environment):
        run = self.tinymf("report", "run.tmf", "-o", name, **environment)
        self.assertEqual((run.returncode, run.stderr), (PASSED, b""), environment)
        return (self.folder / name).read_bytes()

    def fake_gnuplot(self, script):
        folder = self.folder / "programs"
        folder.mkdir(exist_ok=True)
        program = folder / "gnuplot"
        program.write_text("#!/bin/sh\n" + script)
        program.chmod(0o755)
        return f"{folder}:{os.environ['PATH']}"

    def test_the_folder_for_temporary_files_does_not_matter(self):
        page = self.page()
        odd = self.folder / "it's \"odd\" $(touch pwned); touch pwned"
        odd.mkdir()
        shut = self.folder / "shut"
        shut.mkdir(mode=0o500)
        for folder in (odd, shut, self.folder / "none", "", "/dev/null"):
            self.assertEqual(self.page(TMPDIR=str(folder)), page, folder)
        self.assertEqual(list(odd.iterdir()), [])
        self.assertEqual(list(self.folder.rglob("pwned")), [])

    def test_names_are_no_commands(self):
        page = self.page()
        name = "$(touch pwned)';touch pwned;'`touch pwned` \".html"
        self.assertEqual(self.page(name), page)
        self.assertEqual(list(self.folder.rglob("pwned")), [])

    def test_settings_of_the_user_do_not_reach_the_drawings(self):
        page = self.page()
        home = self.folder / "home"
        (home / ".config" / "gnuplot").mkdir(parents=True)
        for file in (home / ".gnuplot", home / ".config" / "gnuplot" / "gnuplotrc", self.folder / ".gnuplot"):
            file.write_text("set title 'intruder'\nset terminal dumb\nexit status 7\n")
        self.assertEqual(self.page(HOME=str(home), GNUTERM="dumb", GNUPLOT_LIB=str(home), LC_ALL="de_DE.UTF-8",
                                   XDG_CONFIG_HOME=str(home / ".config")), page)

    def test_gnuplots_reason_is_said_and_escaped(self):
        path = self.fake_gnuplot("cat > /dev/null; printf '\\n  line 3: the \\033[31mreason\\n\\n' >&2; exit 1\n")
        run = self.tinymf("report", "run.tmf", "-o", "page.html", PATH=path)
        self.assertEqual(run.returncode, USAGE)
        self.assertRegex(run.stderr, rb"^gnuplot failed on the plot [\w-]+: line 3: the \\x1b\[31mreason\n$")
        self.assertFalse((self.folder / "page.html").exists())
        run = self.tinymf("report", "run.tmf", "-o", "page.html", PATH=self.fake_gnuplot("exit 1\n"))
        self.assertRegex(run.stderr, rb"^gnuplot failed on the plot [\w-]+: without a word\n$")
        run = self.tinymf("report", "run.tmf", "-o", "page.html", PATH=str(self.folder))
        self.assertEqual(run.stderr, b"gnuplot is not installed; on Debian: apt-get install gnuplot-nox\n")

    def test_a_killed_report_leaves_no_file_and_no_process(self):
        pids = self.folder / "pids"
        path = self.fake_gnuplot(f"echo $$ >> '{pids}'; exec sleep 1000\n")
        temporary = self.folder / "temporary"
        temporary.mkdir()
        for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGINT):
            pids.write_text("")
            before = sorted(self.folder.rglob("*"))
            report = subprocess.Popen([TINYMF, "report", "run.tmf", "-o", "page.html"], cwd=self.folder,
                                      env={**os.environ, "PATH": path, "TMPDIR": str(temporary)})
            deadline = time.monotonic() + 60
            while not pids.read_text().endswith("\n"):
                self.assertLess(time.monotonic(), deadline)
                time.sleep(0.02)
            report.send_signal(number)
            report.wait()
            child = Path("/proc", pids.read_text().strip())
            while child.exists() and "\nState:\tZ" not in (child / "status").read_text():
                self.assertLess(time.monotonic(), deadline, "gnuplot stays behind")
                time.sleep(0.02)
            self.assertEqual(sorted(self.folder.rglob("*")), before)


if __name__ == "__main__":
    unittest.main()
