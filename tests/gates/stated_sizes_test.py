#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A size that is stated wrongly of a board's model stops the build and names the right one."""
import pathlib
import re
import subprocess
import tempfile
import unittest

from project_sources import ROOT


MODELS = "profiles/cortex_m.hpp"


def build_complaints(models):
    """The board compiler's words about a board's list of models, of which MODELS says this."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / MODELS).parent.mkdir()
        (folder / MODELS).write_text(models)
        return subprocess.run(
            ["arm-none-eabi-g++", "-std=c++20", "-fsyntax-only", "-mcpu=cortex-m0", "-mthumb",
             "-ffreestanding", "-I", folder, "-I", ROOT / "firmware", "-I",
             ROOT / "sim_core/include", "-isystem", "/usr/include/eigen3", "-x", "c++", "-"],
            input='#include "boards/microbit/profiles.hpp"\n', capture_output=True,
            text=True).stderr


class StatedSizes(unittest.TestCase):
    def test_a_size_stated_wrongly_stops_the_build(self):
        models = (ROOT / "firmware" / MODELS).read_text()
        self.assertEqual(build_complaints(models), "")
        right = re.search(r"using Sign64 = Sized<.*, (\d+)>", models).group(1)
        wrong = str(int(right) + 4)
        complaints = build_complaints(models.replace(right, wrong, 1))
        self.assertIn(f"'({wrong} == {right})'", complaints)


if __name__ == "__main__":
    unittest.main()
