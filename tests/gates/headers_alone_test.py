# SPDX-License-Identifier: Apache-2.0
"""Each public header compiles as the first include of a file, with stricter warnings than usual."""

import concurrent.futures
import os
import pathlib
import subprocess
import tempfile
import unittest

from project_sources import ROOT, flags_named, tracked_files

INCLUDE = ROOT / "sim_core/include"
COMMAND = ["g++", "-std=c++20", "-fsyntax-only", "-Wpedantic", "-Wshadow", "-Wfloat-equal",
           *flags_named("TINYMF_ARITHMETIC_FLAGS"), *flags_named("TINYMF_WARNINGS"),
           "-I", str(INCLUDE), "-isystem", "/usr/include/eigen3", "-x", "c++", "-"]


def complaint(first_include: str) -> str:
    """The compiler's words about a file that includes the header twice and nothing else."""
    source = f'#include "{first_include}"\n' * 2
    return subprocess.run(COMMAND, input=source, capture_output=True, text=True).stderr


class HeadersAlone(unittest.TestCase):
    def test_every_header_of_sim_core(self):
        headers = [str(path.relative_to(INCLUDE)) for path in tracked_files("sim_core/*.hpp")]
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            for header, words in zip(headers, pool.map(complaint, headers)):
                with self.subTest(header=header):
                    self.assertEqual(words, "")


class TheCheckItself(unittest.TestCase):
    def complaint_about(self, text: str) -> str:
        with tempfile.TemporaryDirectory() as folder:
            header = pathlib.Path(folder) / "offender.hpp"
            header.write_text(text)
            return complaint(str(header))

    def test_accepts_a_good_header(self):
        self.assertEqual(self.complaint_about("#pragma once\nstruct Good {};\n"), "")

    def test_finds_a_missing_include(self):
        self.assertIn("uint32_t", self.complaint_about("#pragma once\nstd::uint32_t f();\n"))

    def test_finds_a_missing_include_guard(self):
        self.assertIn("redefinition", self.complaint_about("struct Twice {};\n"))


if __name__ == "__main__":
    unittest.main()
