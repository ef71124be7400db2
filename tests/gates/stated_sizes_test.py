#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A size that a board's profiles.hpp states wrongly stops the build and names the right one."""
import re
import subprocess
import unittest

from project_sources import ROOT


def build_complaints(profiles):
    """The board compiler's words about a list of profiles."""
    return subprocess.run(
        ["arm-none-eabi-g++", "-std=c++20", "-fsyntax-only", "-mcpu=cortex-m0", "-mthumb",
         "-ffreestanding", "-I", ROOT / "firmware", "-I", ROOT / "sim_core/include",
         "-isystem", "/usr/include/eigen3", "-x", "c++", "-"],
        input=profiles.replace("#pragma once", ""), capture_output=True, text=True).stderr


class StatedSizes(unittest.TestCase):
    def test_a_size_stated_wrongly_stops_the_build(self):
        profiles = (ROOT / "firmware/boards/microbit/profiles.hpp").read_text()
        self.assertEqual(build_complaints(profiles), "")
        right = re.search(r"Sized<.*, (\d+)>", profiles).group(1)
        wrong = str(int(right) + 4)
        complaints = build_complaints(profiles.replace(right, wrong, 1))
        self.assertIn(f"'({wrong} == {right})'", complaints)


if __name__ == "__main__":
    unittest.main()
