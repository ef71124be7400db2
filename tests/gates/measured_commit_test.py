# SPDX-License-Identifier: Apache-2.0
"""Figures are of a commit when nothing but their own table differs from it."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from project_sources import ROOT

SCRIPT = "toolchain/measured_commit.py"
TABLE, SOURCE = "tests/scan/RESULTS.md", "sim_core/step.hpp"


class MeasuredCommit(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        for name in (SCRIPT, TABLE, SOURCE):
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / name).write_text("first\n")
        shutil.copy(ROOT / SCRIPT, self.folder / SCRIPT)

    def git(self, *words):
        return subprocess.run(
            ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", *words], cwd=self.folder,
            check=True, capture_output=True, text=True).stdout.strip()

    def committed(self):
        self.git("init", "-q")
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "first")
        return self.git("rev-parse", "HEAD")[:12]

    def said(self, **environment):
        """Started elsewhere, as by a test."""
        done = subprocess.run([self.folder / SCRIPT, TABLE], cwd="/", check=True,
                              capture_output=True, text=True, env={**os.environ, **environment})
        return done.stdout.removesuffix("\n")

    def test_a_clean_tree_is_its_commit(self):
        commit = self.committed()
        self.assertEqual(self.said(), commit)

    def test_the_table_itself_does_not_count(self):
        commit = self.committed()
        (self.folder / TABLE).write_text("another row\n")
        self.assertEqual(self.said(), commit)
        self.git("add", TABLE)
        self.assertEqual(self.said(), commit)

    def test_any_other_change_does(self):
        commit = self.committed()
        (self.folder / SOURCE).write_text("changed\n")
        self.assertEqual(self.said(), f"{commit}-dirty")
        self.git("add", SOURCE)
        self.assertEqual(self.said(), f"{commit}-dirty")

    def test_so_does_a_file_of_the_table_s_name_elsewhere(self):
        (self.folder / "RESULTS.md").write_text("first\n")
        commit = self.committed()
        (self.folder / "RESULTS.md").write_text("changed\n")
        self.assertEqual(self.said(), f"{commit}-dirty")

    def test_files_that_git_does_not_know_do_not_count(self):
        commit = self.committed()
        (self.folder / "notes.txt").write_text("mine\n")
        self.assertEqual(self.said(), commit)

    def test_sources_without_a_repository_have_no_commit(self):
        self.assertEqual(self.said(), "unversioned")

    def test_nor_have_those_that_lie_in_another_repository(self):
        self.committed()
        inner = self.folder / "unpacked"
        (inner / "toolchain").mkdir(parents=True)
        shutil.copy(ROOT / SCRIPT, inner / SCRIPT)
        done = subprocess.run([inner / SCRIPT, TABLE], check=True, capture_output=True, text=True)
        self.assertEqual(done.stdout, "unversioned\n")

    def test_the_repository_of_a_hook_is_not_asked(self):
        self.assertEqual(self.said(GIT_DIR=str(ROOT / ".git")), "unversioned")
        commit = self.committed()
        self.assertEqual(self.said(GIT_DIR=str(ROOT / ".git")), commit)


if __name__ == "__main__":
    unittest.main()
