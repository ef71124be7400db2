#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every command of the README and of the pages in docs/ runs, in the order a reader meets it.

`toolchain/dev` lines are checked to be verbs with existing boards and presets; demo and test
themselves are run by tests/emulator/demo_test.sh and by .ci/run.
"""
import os
import pathlib
import re
import shlex
import subprocess
import tempfile
import unittest

from page_files import blocks, write_files

SOURCE = pathlib.Path(os.environ["TINYMF_SOURCE_DIR"])
BUILD = pathlib.Path(os.environ["TINYMF_BINARY_DIR"])
PAGES = [SOURCE / "README.md", *sorted((SOURCE / "docs").glob("*.md"))]
LIMIT_S = 300


def commands(page):
    lines = "".join(blocks(page, "sh")).splitlines()
    return [line.split("#")[0].strip() for line in lines if line.split("#")[0].strip()]


class Pages(unittest.TestCase):
    def setUp(self):
        self.scratch = tempfile.TemporaryDirectory()
        self.addCleanup(self.scratch.cleanup)
        root = pathlib.Path(self.scratch.name)
        (root / "out").mkdir()
        (root / "build").mkdir()
        for tree in BUILD.parent.iterdir():
            (root / "build" / tree.name).symlink_to(tree)
        (root / "build/host").unlink(missing_ok=True)
        (root / "build/host").symlink_to(BUILD)
        for folder in ("host_tools", "firmware", "docs"):
            (root / folder).symlink_to(SOURCE / folder)
        (root / "tinymf").symlink_to(SOURCE)
        for page in PAGES:
            write_files(page, root)

    def check_dev(self, line):
        verb, *arguments = shlex.split(line)[1:]
        known = subprocess.run([SOURCE / "toolchain/dev", "help"], check=True, text=True,
                               stdout=subprocess.PIPE).stdout
        self.assertRegex(known, rf"(?m)^  {verb}\b", line)
        presets = (SOURCE / "CMakePresets.json").read_text()
        for argument in arguments:
            if not argument.isupper():
                self.assertIn(f'"{argument}"', presets, line)

    def test_every_command_runs(self):
        run = 0
        for page in PAGES:
            for line in commands(page):
                with self.subTest(page=page.name, command=line):
                    if line.startswith("toolchain/dev"):
                        self.check_dev(line)
                        continue
                    result = subprocess.run(line, shell=True, cwd=self.scratch.name, text=True,
                                            timeout=LIMIT_S, stdin=subprocess.DEVNULL,
                                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
                    self.assertEqual(result.returncode, 0, result.stdout)
                    run += 1
        print(f"{run} commands ran, from {len(PAGES)} pages")
        self.assertGreaterEqual(run, 10)

    def test_the_library_page_is_the_tested_code(self):
        page = blocks(SOURCE / "docs/library.md", "cpp")[0]
        test = (SOURCE / "tests/unit/library_page_test.cpp").read_text()
        self.assertEqual(page, re.search(r"// page begins\n(.*)// page ends", test, re.S).group(1))


if __name__ == "__main__":
    unittest.main()
